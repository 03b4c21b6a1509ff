import { EcsCluster as AwsEcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { parseProps } from "../../common/settings/props";
import { LogGroup, logGroupShape } from "../cloudwatch/log-group";

/** Settings of an ECS cluster. */
export const ecsClusterShape = {
  /**
   * Container Insights, billed per metric: `disabled`, `enabled` for metrics of services and tasks, including the number of
   * running tasks, or `enhanced` for metrics of each container too.
   */
  containerInsights: z.enum(["disabled", "enabled", "enhanced"]).default("disabled"),
  ...logGroupShape(7),
  /**
   * KMS key that encrypts the tasks' disks, in the cluster's region; Fargate's own key when absent. The key's policy must let
   * the service Fargate (fargate.amazonaws.com) use it: kms:GenerateDataKeyWithoutPlaintext and kms:CreateGrant, for the
   * encryption context of this cluster. Running tasks keep their disks. Source: ECS Developer Guide, "Customer managed keys
   * for AWS Fargate ephemeral storage".
   */
  diskKmsKeyArn: kmsKeyArnSchema.optional(),
  /** Log ECS Exec sessions to the cluster's log group. */
  logSessions: z.boolean().default(false),
};

const schema = z.strictObject({
  /** Name of the cluster and of its log group `/ecs/<name>`: 1 to 255 letters, digits, hyphens and underscores, a letter first. */
  name: z
    .string()
    .max(255) // Source: ECS API reference, CreateCluster
    .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "must have letters, digits, hyphens and underscores only, a letter first"),
  ...ecsClusterShape,
});
export type EcsClusterProps = z.input<typeof schema>;

/** ECS cluster for Fargate and Fargate Spot tasks, with one log group for all of them. */
export class EcsCluster extends Construct {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly containerInsights: "disabled" | "enabled" | "enhanced";
  readonly logGroupName: string;
  readonly logGroupArn: string;
  /** Log group of ECS Exec sessions, which the task role must be allowed to write to; undefined when they are not logged. */
  readonly sessionLogGroupArn: string | undefined;
  /** What a service must wait for: the capacity providers. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EcsClusterProps) {
    super(scope, id);
    const { name, containerInsights, diskKmsKeyArn, logSessions, ...logSettings } = parseProps(this, schema, props);

    const logs = new LogGroup(this, "log-group", { name: `/ecs/${name}`, ...logSettings });
    const cluster = new AwsEcsCluster(this, "cluster", {
      name,
      setting: [{ name: "containerInsights", value: containerInsights }],
      ...((logSessions || diskKmsKeyArn) && {
        configuration: {
          ...(logSessions && {
            executeCommandConfiguration: {
              logging: "OVERRIDE",
              logConfiguration: {
                cloudWatchLogGroupName: logs.name,
                ...(logSettings.logKmsKeyArn && { cloudWatchEncryptionEnabled: true }),
              },
            },
          }),
          ...(diskKmsKeyArn && { managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: diskKmsKeyArn } }),
        },
      }),
    });
    const providers = new EcsClusterCapacityProviders(this, "capacity-providers", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    });

    this.clusterName = cluster.name;
    this.clusterArn = cluster.arn;
    this.containerInsights = containerInsights;
    this.logGroupName = logs.name;
    this.logGroupArn = logs.arn;
    this.sessionLogGroupArn = logSessions ? logs.arn : undefined;
    this.ready = [providers];
  }
}
