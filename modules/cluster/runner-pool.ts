import { z } from "zod";
import { hardwareOf } from "../aws/ec2/instance-types";
import { checkGroup, groupShape } from "./group-settings";
import { type Accelerator, acceleratorOf } from "./image";
import { labelsSchema, optionalValueSchema, repeatedTaints, type Taint, taintsSchema } from "./labels";
import type { NodeGroupSettings } from "./node-group";

export const runnerPoolSchema = z
  .strictObject({
    ...groupShape,
    /** Name of the pool, unique in the cluster: 1 to 40 letters, digits and hyphens. The group is `runner-<suffix>`. */
    suffix: z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?$/),
    /** What the nodes have: NVIDIA GPUs, Neuron devices (inferentia is another word for it), or neither. */
    category: z.enum(["cpu", "gpu", "neuron", "inferentia"]),
    /** Value of the node label k8s.amazonaws.com/accelerator, such as nvidia-tesla-t4; no label when empty. */
    acceleratorLabel: optionalValueSchema.default(""),
    /** Taints beside those of every runner, in this order after them. */
    additionalTaints: taintsSchema.default([]),
    /** Labels beside those of every runner; one of the same key wins over it. */
    additionalLabels: labelsSchema.default({}),
  })
  .superRefine((pool, ctx) => {
    checkGroup(pool, ctx);
    checkCategory(pool, ctx);
    checkTaints(pool, ctx);
  });
export type RunnerPool = z.input<typeof runnerPoolSchema>;
type Pool = z.output<typeof runnerPoolSchema>;

const RUNNER_TAINT: Taint = { key: "dedicated", value: "runner", effect: "NO_SCHEDULE" };

/** Taint and labels of the nodes with each kind of accelerator. */
const OF_ACCELERATOR: Readonly<Record<Accelerator, { taints: Taint[]; labels: Record<string, string> }>> = {
  cpu: { taints: [], labels: {} },
  gpu: {
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
    // The first is the reference's; newer charts of the device plugin select by the second.
    labels: { "nvidia.com/gpu": "present", "nvidia.com/gpu.present": "true" },
  },
  neuron: {
    taints: [{ key: "aws.amazon.com/neuron", value: "present", effect: "NO_SCHEDULE" }],
    labels: { "aws.amazon.com/neuron": "present", "aws.amazon.com/neuron.present": "true" },
  },
};

/** Settings of the node group that serves the pool; its name is `runner-<suffix>`. */
export function runnerGroup(pool: Pool): NodeGroupSettings {
  const { suffix, category, acceleratorLabel, additionalTaints, additionalLabels, ...group } = pool;
  const { labels } = OF_ACCELERATOR[acceleratorOfCategory(category)];
  return {
    ...group,
    labels: {
      role: "runner",
      ...(acceleratorLabel !== "" && { "k8s.amazonaws.com/accelerator": acceleratorLabel }),
      ...labels,
      ...additionalLabels,
    },
    taints: [...builtInTaints(pool), ...additionalTaints],
  };
}

/** Rules across the pools of one cluster: no suffix twice. */
export function checkRunnerPools(pools: Pool[], ctx: z.RefinementCtx, path: (string | number)[]): void {
  pools.forEach(({ suffix }, i) => {
    const first = pools.findIndex((pool) => pool.suffix === suffix);
    if (first === i) return;
    const message = `must be unique among the pools, got ${suffix}, which pool ${first} has too`;
    ctx.addIssue({ code: "custom", path: [...path, i, "suffix"], message });
  });
}

const acceleratorOfCategory = (category: Pool["category"]): Accelerator =>
  category === "inferentia" ? "neuron" : category;

const builtInTaints = ({ category }: Pool) => [RUNNER_TAINT, ...OF_ACCELERATOR[acceleratorOfCategory(category)].taints];

function checkCategory(pool: Pool, ctx: z.RefinementCtx) {
  const { hardware, faults } = hardwareOf(pool);
  if (faults.length > 0) return;
  const found = acceleratorOf(hardware);
  if (found === acceleratorOfCategory(pool.category)) return;
  const message = `must be ${found}, which ${pool.instanceTypes.join(", ")} is, got ${pool.category}`;
  ctx.addIssue({ code: "custom", path: ["category"], message });
}

function checkTaints(pool: Pool, ctx: z.RefinementCtx) {
  const own = builtInTaints(pool);
  for (const { index, message } of repeatedTaints([...own, ...pool.additionalTaints])) {
    const path = ["additionalTaints", index - own.length];
    if (index >= own.length) ctx.addIssue({ code: "custom", path, message });
  }
  const count = own.length + pool.additionalTaints.length;
  const message = `must have at most ${50 - own.length} items beside the pool's own ${own.length}, got ${pool.additionalTaints.length}`;
  if (count > 50) ctx.addIssue({ code: "custom", path: ["additionalTaints"], message });
}
