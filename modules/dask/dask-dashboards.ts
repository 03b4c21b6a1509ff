import { join } from "node:path";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { Construct } from "constructs";
import { z } from "zod";
import { LambdaFunction, lambdaFunctionShape } from "../aws/lambda/lambda-function";
import { areDistinct, sortedEntries } from "../common/collections";
import { currentRegion } from "../common/current-region";
import { targetGroupArnSchema } from "../common/settings/arns";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps, reference } from "../common/settings/props";
import { SCHEDULER_PORTS } from "./dask-security-group";

const PROGRAM = join(__dirname, "..", "..", "assets", "dask", "dashboards", "registrar.py");
/** Container of a scheduler. Source: dask-cloudprovider 2025.9.0. */
const SCHEDULER = "dask-scheduler";

/** Prefix of the names of Dask clusters, `name` of `FargateCluster`. */
export const clusterPrefixSchema = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_-]*$/, "must have letters, digits, hyphens and underscores only");

const schema = z.strictObject({
  /** Name of the function: 1 to 64 letters, digits, hyphens and underscores. */
  name: z.string().min(1),
  /** ECS cluster of the schedulers; `DaskCluster` is one. */
  cluster: reference<{ clusterArn: string; clusterName: string }>("a DaskCluster", "clusterArn", "clusterName"),
  /** Dashboards by a short name each, 1 to 10. */
  dashboards: z
    .record(
      z.string().min(1),
      z.strictObject({
        /**
         * Clusters that this dashboard is for: those whose names begin so, 0 to 64 letters, digits, hyphens and underscores;
         * all when empty. The longest prefix that fits a cluster decides, and of several clusters the newest is shown.
         */
        clusterPrefix: clusterPrefixSchema.default(""),
        /** Target group, of type `ip`. */
        targetGroupArn: targetGroupArnSchema,
      }),
    )
    .superRefine((dashboards, ctx) => {
      const count = Object.keys(dashboards).length;
      if (count < 1 || count > 10) refuse(ctx, [], `must have 1 to 10 dashboards, got ${count}`);
      const all = Object.values(dashboards);
      if (!areDistinct(all.map(({ targetGroupArn }) => targetGroupArn))) {
        refuse(ctx, [], "must have a target group of its own each, got one twice");
      }
      const seen = new Map<string, string>();
      for (const [key, { clusterPrefix }] of Object.entries(dashboards)) {
        const other = seen.get(clusterPrefix);
        if (other !== undefined) {
          refuse(ctx, [key, "clusterPrefix"], `must differ from that of ${other}, got "${clusterPrefix}"`);
        }
        seen.set(clusterPrefix, key);
      }
    }),
  ...lambdaFunctionShape,
});
export type DaskDashboardsProps = z.input<typeof schema>;
/** Checks the settings of the function; a stack adds the wiring. */
export const daskDashboardsSettings = checkedBy(schema, {
  name: "any",
  cluster: { clusterArn: "any", clusterName: "any" },
  dashboards: {
    any: { targetGroupArn: "arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/any/0123456789abcdef" },
  },
});

/** Brings the dashboards of running Dask clusters behind a load balancer, and takes them out again. */
export class DaskDashboards extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: DaskDashboardsProps) {
    super(scope, id);
    const { name, cluster, dashboards, ...own } = parseProps(this, schema, props);
    const { clusterArn, clusterName } = cluster;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const entries = sortedEntries(dashboards).map(([, dashboard]) => dashboard);
    this.function = new LambdaFunction(this, "function", {
      ...own,
      name,
      description: "Registers the dashboards of running Dask clusters with their load balancer",
      entry: PROGRAM,
      environment: {
        DASHBOARDS: JSON.stringify({
          clusterArn,
          port: SCHEDULER_PORTS.toPort,
          dashboards: entries.map(({ clusterPrefix, targetGroupArn }) => ({ prefix: clusterPrefix, targetGroupArn })),
        }),
      },
      statements: [
        {
          Sid: "List",
          Action: "ecs:ListTasks",
          Resource: "*",
          Condition: { ArnEquals: { "ecs:cluster": clusterArn } },
        },
        {
          Sid: "Tasks",
          Action: "ecs:DescribeTasks",
          Resource: `arn:aws:ecs:${currentRegion(this)}:${accountId}:task/${clusterName}/*`,
        },
        // supports no resource-level permissions
        { Sid: "Health", Action: "elasticloadbalancing:DescribeTargetHealth", Resource: "*" },
        {
          Sid: "Targets",
          Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
          Resource: entries.map(({ targetGroupArn }) => targetGroupArn),
        },
      ],
    });
    this.function.onEvent("schedulers", "A Dask scheduler starts or stops", {
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: { clusterArn: [clusterArn], containers: { name: [SCHEDULER] } },
    });
    // events come at least once and mostly in time: this mends what one that was lost left behind
    this.function.onSchedule("repair", "Compares dashboards with the Dask clusters that run", "rate(1 hour)");
  }
}
