import { join } from "node:path";
import type { Construct } from "constructs";
import { AlertTopic } from "../../modules/aws/cloudwatch/alert-topic";
import { SharedFiles } from "../../modules/aws/storage/shared-files";
import { onePerZone } from "../../modules/common/zones";
import { PackageBuilds } from "../../modules/training/package-builds";
import { RUNTIME } from "../../modules/training/training-machines";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { TrainingNetworkStack } from "./network";
import { architectureOf, type TrainingSettings } from "./settings";

const RUNTIME_FOLDER = join(__dirname, "..", "..", "assets", "training");

/** Shared files, the packages that are built onto them, and the topic of the system's alarms. */
export class TrainingStorageStack extends BaseStack {
  readonly files: SharedFiles;
  readonly builds: PackageBuilds;
  /** Undefined without alarms. */
  readonly alerts: AlertTopic | undefined;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    layers: { network: TrainingNetworkStack },
    settings: TrainingSettings,
  ) {
    const { network, networkPlace, machines, builds } = layers.network;
    super(scope, environment, {
      system: "training",
      layer: "storage",
      description: "Shared files of packages, data sets and checkpoints, and the builds of packages",
      places: {
        files: { "": "training.files", name: "name", vpcId: networkPlace, subnetIds: networkPlace },
        builds: { "": "training.builds", name: "name", vpcId: networkPlace, subnetIds: networkPlace },
        alerts: { "": "training", emails: "training.alertEmails" },
      },
    });
    const name = `${environment.name}-training`;
    this.alerts = settings.alarms
      ? new AlertTopic(this, "alerts", { prefix: name, emails: settings.alertEmails })
      : undefined;
    this.files = new SharedFiles(this, "files", {
      ...settings.files,
      name,
      vpcId: network.vpcId,
      subnetIds: onePerZone(network, network.privateSubnetIds),
      clientSecurityGroupIds: { builds: builds.securityGroupId, machines: machines.securityGroupId },
      accessPoints: { checkpoints: "/checkpoints", training: "/training" },
    });
    const { packages, supplementaryPackages, codebuild, ...own } = settings.builds;
    this.builds = new PackageBuilds(this, "builds", {
      ...own,
      packages: { ...packages, [RUNTIME]: RUNTIME_FOLDER },
      // trainers may use it, too
      supplementaryPackages: { ...supplementaryPackages, [RUNTIME]: RUNTIME_FOLDER },
      codebuild: { ...codebuild, ...(this.alerts && { alertTopicArn: this.alerts.arn }) },
      name,
      environment: environment.name,
      architecture: architectureOf(settings.machines.instanceTypes),
      files: this.files,
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      securityGroupId: builds.securityGroupId,
    });
    this.publish({
      file_system_id: this.files.fileSystemId,
      file_system_dns_name: this.files.dnsName,
      file_system_security_group_id: this.files.securityGroupId,
      training_access_point_id: this.files.accessPoint("training").id,
      checkpoints_access_point_id: this.files.accessPoint("checkpoints").id,
      artifact_bucket_name: this.builds.bucket.bucketName,
      build_project_names: Object.fromEntries(
        Object.entries(this.builds.builds).map(([key, { projectName }]) => [key, projectName]),
      ),
      packages: Object.keys(this.builds.builds),
    });
  }
}
