import { z } from "zod";
import { refuse } from "../common/settings/faults";

/** Kubernetes "Labels and Selectors": name of up to 63 characters after an optional DNS prefix and a slash. */
const NAME = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
const DNS = "[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*";
const KEY = new RegExp(`^(${DNS}/)?${NAME}$`);
const VALUE = new RegExp(`^${NAME}$`);
/** Prefixes that the EKS API refuses in a label: "Label cannot contain reserved prefixes" (containers-roadmap issue 1451). */
const RESERVED = /(^|\.)(kubernetes\.io|k8s\.io|eks\.amazonaws\.com)\//;

// EKS API reference, labelKey, labelValue, taintKey, taintValue: 63 characters with the prefix; only a taint's value may be empty.
const key = z
  .string()
  .min(1)
  .max(63)
  .refine((text) => KEY.test(text), {
    error: ({ input }) => `must be a Kubernetes label key such as example.com/team, got ${JSON.stringify(input)}`,
  });
const value = z
  .string()
  .max(63)
  .refine((text) => text === "" || VALUE.test(text), {
    error: ({ input }) =>
      `must be letters, digits, hyphens, dots and underscores, beginning and ending with a letter or digit, got ${JSON.stringify(input)}`,
  });

/** Value of a label of a node. */
export const labelValueSchema = value.refine((text) => text !== "", {
  error: "must have at least 1 character (EKS takes no empty label), got nothing",
});

/** Kubernetes labels of the nodes of a managed node group. */
export const labelsSchema = z.record(
  key.refine((text) => !RESERVED.test(text), {
    error: ({ input }) =>
      `must not have a prefix that EKS reserves (kubernetes.io, k8s.io, eks.amazonaws.com), got ${input}`,
  }),
  labelValueSchema,
);

/**
 * Label by which the cluster autoscaler knows nodes whose GPUs the device plugin has not announced yet. Without it a node
 * that boots looks as if it had none, and it buys a second one; on a node without GPUs it waits for them for ever. It knows
 * no such label for Neuron devices. Source: github.com/kubernetes/autoscaler, cluster-autoscaler-1.36.1,
 * processors/customresources/gpu_processor.go.
 */
export const ACCELERATOR_LABEL = "k8s.amazonaws.com/accelerator";

export const taintSchema = z.strictObject({
  /** Kubernetes label key, at most 63 characters with its prefix. */
  key,
  /** At most 63 characters. */
  value: value.default(""),
  /** Effect on pods that do not tolerate the taint. */
  effect: z.enum(["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"]),
});
export type Taint = z.output<typeof taintSchema>;

/** Taints of one node (schema of `aws_eks_node_group`). */
const MAX_TAINTS = 50;

/** Taints of one node, unique by key and effect (Kubernetes). */
export const taintsSchema = z
  .array(taintSchema)
  .max(MAX_TAINTS)
  .superRefine((taints, ctx) => {
    for (const { index, message } of repeatedTaints(taints)) refuse(ctx, [index], message);
  });

/** Taints that repeat the key and effect of an earlier one. */
export function repeatedTaints(taints: readonly Taint[]): { index: number; message: string }[] {
  const same = (a: Taint) => (b: Taint) => a.key === b.key && a.effect === b.effect;
  return taints.flatMap((taint, index) => {
    if (taints.findIndex(same(taint)) === index) return [];
    return [{ index, message: `must not repeat a taint of the group, got ${taint.key} with ${taint.effect} again` }];
  });
}

/** Refuses `count` taints of the user where the group has `own` besides, which are too many together; `path` is the user's. */
export function checkTaintCount(own: number, count: number, path: (string | number)[], ctx: z.RefinementCtx): void {
  if (own === 0 || own + count <= MAX_TAINTS) return; // of which the schema knows
  refuse(ctx, path, `must have at most ${MAX_TAINTS - own} items beside the group's own ${own}, got ${count}`);
}

/** The effect in Kubernetes' spelling, which the cluster autoscaler reads. */
export const KUBERNETES_EFFECT: Readonly<Record<Taint["effect"], string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};
