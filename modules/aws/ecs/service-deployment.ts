import type { EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";
import { z } from "zod";
import { refuse } from "../../common/settings/faults";

const weight = z.int().max(1000); // Source: ECS API reference, CapacityProviderStrategyItem

/** Where a service's tasks run, and how new ones take the place of old ones. */
export const serviceDeploymentShape = {
  /**
   * Whether tasks run on Fargate Spot, for about a third of the price: AWS takes them back two minutes after it warns by
   * SIGTERM. On demand only when absent.
   */
  spot: z
    .strictObject({
      /** Tasks, 1 to 5000, that always run on demand; 1 by default. */
      base: z.int().min(1).max(5000).default(1),
      /** Share of the other tasks that run on demand, 0 to 1000; 0 by default. */
      onDemandWeight: weight.min(0).default(0),
      /** Share of the other tasks that run on Spot, 1 to 1000; 1 by default. */
      spotWeight: weight.min(1).default(1),
    })
    .optional(),
  /** Percent of `desiredCount`, 0 to 100, that keep running while a new revision is rolled out; 100 by default. */
  minimumHealthyPercent: z.int().min(0).max(100).default(100),
  /** Percent of `desiredCount`, 100 to 200, that may run meanwhile; 200 by default. At 100 old tasks end before new ones start. */
  maximumPercent: z.int().min(100).max(200).default(200),
  /**
   * Whether ECS evens out its zones by starting tasks in one and ending tasks in another. On when absent, if
   * `maximumPercent` is above 100; switch it off for tasks that lose work when they end.
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
    // ECS rounds the least number of tasks up and the greatest down, and waits for ever if it may neither end a task nor
    // start another. Source: ECS API reference, DeploymentConfiguration.
    const least = Math.ceil((count * minimumHealthyPercent) / 100);
    const most = Math.floor((count * maximumPercent) / 100);
    if (least < most || count === 0) continue;
    refuse(
      ctx,
      "minimumHealthyPercent",
      `must leave room to deploy: with a maximumPercent of ${maximumPercent}, ${count} tasks may be neither more nor fewer meanwhile, got ${minimumHealthyPercent}`,
    );
  }
}

/** Arguments of a service by which ECS goes back to the revision before when the tasks of a new one do not stay up. */
export function deployment(settings: Settings): Partial<EcsServiceConfig> {
  const { spot, minimumHealthyPercent, maximumPercent, zoneRebalancing = maximumPercent > 100 } = settings;
  return {
    ...capacity(spot),
    deploymentCircuitBreaker: { enable: true, rollback: true },
    deploymentMinimumHealthyPercent: minimumHealthyPercent,
    deploymentMaximumPercent: maximumPercent,
    // said in both cases: left out, provider 5 takes it for off and AWS for on
    availabilityZoneRebalancing: zoneRebalancing ? "ENABLED" : "DISABLED",
  };
}

/** Fargate by its launch type, or Fargate and Fargate Spot by shares: ECS takes one or the other. */
const capacity = (spot: Settings["spot"]): Partial<EcsServiceConfig> =>
  spot
    ? {
        capacityProviderStrategy: [
          { capacityProvider: "FARGATE", base: spot.base, weight: spot.onDemandWeight },
          { capacityProvider: "FARGATE_SPOT", weight: spot.spotWeight },
        ],
      }
    : { launchType: "FARGATE" };
