import type { z } from "zod";
import { type Hardware, hardwareOf } from "../aws/ec2/instance-types";
import { sharingLabels } from "./gpu-sharing";
import type { NodeGroupSettings } from "./group-settings";
import { type Accelerator, acceleratorOf } from "./image";
import { ACCELERATOR_LABEL, checkTaintCount, type Taint } from "./labels";

/** What a pool is for: a built-in system group, a runner pool, or a group that the user adds. */
export const POOL_KINDS = ["system", "runner", "additional"] as const;
export type PoolKind = (typeof POOL_KINDS)[number];

/**
 * A pool of identical nodes, resolved: what a managed node group or a NodePool of Karpenter gives its nodes, and what
 * tags, tolerations and device plugins are derived from. Whatever follows from a pool's settings is derived here, once.
 */
export interface NodePool {
  /** Name of the node group: `runner-<suffix>`, `default`, `scheduler`, ... */
  readonly name: string;
  readonly kind: PoolKind;
  readonly settings: NodeGroupSettings;
  readonly hardware: Hardware;
  readonly accelerator: Accelerator;
  /** All labels of the nodes. */
  readonly labels: Readonly<Record<string, string>>;
  /** All taints of the nodes. */
  readonly taints: readonly Taint[];
}

/**
 * Taint of the nodes with each kind of accelerator. EKS lets pods that ask for `nvidia.com/gpu` or `aws.amazon.com/neuron`
 * tolerate it by themselves (Kubernetes, ExtendedResourceToleration, in EKS since 1.19); those that ask for Neuron cores say so.
 */
export const DEVICE_TAINTS: Readonly<Record<Accelerator, readonly Taint[]>> = {
  cpu: [],
  gpu: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
  neuron: [{ key: "aws.amazon.com/neuron", value: "present", effect: "NO_SCHEDULE" }],
};

/** Resolves one pool of a cluster. */
export function nodePool({ name, kind, settings }: Pick<NodePool, "name" | "kind" | "settings">): NodePool {
  const { hardware } = hardwareOf(settings);
  const accelerator = acceleratorOf(hardware);
  return {
    name,
    kind,
    settings,
    hardware,
    accelerator,
    labels: labelsOf(settings, accelerator),
    taints: taintsOf(kind, settings, accelerator),
  };
}

/** An additional group that any pod may run on gets the taint of its devices, unless it has one of that key. */
function taintsOf(kind: PoolKind, { taints }: NodeGroupSettings, accelerator: Accelerator): readonly Taint[] {
  if (kind !== "additional" || !isOpen({ taints })) return taints;
  const added = DEVICE_TAINTS[accelerator].filter(({ key }) => taints.every((own) => own.key !== key));
  return [...taints, ...added];
}

/** Refuses too many taints of a pool with those of its devices; `path` is that of the pool's settings. */
export const checkPoolTaints = ({ taints, settings }: NodePool, path: (string | number)[], ctx: z.RefinementCtx) =>
  checkTaintCount(taints.length - settings.taints.length, settings.taints.length, path, ctx);

/** Labels derived from the settings, overridden by the group's own. */
function labelsOf({ efa, gpuSharing, imageFamily, labels }: NodeGroupSettings, accelerator: Accelerator) {
  return {
    ...(accelerator === "gpu" && { [ACCELERATOR_LABEL]: "nvidia-gpu" }),
    ...(efa && { "vpc.amazonaws.com/efa.present": "true" }),
    ...(accelerator === "gpu" && { "nvidia.com/gpu.present": "true" }),
    ...(accelerator === "neuron" && { "aws.amazon.com/neuron.present": "true" }),
    // Bottlerocket's image includes a device plugin; this label keeps the GPU operator's software off the node. The operator
    // takes those of its single parts away. Source: github.com/NVIDIA/gpu-operator, v26.3.3, controllers/state_manager.go.
    ...(accelerator === "gpu" && imageFamily === "bottlerocket" && { "nvidia.com/gpu.deploy.operands": "false" }),
    ...(gpuSharing && sharingLabels(gpuSharing)),
    ...labels,
  };
}

/** Tags of the pool's instances and their volumes; the cluster's own win. */
export const instanceTags = ({ name }: Pick<NodePool, "name">, clusterName: string, own: Record<string, string>) => ({
  Name: `${clusterName}-${name}`,
  ...own,
});

/** Whether the nodes take pods that tolerate no taint. */
export const isOpen = ({ taints }: Pick<NodePool, "taints">) =>
  taints.every(({ effect }) => effect === "PREFER_NO_SCHEDULE");
