import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { currentRegion } from "../../common/current-region";
import { targetGroupArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { orToken, parseProps, reference, requiredString } from "../../common/settings/props";
import { allowedFromSchema } from "../ec2/ingress-security-group";
import { DiscoveryService, discoveryShape } from "./discovery-service";
import { checkServiceAlarms, ServiceAlarms, serviceAlarmsShape } from "./service-alarms";
import { checkServiceDeployment, deployment, serviceDeploymentShape } from "./service-deployment";
import { ServiceRoles, serviceRolesShape } from "./service-roles";
import { checkServiceScaling, ServiceScaling, serviceScalingShape } from "./service-scaling";
import { checkAllowedFrom, ServiceSecurityGroup, serviceNameSchema } from "./service-security-group";
import { checkTaskDefinition, TaskDefinition, taskDefinitionShape } from "./task-definition";

/** Cluster of a service; `EcsCluster` is one. */
export interface ServiceCluster {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly containerInsights: "disabled" | "enabled" | "enhanced";
  readonly logGroupName: string;
  /** Log group of ECS Exec sessions, if they are logged. */
  readonly sessionLogGroupArn?: string;
  /** The capacity providers of the cluster. */
  readonly ready?: ITerraformDependable[];
}

export const serviceClusterSchema = reference<ServiceCluster>(
  "an EcsCluster",
  "clusterName",
  "clusterArn",
  "containerInsights",
  "logGroupName",
);

/** Existing security group of the tasks; `ServiceSecurityGroup` is one. */
export interface TaskSecurityGroup {
  readonly securityGroupId: string;
  readonly ready?: ITerraformDependable[];
}

const schema = z
  .strictObject({
    /** Name of the service and its task definitions, and prefix of other names: 1 to 100 letters, digits, hyphens and underscores. */
    name: serviceNameSchema,
    /** ECS cluster. */
    cluster: serviceClusterSchema,
    /** VPC of the subnets; leave out with `securityGroup`, which has one. */
    vpcId: requiredString.optional(),
    /** Private subnets, 1 to 16. Tasks get no public address: they pull the image through a NAT or VPC endpoints. */
    subnetIds: orToken(
      z
        .array(requiredString)
        .min(1)
        .max(16) // Source: ECS API reference, AwsVpcConfiguration
        .refine(areDistinct, "must not name a subnet twice"),
    ),
    /** Clients of the container's port, by a short name of your choice. */
    allowedFrom: allowedFromSchema,
    /** Existing security group for the tasks, with its own rules; created when absent. */
    securityGroup: reference<TaskSecurityGroup>("a ServiceSecurityGroup", "securityGroupId").optional(),
    /** Private DNS name of the tasks; none when absent. */
    discovery: z.strictObject(discoveryShape).optional(),
    /** Target group, of type `ip`, for the container's port; none when absent. Its load balancer must be in `allowedFrom`. */
    targetGroupArn: targetGroupArnSchema.optional(),
    /** Seconds, 0 to 86400, before failed checks of the load balancer and the container count; none when absent. */
    healthCheckGracePeriodSeconds: z.int().min(0).max(86_400).optional(),
    /** What must exist before the first task starts, such as a load balancer's listener. */
    dependsOn: z.array(reference<ITerraformDependable>("a resource", "fqn")).default([]),
    ...taskDefinitionShape,
    ...serviceRolesShape,
    ...serviceScalingShape,
    ...serviceDeploymentShape,
    ...serviceAlarmsShape,
  })
  .superRefine((settings, ctx) => {
    const { container, vpcId, securityGroup, allowedFrom } = settings;
    checkTaskDefinition(settings, ctx);
    checkServiceScaling(settings, ctx);
    checkServiceAlarms(settings, ctx);
    checkServiceDeployment(settings, ctx);
    checkAllowedFrom({ port: container.port, allowedFrom }, ctx, "container.port");
    if (!securityGroup && vpcId === undefined) refuse(ctx, "vpcId", "is required without securityGroup, got nothing");
    if (securityGroup && vpcId !== undefined) {
      refuse(ctx, "vpcId", "must be left out with securityGroup, which has a VPC, got both");
    }
    if (securityGroup && Object.keys(allowedFrom).length > 0) {
      refuse(ctx, "allowedFrom", "must be left out with securityGroup, which has rules of its own, got both");
    }
    if (settings.targetGroupArn !== undefined && container.port === undefined) {
      refuse(ctx, "targetGroupArn", "must be left out without container.port, got one");
    }
    if (
      settings.healthCheckGracePeriodSeconds !== undefined &&
      settings.targetGroupArn === undefined &&
      !container.healthCheck
    ) {
      const got = settings.healthCheckGracePeriodSeconds;
      refuse(ctx, "healthCheckGracePeriodSeconds", `must be left out without a health check, got ${got}`);
    }
  });
export type FargateServiceProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

/** ECS service on Fargate with roles, security group, logs, secrets, DNS name, autoscaling and alarms. */
export class FargateService extends Construct {
  readonly serviceName: string;
  readonly serviceArn: string;
  readonly taskDefinitionArn: string;
  readonly family: string;
  readonly containerName: string;
  readonly securityGroupId: string;
  readonly taskRoleArn: string;
  readonly taskRoleName: string;
  readonly executionRoleArn: string;
  /** Private DNS name; undefined without `discovery`. */
  readonly dnsName: string | undefined;
  /** Undefined without `alarms`. */
  readonly alarms: ServiceAlarms | undefined;

  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, cluster, container, vpcId = "" } = settings;

    const group: TaskSecurityGroup =
      settings.securityGroup ??
      new ServiceSecurityGroup(this, "access", {
        name,
        vpcId,
        port: container.port,
        allowedFrom: settings.allowedFrom,
      });
    const region = currentRegion(this);
    const { sessionLogGroupArn, logGroupName } = cluster;
    const roles = new ServiceRoles(this, "roles", { name, region, settings, sessionLogGroupArn });
    const { executionRoleArn, taskRoleArn } = roles;
    const task = new TaskDefinition(this, "task", {
      name,
      region,
      executionRoleArn,
      taskRoleArn,
      logGroupName,
      settings,
    });
    const found = settings.discovery && new DiscoveryService(this, "discovery", settings.discovery);
    const service = this.makeService(settings, group, task, found?.registryArn, roles.ready);

    const { clusterName } = cluster;
    const { autoscaling, alarms } = settings;
    const named = { name, clusterName, serviceName: service.name };
    if (autoscaling) new ServiceScaling(this, "scaling", { ...named, settings: autoscaling });
    this.alarms = alarms && new ServiceAlarms(this, "alarms", { ...named, settings: alarms });

    this.serviceName = service.name;
    this.serviceArn = service.id;
    this.taskDefinitionArn = task.taskDefinitionArn;
    this.family = task.family;
    this.containerName = task.containerName;
    this.securityGroupId = group.securityGroupId;
    this.taskRoleArn = taskRoleArn;
    this.taskRoleName = roles.taskRoleName;
    this.executionRoleArn = executionRoleArn;
    this.dnsName = found?.dnsName;
  }

  private makeService(
    settings: Settings,
    group: TaskSecurityGroup,
    task: TaskDefinition,
    registryArn: string | undefined,
    ready: ITerraformDependable[],
  ): EcsService {
    const { cluster, container, targetGroupArn } = settings;
    return new EcsService(this, "service", {
      name: settings.name,
      cluster: cluster.clusterArn,
      taskDefinition: task.taskDefinitionArn,
      desiredCount: settings.desiredCount,
      ...deployment(settings),
      networkConfiguration: {
        subnets: settings.subnetIds,
        securityGroups: [group.securityGroupId],
        assignPublicIp: false,
      },
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      ...(settings.executeCommand && { enableExecuteCommand: true }),
      healthCheckGracePeriodSeconds: settings.healthCheckGracePeriodSeconds,
      ...(registryArn && { serviceRegistries: { registryArn } }),
      ...(targetGroupArn &&
        container.port && {
          loadBalancer: [{ targetGroupArn, containerName: task.containerName, containerPort: container.port }],
        }),
      ...(settings.autoscaling && { lifecycle: { ignoreChanges: ["desired_count"] } }),
      dependsOn: [
        ...ready,
        ...(group.ready ?? []),
        ...(cluster.ready ?? []),
        ...settings.volumes.flatMap(({ files }) => files?.ready ?? []),
        ...settings.dependsOn,
      ],
    });
  }
}
