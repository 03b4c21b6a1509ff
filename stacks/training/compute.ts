import type { Construct } from "constructs";
import { RUNTIME, TrainingMachines } from "../../modules/training/training-machines";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { TrainingJobsStack } from "./jobs";
import type { TrainingNetworkStack } from "./network";
import type { TrainingSettings } from "./settings";
import type { TrainingStorageStack } from "./storage";

export interface TrainingLayers {
  readonly network: TrainingNetworkStack;
  readonly storage: TrainingStorageStack;
  readonly jobs: TrainingJobsStack;
}

/** The machines: role, launch template and scaling group, and what people need who submit jobs. */
export class TrainingComputeStack extends BaseStack {
  readonly machines: TrainingMachines;

  constructor(scope: Construct, environment: BaseSettings, layers: TrainingLayers, settings: TrainingSettings) {
    const { network, networkPlace, machines } = layers.network;
    super(scope, environment, {
      system: "training",
      layer: "compute",
      description: "Spot machines that run the jobs, from none up and back",
      places: {
        machines: {
          "": "training.machines",
          name: "name",
          environment: "name",
          region: "region",
          stackTags: "tags",
          subnetIds: networkPlace,
          packages: "training.builds.packages",
          pythonVersion: "training.builds.pythonVersion",
        },
      },
    });
    const { queues, registry, interruption } = layers.jobs;
    const { packages, pythonVersion } = settings.builds;
    const { files, alerts } = layers.storage;
    this.machines = new TrainingMachines(this, "machines", {
      ...settings.machines,
      name: `${environment.name}-training`,
      environment: environment.name,
      region: environment.region,
      subnetIds: network.privateSubnetIds,
      securityGroupId: machines.securityGroupId,
      files,
      queues,
      registry,
      topicArn: interruption.topicArn,
      pythonVersion,
      packages: [RUNTIME, ...Object.keys(packages).sort()],
      alarmTopicArns: alerts && [alerts.arn],
      stackTags: { ...this.tags },
    });
    const { fleet, roleArn, instanceProfileName, logGroupName, parameterName, clientPolicyArn } = this.machines;
    this.publish({
      auto_scaling_group_name: fleet.autoScalingGroupName,
      launch_template_id: fleet.launchTemplateId,
      instance_role_arn: roleArn,
      instance_profile_name: instanceProfileName,
      log_group_name: logGroupName,
      config_parameter_name: parameterName,
      client_policy_arn: clientPolicyArn,
      train_command: `AWS_REGION=${environment.region} train --environment ${environment.name} list`,
    });
  }
}
