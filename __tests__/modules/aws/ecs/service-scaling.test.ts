import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { expect, it } from "vitest";
import type { FargateServiceProps } from "../../../../modules/aws/ecs/fargate-service";
import { refTo } from "../../../support/synth";
import { build, rejectsSettings } from "./fargate-service.fixture";

type Autoscaling = NonNullable<FargateServiceProps["autoscaling"]>;
const QUEUE = {
  namespace: "AWS/AmazonMQ",
  metricName: "MessageReadyCount",
  dimensions: { Queue: "q", Broker: "b" },
  perTask: 10,
};
const scaled = (some: Partial<Autoscaling> = {}) =>
  build({ autoscaling: { min: 1, max: 32, cpuPercent: 60, ...some }, desiredCount: some.min ?? 4 });
const SERVICE = /^service\/dev-fossa\/\$\{aws_ecs_service\.[\w-]+\.name\}$/;

it("is off by default: the number of tasks is the user's", () => {
  const { all, one } = build();
  expect(all(AppautoscalingTarget)).toEqual([]);
  expect(all(AppautoscalingPolicy)).toEqual([]);
  expect(one(EcsService)).not.toHaveProperty("lifecycle");
});
it("keeps between the limits, and leaves the number to AWS", () => {
  const { one } = scaled();
  expect(one(AppautoscalingTarget)).toEqual({
    service_namespace: "ecs",
    scalable_dimension: "ecs:service:DesiredCount",
    resource_id: expect.stringMatching(SERVICE),
    min_capacity: 1,
    max_capacity: 32,
  });
  expect(one(EcsService)).toMatchObject({ desired_count: 4, lifecycle: { ignore_changes: ["desired_count"] } });
});
it("aims at a percentage of the CPU", () => {
  expect(scaled().one(AppautoscalingPolicy)).toEqual({
    name: "fossa-cpu",
    policy_type: "TargetTrackingScaling",
    service_namespace: refTo(AppautoscalingTarget, "service_namespace"),
    scalable_dimension: refTo(AppautoscalingTarget, "scalable_dimension"),
    resource_id: refTo(AppautoscalingTarget, "resource_id"),
    target_tracking_scaling_policy_configuration: {
      target_value: 60,
      scale_in_cooldown: 300,
      scale_out_cooldown: 300,
      predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
    },
  });
});
it.each([1, 100])("aims at %i percent of the memory", (memoryPercent) => {
  const policy = scaled({ cpuPercent: undefined, memoryPercent }).one(AppautoscalingPolicy);
  expect(policy.name).toBe("fossa-memory");
  expect(policy.target_tracking_scaling_policy_configuration).toMatchObject({
    target_value: memoryPercent,
    predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" },
  });
});
it("aims at what waits for each task that runs", () => {
  const policy = scaled({ cpuPercent: undefined, queue: QUEUE }).one(AppautoscalingPolicy);
  expect(policy.name).toBe("fossa-queue");
  const { target_value, customized_metric_specification } = policy.target_tracking_scaling_policy_configuration;
  expect(target_value).toBe(10);
  const { metrics } = customized_metric_specification;
  expect(metrics).toEqual([
    {
      id: "waiting",
      return_data: false,
      metric_stat: {
        stat: "Average",
        metric: {
          namespace: "AWS/AmazonMQ",
          metric_name: "MessageReadyCount",
          dimensions: [
            { name: "Broker", value: "b" },
            { name: "Queue", value: "q" },
          ],
        },
      },
    },
    {
      id: "tasks",
      return_data: false,
      metric_stat: {
        stat: "SampleCount",
        metric: {
          namespace: "AWS/ECS",
          metric_name: "CPUUtilization",
          dimensions: [
            { name: "ClusterName", value: "dev-fossa" },
            { name: "ServiceName", value: refTo(EcsService, "name") },
          ],
        },
      },
    },
    { id: "per_task", label: "Waiting per task", expression: "waiting / tasks", return_data: true },
  ]);
});
it("can aim at both, which are two policies", () => {
  const names = scaled({ queue: QUEUE })
    .all(AppautoscalingPolicy)
    .map(({ name }) => name);
  expect(names.sort()).toEqual(["fossa-cpu", "fossa-queue"]);
});
it("stops no task where it is told so", () => {
  const configuration = (scaleIn?: boolean) =>
    scaled({ scaleIn }).one(AppautoscalingPolicy).target_tracking_scaling_policy_configuration;
  expect(configuration(false).disable_scale_in).toBe(true);
  for (const scaleIn of [undefined, true]) expect(configuration(scaleIn)).not.toHaveProperty("disable_scale_in");
});
it.each<Partial<Autoscaling>>([
  { min: 1, max: 1 },
  { min: 5000, max: 5000 },
  { cpuPercent: 1 },
  { cpuPercent: 100 },
  { scaleInCooldown: 0, scaleOutCooldown: 0 },
  { scaleInCooldown: 86_400, scaleOutCooldown: 86_400 },
  { queue: { ...QUEUE, perTask: 0.5, dimensions: undefined } },
  { queue: { ...QUEUE, perTask: 1_000_000 } },
  { queue: { ...QUEUE, dimensions: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`d${i}`, "x"])) } },
])("accepts %j", (some) => {
  const target = scaled(some).one(AppautoscalingTarget);
  expect(target).toMatchObject({ min_capacity: some.min ?? 1, max_capacity: some.max ?? 32 });
});
it.each([0, 1, 32, 5000])("accepts %i tasks", (desiredCount) => {
  expect(build({ desiredCount }).one(EcsService).desired_count).toBe(desiredCount);
});
it.each([2, 8])("begins with %i tasks, at the edge of the limits", (desiredCount) => {
  const autoscaling = { min: 2, max: 8, cpuPercent: 50 };
  expect(build({ autoscaling, desiredCount }).one(EcsService).desired_count).toBe(desiredCount);
});
it("sets its cooldowns", () => {
  const policy = scaled({ scaleInCooldown: 600, scaleOutCooldown: 30 }).one(AppautoscalingPolicy);
  expect(policy.target_tracking_scaling_policy_configuration).toMatchObject({
    scale_in_cooldown: 600,
    scale_out_cooldown: 30,
  });
});

const auto = (some: object, desiredCount = 4) => ({
  desiredCount,
  autoscaling: { min: 1, max: 32, cpuPercent: 60, ...some },
});
const queue = (some: object) => auto({ queue: { ...QUEUE, ...some } });
rejectsSettings(
  ["desiredCount", { desiredCount: -1 }, "at least 0", "got -1"],
  ["desiredCount", { desiredCount: 1.5 }, "whole number", "got 1.5"],
  ["desiredCount", { desiredCount: 5001 }, "at most 5000", "got 5001"],
  ["desiredCount", { desiredCount: undefined }, "is required"],
  ["desiredCount", { desiredCount: "4" }, "of type number", '"4"'],
  ["desiredCount", auto({ min: 5 }), "the 5 to 32 tasks", "got 4"],
  ["desiredCount", auto({ max: 3 }), "the 1 to 3 tasks", "got 4"],
  ["desiredCount", auto({}, 0), "within", "got 0"],
  ["autoscaling.min", auto({ min: 0 }), "at least 1", "got 0"],
  ["autoscaling.min", auto({ min: 5001, max: 5001 }), "at most 5000"],
  ["autoscaling.max", auto({ min: 4, max: 3 }), "at least min (4)", "got 3"],
  ["autoscaling.max", auto({ max: 5001 }), "at most 5000", "got 5001"],
  ["autoscaling.max", auto({ max: undefined }), "is required"],
  ["autoscaling.cpuPercent", auto({ cpuPercent: undefined }), "or memoryPercent or queue is required", "got none"],
  ["autoscaling.cpuPercent", auto({ cpuPercent: 0 }), "at least 1", "got 0"],
  ["autoscaling.cpuPercent", auto({ cpuPercent: 101 }), "at most 100", "got 101"],
  ["autoscaling.memoryPercent", auto({ memoryPercent: 0 }), "at least 1", "got 0"],
  ["autoscaling.memoryPercent", auto({ memoryPercent: 101 }), "at most 100", "got 101"],
  ["autoscaling.scaleIn", auto({ scaleIn: "no" }), "of type boolean"],
  ["autoscaling.scaleInCooldown", auto({ scaleInCooldown: -1 }), "at least 0", "got -1"],
  ["autoscaling.scaleInCooldown", auto({ scaleInCooldown: 86_401 }), "at most 86400"],
  ["autoscaling.scaleOutCooldown", auto({ scaleOutCooldown: -1 }), "at least 0"],
  ["autoscaling.scaleOutCooldown", auto({ scaleOutCooldown: 86_401 }), "at most 86400"],
  ["autoscaling.queue.perTask", queue({ perTask: 0 }), "more than 0", "got 0"],
  ["autoscaling.queue.perTask", queue({ perTask: 1_000_001 }), "at most 1000000"],
  ["autoscaling.queue.namespace", queue({ namespace: "" }), "at least 1"],
  ["autoscaling.queue.namespace", queue({ namespace: "x".repeat(256) }), "at most 255"],
  ["autoscaling.queue.metricName", queue({ metricName: undefined }), "is required"],
  ["autoscaling.queue.dimensions.Queue", queue({ dimensions: { Queue: "" } }), "at least 1"],
  ["autoscaling.queue.dimensions.Queue", queue({ dimensions: { Queue: "x".repeat(1025) } }), "at most 1024"],
  [
    "autoscaling.queue.dimensions",
    queue({ dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`d${i}`, "x"])) }),
    "at most 30",
    "got 31",
  ],
  ["autoscaling.target", auto({ target: 1 }), "unknown key"],
);
