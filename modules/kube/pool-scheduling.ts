import type { Construct } from "constructs";
import { z } from "zod";
import { type Hardware, hardwareOf } from "../aws/ec2/instance-types";
import { autoModeSchema } from "../cluster/auto-mode";
import { checkGroups, groupSettings, groupsShape } from "../cluster/groups";
import { type Accelerator, acceleratorOf } from "../cluster/image";
import { KUBERNETES_EFFECT, type Taint } from "../cluster/labels";
import { type NodeGroupSettings, nodeLabels } from "../cluster/node-group";
import { InputError, parseProps } from "../common/settings/props";

const { systemGroups, runnerPools, additionalNodeGroups, autoscaler } = groupsShape;
const schema = z
  .object({ systemGroups, runnerPools, additionalNodeGroups, autoscaler, autoMode: autoModeSchema.optional() })
  .superRefine(checkGroups);
/** Settings of a cluster that say what nodes it has; those of `Cluster` itself pass. */
export type PoolSettings = z.input<typeof schema>;

/** What is known of nodes of one kind before there is any. */
export interface NodePool {
  /** Name of the node group: `runner-<suffix>`, `default`, `scheduler`, ... */
  readonly name: string;
  /** Whether runners are meant to run here. */
  readonly runner: boolean;
  /** All labels and taints of the nodes, as the node group has them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly accelerator: Accelerator;
  readonly hardware: Hardware;
  readonly settings: NodeGroupSettings;
}

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

/** The pools of nodes that a cluster of these settings has, by name. */
export function nodePools(scope: Construct, settings: PoolSettings): NodePool[] {
  const groups = Object.entries(groupSettings(parseProps(scope, schema, settings)));
  return groups
    .map(([name, group]) => {
      const { hardware } = hardwareOf(group);
      return {
        name,
        runner: name.startsWith("runner-") && !(name in (settings.additionalNodeGroups ?? {})),
        labels: nodeLabels(group),
        taints: group.taints,
        accelerator: acceleratorOf(hardware),
        hardware,
        settings: group,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

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
  const pool = pools.find(({ name }) => name === role);
  return pool ? { nodeSelector: { role }, tolerations: tolerationsOf([pool]) } : { nodeSelector: {}, tolerations: [] };
}

/**
 * Where runners run: on every runner pool, whatever its taints. The selector is the label that the pools have in common;
 * an {@link InputError} where a pool has been given another role.
 */
export function runnerScheduling(scope: Construct, pools: readonly NodePool[]): Scheduling {
  const runners = pools.filter(({ runner }) => runner);
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
