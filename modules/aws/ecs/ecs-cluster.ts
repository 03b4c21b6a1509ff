import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster as AwsEcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { parseProps } from "../../common/settings/props";
import { logRetentionSchema } from "../cloudwatch/log-retention";

/** What a user chooses of a cluster, whatever system it belongs to. */
export const ecsClusterShape = {
  /**
   * Metrics of Container Insights, paid by the metric: `disabled`, `enabled` for those of services and tasks, among them
   * how many tasks run, or `enhanced` for those of each container too.
   */
  containerInsights: z.enum(["disabled", "enabled", "enhanced"]).default("disabled"),
  /** Days that the containers' logs stay, one of the periods that CloudWatch Logs knows; 7 by default. */
  logRetentionDays: logRetentionSchema.default(7),
  /** KMS key that encrypts the logs, usable by CloudWatch Logs; the service's own key when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Whether what people type and see in a container by ECS Exec is written to the cluster's log group, for audits. */
  logSessions: z.boolean().default(false),
};

const schema = z.strictObject({
  /** Name of the cluster, and of its log group behind `/ecs/`: 1 to 255 letters, digits, hyphens and underscores, a letter first. */
  name: z
    .string()
    .max(255) // Source: ECS API reference, CreateCluster
    .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "must have letters, digits, hyphens and underscores only, a letter first"),
  ...ecsClusterShape,
});
export type EcsClusterProps = z.input<typeof schema>;

/** Cluster of Fargate tasks, on demand or Spot, with one log group for all of them. */
export class EcsCluster extends Construct {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly containerInsights: "disabled" | "enabled" | "enhanced";
  readonly logGroupName: string;
  readonly logGroupArn: string;
  /** Log group that sessions of ECS Exec are written to, if they are: a task that opens one must be allowed to. */
  readonly sessionLogGroupArn: string | undefined;
  /** What a service waits for, so that it finds Fargate and Fargate Spot. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EcsClusterProps) {
    super(scope, id);
    const { name, containerInsights, logRetentionDays, kmsKeyArn, logSessions } = parseProps(this, schema, props);

    const logs = new CloudwatchLogGroup(this, "log-group", {
      name: `/ecs/${name}`,
      retentionInDays: logRetentionDays,
      kmsKeyId: kmsKeyArn,
    });
    const cluster = new AwsEcsCluster(this, "cluster", {
      name,
      setting: [{ name: "containerInsights", value: containerInsights }],
      ...(logSessions && {
        configuration: {
          executeCommandConfiguration: {
            logging: "OVERRIDE",
            logConfiguration: {
              cloudWatchLogGroupName: logs.name,
              ...(kmsKeyArn && { cloudWatchEncryptionEnabled: true }),
            },
          },
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
