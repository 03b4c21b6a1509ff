import { z } from "zod";
import { refuse } from "../common/settings/faults";

/** Limits of node repair; each needs AWS provider 6.x. */
export const nodeRepairSchema = z
  .strictObject({
    /** Maximum number of unhealthy nodes, at least 1; beyond it, repair stops. Needs AWS provider 6.x. */
    maxUnhealthyNodeThresholdCount: z.int().min(1).optional(),
    /** The same as a percentage of the group, 1 to 100. Needs AWS provider 6.x. */
    maxUnhealthyNodeThresholdPercentage: z.int().min(1).max(100).optional(),
    /** Maximum number of nodes repaired in parallel, at least 1. Needs AWS provider 6.x. */
    maxParallelNodesRepairedCount: z.int().min(1).optional(),
    /** The same as a percentage of the unhealthy nodes, 1 to 100. Needs AWS provider 6.x. */
    maxParallelNodesRepairedPercentage: z.int().min(1).max(100).optional(),
  })
  .superRefine((limits, ctx) => {
    // EKS API reference, NodeRepairConfig: of each pair only one may be set.
    for (const limit of ["maxUnhealthyNodeThreshold", "maxParallelNodesRepaired"] as const) {
      const [count, percentage] = [limits[`${limit}Count`], limits[`${limit}Percentage`]];
      if (count === undefined || percentage === undefined) continue;
      const message = `must not be set with ${limit}Count (${count}), got ${percentage}; leave out one (each needs AWS provider 6.x)`;
      refuse(ctx, `${limit}Percentage`, message);
    }
  });
