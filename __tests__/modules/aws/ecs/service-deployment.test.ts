import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { expect, it } from "vitest";
import { build, rejectsSettings, type Settings } from "./fargate-service.fixture";

const service = (some: Settings = {}) => build(some).one(EcsService);

it("goes back to the revision before when the tasks of a new one do not stay up", () => {
  expect(service().deployment_circuit_breaker).toEqual({ enable: true, rollback: true });
});
it("runs on demand by default, with no strategy of capacity beside", () => {
  expect(service().launch_type).toBe("FARGATE");
  expect(service()).not.toHaveProperty("capacity_provider_strategy");
});
it.each<[NonNullable<Settings["spot"]>, number, number, number]>([
  [{}, 1, 0, 1],
  [{ base: 1, onDemandWeight: 0, spotWeight: 1 }, 1, 0, 1],
  [{ base: 5000, onDemandWeight: 1000, spotWeight: 1000 }, 5000, 1000, 1000],
])("runs on Spot beyond a base on demand where asked (%j)", (spot, base, weight, spotWeight) => {
  expect(service({ spot })).not.toHaveProperty("launch_type");
  expect(service({ spot }).capacity_provider_strategy).toEqual([
    { capacity_provider: "FARGATE", base, weight },
    { capacity_provider: "FARGATE_SPOT", weight: spotWeight },
  ]);
});
it("starts new tasks before it ends old ones, and evens out its zones, by default", () => {
  expect(service()).toMatchObject({
    deployment_minimum_healthy_percent: 100,
    deployment_maximum_percent: 200,
    availability_zone_rebalancing: "ENABLED",
  });
});
it.each<[Settings, string]>([
  [{ maximumPercent: 100, minimumHealthyPercent: 0 }, "DISABLED"],
  [{ maximumPercent: 100, minimumHealthyPercent: 0, zoneRebalancing: false }, "DISABLED"],
  [{ maximumPercent: 200, zoneRebalancing: false }, "DISABLED"],
  [{ maximumPercent: 150, zoneRebalancing: true }, "ENABLED"],
  [{ maximumPercent: 125 }, "ENABLED"],
])("evens out zones as %j allows (%s)", (some, expected) => {
  expect(service(some)).toMatchObject({
    availability_zone_rebalancing: expected,
    deployment_maximum_percent: some.maximumPercent,
    deployment_minimum_healthy_percent: some.minimumHealthyPercent ?? 100,
  });
});
it.each<[number, number, number]>([
  [1, 0, 100],
  [1, 100, 200],
  [4, 75, 100],
  [4, 100, 125],
  [0, 100, 100],
])("can deploy %i tasks between %i and %i percent", (desiredCount, minimumHealthyPercent, maximumPercent) => {
  expect(service({ desiredCount, minimumHealthyPercent, maximumPercent }).desired_count).toBe(desiredCount);
});

const room = (desiredCount: number, minimumHealthyPercent: number, maximumPercent: number) => ({
  desiredCount,
  minimumHealthyPercent,
  maximumPercent,
});
rejectsSettings(
  ["minimumHealthyPercent", room(1, 100, 100), "room to deploy", "1 tasks", "got 100"],
  ["minimumHealthyPercent", room(1, 50, 150), "maximumPercent of 150", "got 50"],
  ["minimumHealthyPercent", room(4, 76, 100), "4 tasks", "got 76"],
  ["minimumHealthyPercent", room(4, 100, 124), "4 tasks", "maximumPercent of 124"],
  [
    "minimumHealthyPercent",
    { ...room(4, 50, 100), autoscaling: { min: 1, max: 8, cpuPercent: 50 } },
    "1 tasks",
    "got 50",
  ],
  ["minimumHealthyPercent", { minimumHealthyPercent: -1 }, "at least 0", "got -1"],
  ["minimumHealthyPercent", { minimumHealthyPercent: 101 }, "at most 100", "got 101"],
  ["maximumPercent", { maximumPercent: 99 }, "at least 100", "got 99"],
  ["maximumPercent", { maximumPercent: 201 }, "at most 200", "got 201"],
  ["zoneRebalancing", { ...room(1, 0, 100), zoneRebalancing: true }, "maximumPercent of 100", "got true"],
  ["zoneRebalancing", { zoneRebalancing: "ENABLED" }, "of type boolean"],
  ["spot.base", { spot: { base: 0 } }, "at least 1", "got 0"],
  ["spot.base", { spot: { base: 5001 } }, "at most 5000", "got 5001"],
  ["spot.onDemandWeight", { spot: { onDemandWeight: -1 } }, "at least 0", "got -1"],
  ["spot.onDemandWeight", { spot: { onDemandWeight: 1001 } }, "at most 1000"],
  ["spot.spotWeight", { spot: { spotWeight: 0 } }, "at least 1", "got 0"],
  ["spot.spotWeight", { spot: { spotWeight: 1001 } }, "at most 1000"],
  ["spot", { spot: true }, "of type object", "true"],
);
