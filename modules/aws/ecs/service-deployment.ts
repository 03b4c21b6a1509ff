import type { EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";
import { z } from "zod";
import { refuse } from "../../common/settings/faults";

const weight = z.int().max(1000); // Source: ECS API reference, CapacityProviderStrategyItem

/** Capacity of a service and how deployments replace its tasks. */
export const serviceDeploymentShape = {
  /**
   * Fargate Spot, at about a third of the price: AWS reclaims tasks two minutes after a SIGTERM. On-demand only when absent.
   */
  spot: z
    .strictObject({
      /** Minimum number of on-demand tasks, 1 to 5000. */
      base: z.int().min(1).max(5000).default(1),
      /** Relative share of further tasks that run on demand, 0 to 1000. */
      onDemandWeight: weight.min(0).default(0),
      /** Relative share of further tasks that run on Spot, 1 to 1000. */
      spotWeight: weight.min(1).default(1),
    })
    .optional(),
  /** Minimum percent of `desiredCount`, 0 to 100, that keeps running during a deployment. */
  minimumHealthyPercent: z.int().min(0).max(100).default(100),
  /** Maximum percent of `desiredCount`, 100 to 200, during a deployment. At 100, old tasks stop before new ones start. */
  maximumPercent: z.int().min(100).max(200).default(200),
  /**
   * Let ECS rebalance zones by starting tasks in one and stopping tasks in another. When absent, on if `maximumPercent` is
   * above 100. Turn it off for tasks that lose work when stopped.
   */
  zoneRebalancing: z.boolean().optional(),
};
type Settings = z.output<z.ZodObject<typeof serviceDeploymentShape>>;

/** Rules across the inputs of {@link serviceDeploymentShape} and the number of tasks. */
export function checkServiceDeployment(
  settings: Settings & { desiredCount: number; autoscaling?: { min: number } },
  ctx: z.RefinementCtx,
): void {
  const { desiredCount, autoscaling, minimumHealthyPercent, maximumPercent, zoneRebalancing } = settings;
  if (zoneRebalancing && maximumPercent === 100) {
    // Source: ECS Developer Guide, "Balancing an Amazon ECS service across Availability Zones"
    refuse(ctx, "zoneRebalancing", "must be off with a maximumPercent of 100, which leaves no room for it, got true");
  }
  for (const count of new Set([desiredCount, autoscaling?.min ?? desiredCount])) {
    // ECS rounds the minimum up and the maximum down, and hangs if it may neither stop a task nor start one.
    // Source: ECS API reference, DeploymentConfiguration.
    const least = Math.ceil((count * minimumHealthyPercent) / 100);
    const most = Math.floor((count * maximumPercent) / 100);
    if (least < most || count === 0) continue;
    refuse(
      ctx,
      "minimumHealthyPercent",
      `must leave room to deploy: with a maximumPercent of ${maximumPercent}, ECS may neither stop nor start one of ${count} tasks, got ${minimumHealthyPercent}`,
    );
  }
}

/** Deployment arguments of a service; ECS rolls back to the previous revision when new tasks do not stay up. */
export function deployment(settings: Settings): Partial<EcsServiceConfig> {
  const { spot, minimumHealthyPercent, maximumPercent, zoneRebalancing = maximumPercent > 100 } = settings;
  return {
    ...capacity(spot),
    deploymentCircuitBreaker: { enable: true, rollback: true },
    deploymentMinimumHealthyPercent: minimumHealthyPercent,
    deploymentMaximumPercent: maximumPercent,
    // always explicit: absent means off to provider 5 and on to AWS
    availabilityZoneRebalancing: zoneRebalancing ? "ENABLED" : "DISABLED",
  };
}

/** Launch type or capacity providers: ECS accepts one or the other. */
const capacity = (spot: Settings["spot"]): Partial<EcsServiceConfig> =>
  spot
    ? {
        capacityProviderStrategy: [
          { capacityProvider: "FARGATE", base: spot.base, weight: spot.onDemandWeight },
          { capacityProvider: "FARGATE_SPOT", weight: spot.spotWeight },
        ],
      }
    : { launchType: "FARGATE" };
