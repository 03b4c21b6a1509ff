import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { Construct } from "constructs";
import { z } from "zod";
import { NodeGroup, type NodeGroupProps } from "../../../modules/cluster/node-group";
import type { NodeGroupCluster } from "../../../modules/cluster/node-group-cluster";
import { checkRunnerPools, type RunnerPool, runnerGroup, runnerPoolSchema } from "../../../modules/cluster/runner-pool";
import { parseProps } from "../../../modules/common/settings/props";
import { rejects } from "../../support/bad-input";
import { type Json, synth } from "../../support/synth";

/** A cluster that exists already, as a caller would describe it. */
export const CLUSTER: NodeGroupCluster = {
  clusterName: "ml",
  clusterVersion: "1.35",
  nodeSecurityGroupId: "sg-0123456789abcdef0",
  nodeRoleArn: "arn:aws:iam::123456789012:role/ml-node",
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
  autoscaler: "cluster-autoscaler",
  prefixDelegation: false,
  instanceTags: {},
  autoscalingGroupTags: {},
  dependsOn: [],
};

const poolsSchema = z
  .strictObject({ pools: z.array(runnerPoolSchema) })
  .superRefine(({ pools }, ctx) => checkRunnerPools(pools, ctx, ["pools"]));

/** Runner pools on {@link CLUSTER}, made as a cluster makes them. */
export class Runners extends Construct {
  readonly groups: NodeGroup[];

  constructor(scope: Construct, pools: RunnerPool[], cluster: Partial<NodeGroupCluster> = {}) {
    super(scope, "runners");
    const parsed = parseProps(this, poolsSchema, { pools }).pools;
    this.groups = parsed.map((pool) => {
      const group = { name: `runner-${pool.suffix}`, kind: "runner" as const, settings: runnerGroup(pool) };
      return new NodeGroup(this, group.name, { ...group, cluster: { ...CLUSTER, ...cluster } });
    });
  }
}

export const CPU_POOL: RunnerPool = {
  suffix: "cpu",
  category: "cpu",
  instanceTypes: ["m5.xlarge"],
  minSize: 1,
  maxSize: 4,
};
export const GPU_POOL: RunnerPool = {
  suffix: "gpu",
  category: "gpu",
  instanceTypes: ["g4dn.xlarge"],
  minSize: 0,
  maxSize: 3,
};
export const NEURON_POOL: RunnerPool = {
  suffix: "inf",
  category: "neuron",
  instanceTypes: ["inf2.24xlarge"],
  minSize: 0,
  maxSize: 2,
};
export const ONE_SUBNET = { subnetIds: ["subnet-0000000000000000a"] };

export const pools = (list: RunnerPool[], cluster: Partial<NodeGroupCluster> = {}) =>
  synth((stack) => new Runners(stack, list, cluster));

/** One pool, which differs from `base` by `settings`. */
export const pool = (base: RunnerPool, settings: Partial<RunnerPool> = {}, cluster: Partial<NodeGroupCluster> = {}) =>
  pools([{ ...base, ...settings }], cluster);

export const BLOCK = {
  instanceTypes: ["p5.48xlarge"],
  capacityType: "CAPACITY_BLOCK" as const,
  capacityReservationId: "cr-0123456789abcdef0",
  ...ONE_SUBNET,
};
export const EFA = { instanceTypes: ["p4d.24xlarge"], efa: true, ...ONE_SUBNET };
export const RESERVED_GROUP = "arn:aws:resource-groups:us-east-1:123456789012:group/reserved";

export type Settings = NodeGroupProps["settings"];
export const PLAIN: Settings = { instanceTypes: ["m5.xlarge"], minSize: 1, maxSize: 10 };

/** One plain group named `default`. */
export const group = (settings: Partial<Settings> = {}, cluster: Partial<NodeGroupCluster> = {}) =>
  synth(
    (stack) =>
      new NodeGroup(stack, "group", {
        name: "default",
        cluster: { ...CLUSTER, ...cluster },
        settings: { ...PLAIN, ...settings },
      }),
  );

/** Tags on the Auto Scaling group, key to value. */
export const asgTags = ({ all }: ReturnType<typeof synth>): Record<string, string> =>
  Object.fromEntries(all(AutoscalingGroupTagA).map(({ tag }: Json) => [tag.key, tag.value]));

/** One test per row: a plain group with these settings is refused by that key, in these words. */
export const rejectsGroup = (rows: readonly (readonly [key: string, settings: object, ...words: string[]])[]) =>
  rejects(
    "test/group",
    rows.map(([key, wrong, ...words]) => [`settings.${key}`, { ...PLAIN, ...wrong } as Settings, ...words] as const),
    (scope, settings) => new NodeGroup(scope, "group", { name: "default", cluster: CLUSTER, settings }),
  );
