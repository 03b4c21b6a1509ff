import { z } from "zod";
import { hardwareOf } from "../aws/ec2/instance-types";
import { refuse } from "../common/settings/faults";
import { checkAccelerator } from "./group-hardware";
import { checkGroup } from "./group-rules";
import { groupShape, type NodeGroupSettings } from "./group-settings";
import { type Accelerator, acceleratorOf } from "./image";
import {
  ACCELERATOR_LABEL,
  checkTaintCount,
  labelsSchema,
  labelValueSchema,
  repeatedTaints,
  type Taint,
  taintsSchema,
} from "./labels";
import { DEVICE_TAINTS } from "./node-pool";

export const runnerPoolSchema = z
  .strictObject({
    ...groupShape,
    /** Name of the pool, unique in the cluster: 1 to 40 letters, digits and hyphens. The group is `runner-<suffix>`. */
    suffix: z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?$/),
    /**
     * Accelerator of the nodes: NVIDIA GPUs, Neuron devices (`inferentia` is an alias), or none. The cluster autoscaler does not
     * wait for Neuron's device plugin: while that starts on a new node, a pod that waits makes it buy a second one, which it
     * removes again when that is not needed.
     */
    category: z.enum(["cpu", "gpu", "neuron", "inferentia"]),
    /** With GPUs, value of the node label k8s.amazonaws.com/accelerator, such as nvidia-tesla-t4; `nvidia-gpu` when absent. */
    acceleratorLabel: labelValueSchema.optional(),
    /** Taints after those of every runner, in this order. */
    additionalTaints: taintsSchema.default([]),
    /** Labels in addition to those of every runner, which they override. */
    additionalLabels: labelsSchema.default({}),
  })
  .superRefine((pool, ctx) => {
    checkGroup(pool, ctx);
    checkCategory(pool, ctx);
    checkAccelerator(pool, pool.acceleratorLabel, ["acceleratorLabel"], ctx);
    checkAccelerator(pool, pool.additionalLabels[ACCELERATOR_LABEL], ["additionalLabels", ACCELERATOR_LABEL], ctx);
    checkTaints(pool, ctx);
  });
export type RunnerPool = z.input<typeof runnerPoolSchema>;
type Pool = z.output<typeof runnerPoolSchema>;

const RUNNER_TAINT: Taint = { key: "dedicated", value: "runner", effect: "NO_SCHEDULE" };

/** Labels of the nodes with each kind of accelerator. */
const DEVICE_LABELS: Readonly<Record<Accelerator, Record<string, string>>> = {
  cpu: {},
  // The first is the reference's; newer charts of the device plugin select by the second.
  gpu: { "nvidia.com/gpu": "present", "nvidia.com/gpu.present": "true" },
  neuron: { "aws.amazon.com/neuron": "present", "aws.amazon.com/neuron.present": "true" },
};

/** Name of the pool's node group or NodePool. */
export const runnerName = (suffix: string) => `runner-${suffix}`;

/** Settings of the pool's node group. */
export function runnerGroup(pool: Pool): NodeGroupSettings {
  const { suffix, category, acceleratorLabel, additionalTaints, additionalLabels, ...group } = pool;
  return {
    ...group,
    labels: {
      role: "runner",
      ...(acceleratorLabel && { [ACCELERATOR_LABEL]: acceleratorLabel }),
      ...DEVICE_LABELS[acceleratorOfCategory(category)],
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
    refuse(ctx, [...path, i, "suffix"], message);
  });
}

const acceleratorOfCategory = (category: Pool["category"]): Accelerator =>
  category === "inferentia" ? "neuron" : category;

const builtInTaints = ({ category }: Pool) => [RUNNER_TAINT, ...DEVICE_TAINTS[acceleratorOfCategory(category)]];

function checkCategory(pool: Pool, ctx: z.RefinementCtx) {
  const { hardware, faults } = hardwareOf(pool);
  if (faults.length > 0 || pool.instanceTypes.length === 0) return;
  const found = acceleratorOf(hardware);
  if (found === acceleratorOfCategory(pool.category)) return;
  refuse(ctx, "category", `must be ${found}, which ${pool.instanceTypes.join(", ")} is, got ${pool.category}`);
}

function checkTaints(pool: Pool, ctx: z.RefinementCtx) {
  const own = builtInTaints(pool);
  for (const { index, message } of repeatedTaints([...own, ...pool.additionalTaints])) {
    if (index >= own.length) refuse(ctx, ["additionalTaints", index - own.length], message);
  }
  checkTaintCount(own.length, pool.additionalTaints.length, ["additionalTaints"], ctx);
}
