import type { Construct } from "constructs";
import { z } from "zod";
import { autoModeSchema } from "../cluster/auto-mode";
import { checkGroups, groupsShape, resolvePools } from "../cluster/groups";
import type { Accelerator } from "../cluster/image";
import { KUBERNETES_EFFECT, type Taint } from "../cluster/labels";
import type { NodePool } from "../cluster/node-pool";
import { InputError, parseProps, reference } from "../common/settings/props";

const { systemGroups, runnerPools, additionalNodeGroups, autoscaler } = groupsShape;
const schema = z
  .object({ systemGroups, runnerPools, additionalNodeGroups, autoscaler, autoMode: autoModeSchema.optional() })
  .superRefine(checkGroups);
/** Settings of a cluster that say what nodes it has; those of `Cluster` itself pass. */
export type PoolSettings = z.input<typeof schema>;

/** Toleration of a pod, in Kubernetes' own spelling. */
export type Toleration = { readonly key: string } & (
  | { readonly operator: "Exists"; readonly effect?: string }
  | { readonly operator: "Equal"; readonly value: string; readonly effect: string }
);

/** Where pods run, as most charts take it. */
export type Scheduling = {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
};

/** The node pools of a cluster with these settings, by name. */
export const nodePools = (scope: Construct, settings: PoolSettings): NodePool[] =>
  resolvePools(parseProps(scope, schema, settings));

/** All pools of a cluster, from {@link nodePools}. */
export const poolsSchema = z.array(
  reference<NodePool>("a pool that nodePools() tells", "name", "kind", "labels", "taints", "accelerator", "settings"),
);

/** The runner pools. */
export const runnerPoolsOf = (pools: readonly NodePool[]): NodePool[] => pools.filter(({ kind }) => kind === "runner");

/** The pools whose nodes have the accelerator. */
export const poolsWith = (pools: readonly NodePool[], accelerator: Accelerator): NodePool[] =>
  pools.filter((pool) => pool.accelerator === accelerator);

/** What lets a pod run on each of the pools: every taint tolerated, each once, in the order of key and effect. */
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

/** Toleration of whatever taint of the key, beside which those of single values need not be said. */
export const withAnyOf = (key: string, tolerations: readonly Toleration[]): Toleration[] => [
  ...tolerations.filter((toleration) => toleration.key !== key),
  { key, operator: "Exists" },
];

/** Where one of the built-in groups' own pods run: on that group, or anywhere when the cluster has none of the name. */
export function dedicatedScheduling(
  pools: readonly NodePool[],
  role: "scheduler" | "module-repository" | "prometheus",
): Scheduling {
  const pool = pools.find(({ kind, name }) => kind === "system" && name === role);
  return pool ? { nodeSelector: { role }, tolerations: tolerationsOf([pool]) } : { nodeSelector: {}, tolerations: [] };
}

/**
 * Where runners run: on every runner pool, whatever its taints. The selector is the label that the pools have in common;
 * an {@link InputError} where a pool has been given another role.
 */
export function runnerScheduling(scope: Construct, pools: readonly NodePool[]): Scheduling {
  const runners = runnerPoolsOf(pools);
  const roles = [...new Set(runners.map(({ labels }) => labels.role ?? ""))];
  if (roles.length > 1) {
    throw new InputError(
      `${scope.node.path}: runnerPools: must all have the same label role, by which runners find their nodes, got ${roles.join(", ")}; leave role out of additionalLabels`,
    );
  }
  // what asks for a GPU tolerates its taint whatever its value, so that nodes of other making take it too
  const tolerations = withAnyOf("nvidia.com/gpu", tolerationsOf(runners));
  return { nodeSelector: { role: roles[0] ?? "runner" }, tolerations };
}

/**
 * Node affinity to the pools that have one of the values which `label` has among them; for what runs on the nodes of one
 * kind. Where no pool has the label there is nothing to run on.
 */
export function affinityTo(pools: readonly NodePool[], label: string, ...further: NodeRequirement[]) {
  const values = [...new Set(pools.flatMap(({ labels }) => labels[label] ?? []))].sort();
  const matchExpressions: NodeRequirement[] = [{ key: label, operator: "In", values }, ...further];
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  };
}
export type NodeRequirement = { readonly key: string } & (
  | { readonly operator: "In" | "NotIn"; readonly values: readonly string[] }
  | { readonly operator: "Exists" | "DoesNotExist" }
);

const textOf = (toleration: Toleration) =>
  [toleration.key, toleration.effect, "value" in toleration ? toleration.value : ""].join(" ");
