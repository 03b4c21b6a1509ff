import type { Construct } from "constructs";
import { z } from "zod";
import { autoModeSchema } from "../cluster/auto-mode";
import { nodeGroupSchema } from "../cluster/group-rules";
import { checkGroups, groupsShape, resolvePools } from "../cluster/groups";
import type { Accelerator } from "../cluster/image";
import { KUBERNETES_EFFECT, type Taint } from "../cluster/labels";
import { type NodePool, nodePool } from "../cluster/node-pool";
import { type InputError, parseProps, reference, wrongSetting } from "../common/settings/props";

const { systemGroups, runnerPools, additionalNodeGroups, autoscaler } = groupsShape;
const schema = z
  .object({ systemGroups, runnerPools, additionalNodeGroups, autoscaler, autoMode: autoModeSchema.optional() })
  .superRefine(checkGroups);
/** Settings of a cluster that determine its nodes; those of a whole `Cluster` are accepted. */
export type PoolSettings = z.input<typeof schema>;

/** Toleration of a pod, in Kubernetes' spelling. */
export type Toleration = { readonly key: string } & (
  | { readonly operator: "Exists"; readonly effect?: string }
  | { readonly operator: "Equal"; readonly value: string; readonly effect: string }
);

/** Scheduling of pods, as most charts take it. */
export type Scheduling = {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
};

/** The node pools of a cluster with these settings, by name. */
export const nodePools = (scope: Construct, settings: PoolSettings): NodePool[] =>
  resolvePools(parseProps(scope, schema, settings));

/** All pools of a cluster, from {@link nodePools}. */
export const poolsSchema = z.array(
  reference<NodePool>("a pool of nodePools()", "name", "kind", "labels{}", "taints{}", "accelerator", "settings{}"),
);

/** A pool to check settings with when those of the cluster are not known. */
export const ANY_POOL: NodePool = nodePool({
  kind: "system",
  name: "any",
  settings: nodeGroupSchema.parse({ instanceTypes: ["m5.xlarge"], minSize: 1, maxSize: 1 }),
});

/** The runner pools. */
export const runnerPoolsOf = (pools: readonly NodePool[]): NodePool[] => pools.filter(({ kind }) => kind === "runner");

/** The pools with this kind of accelerator. */
export const poolsWith = (pools: readonly NodePool[], accelerator: Accelerator): NodePool[] =>
  pools.filter((pool) => pool.accelerator === accelerator);

/** Tolerations of all taints of the pools, unique, sorted by key and effect. */
export function tolerationsOf(pools: readonly Pick<NodePool, "taints">[]): Toleration[] {
  const tolerations = pools.flatMap(({ taints }) => taints.map(tolerationOf));
  const byText = new Map(tolerations.map((toleration) => [textOf(toleration), toleration]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, toleration]) => toleration);
}

/** Toleration of one taint. */
export const tolerationOf = ({ key, value, effect }: Taint): Toleration => ({
  key,
  operator: "Equal",
  value,
  effect: KUBERNETES_EFFECT[effect],
});

/** Tolerates any taint with the key, in place of the tolerations of single values. */
export const withAnyOf = (key: string, tolerations: readonly Toleration[]): Toleration[] => [
  ...tolerations.filter((toleration) => toleration.key !== key),
  { key, operator: "Exists" },
];

/** Scheduling of the pods that a system group is for: on that group, or anywhere if the cluster does not have it. */
export function dedicatedScheduling(
  pools: readonly NodePool[],
  role: "scheduler" | "module-repository" | "prometheus",
): Scheduling {
  const pool = pools.find(({ kind, name }) => kind === "system" && name === role);
  return pool ? { nodeSelector: { role }, tolerations: tolerationsOf([pool]) } : { nodeSelector: {}, tolerations: [] };
}

/**
 * Scheduling of runners: on every runner pool, whatever its taints. The selector is the role label of the pools; throws an
 * {@link InputError} if the pools have different roles.
 */
export function runnerScheduling(scope: Construct, pools: readonly NodePool[]): Scheduling {
  const runners = runnerPoolsOf(pools);
  const roles = [...new Set(runners.map(({ labels }) => labels.role ?? ""))];
  if (roles.length > 1) {
    const advice = "leave role out of additionalLabels";
    const message = `must all have the same label role, which runners are scheduled by, got ${roles.join(", ")}; ${advice}`;
    throw wrongSetting(scope, "runnerPools", message);
  }
  // any value of the GPU taint is tolerated, so that GPU nodes created elsewhere are usable too
  const tolerations = withAnyOf("nvidia.com/gpu", tolerationsOf(runners));
  return { nodeSelector: { role: roles[0] ?? "runner" }, tolerations };
}

/**
 * Node affinity to the nodes with the label, whatever its value; for software that runs on one kind of node. A controller may
 * give the label another value: NVIDIA's GPU operator sets nvidia.com/gpu.present to false until feature discovery has seen the
 * GPU, and a pod of discovery that asks for `true` would never get there.
 */
export function affinityTo(label: string, ...further: NodeRequirement[]) {
  const matchExpressions: NodeRequirement[] = [{ key: label, operator: "Exists" }, ...further];
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  };
}
export type NodeRequirement = { readonly key: string } & (
  | { readonly operator: "NotIn"; readonly values: readonly string[] }
  | { readonly operator: "Exists" }
);

const textOf = (toleration: Toleration) =>
  [toleration.key, toleration.effect, "value" in toleration ? toleration.value : ""].join(" ");
