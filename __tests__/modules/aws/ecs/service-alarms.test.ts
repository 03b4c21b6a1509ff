import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { FargateService, type FargateServiceProps } from "../../../../modules/aws/ecs/fargate-service";
import { type Json, refTo, synth } from "../../../support/synth";
import { build, CLUSTER, rejectsSettings, settings, TOPIC } from "./fargate-service.fixture";

type Alarms = NonNullable<FargateServiceProps["alarms"]>;
const ALL = { missingTasks: true, cpuPercent: 80, memoryPercent: 90 };
const alarms = (some: Partial<Alarms>): Record<string, Json> =>
  Object.fromEntries(
    build({ alarms: { topicArns: [TOPIC], ...some } })
      .all(CloudwatchMetricAlarm)
      .map((alarm) => [alarm.alarm_name, alarm]),
  );
const DIMENSIONS = { ClusterName: "dev-fossa", ServiceName: refTo(EcsService, "name") };
const COMMON = {
  comparison_operator: "GreaterThanThreshold",
  evaluation_periods: 5,
  alarm_actions: [TOPIC],
  ok_actions: [TOPIC],
};

it("are off by default, and each only where it is asked for", () => {
  expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  expect(Object.keys(alarms({ missingTasks: true }))).toEqual(["fossa-missing-tasks"]);
  expect(Object.keys(alarms({ noTasks: true }))).toEqual(["fossa-no-tasks"]);
  expect(Object.keys(alarms({ cpuPercent: 80 }))).toEqual(["fossa-cpu"]);
  expect(Object.keys(alarms({ memoryPercent: 80 }))).toEqual(["fossa-memory"]);
});
it("go off when fewer tasks run than ECS was asked for", () => {
  const count = (id: string, metric_name: string) => ({
    id,
    return_data: false,
    metric: { namespace: "ECS/ContainerInsights", metric_name, stat: "Average", period: 60, dimensions: DIMENSIONS },
  });
  expect(alarms(ALL)["fossa-missing-tasks"]).toMatchObject({
    ...COMMON,
    threshold: 0,
    treat_missing_data: "missing",
    metric_query: [
      count("desired", "DesiredTaskCount"),
      count("running", "RunningTaskCount"),
      { id: "missing", expression: "desired - running", return_data: true },
    ],
  });
});
it("go off when no task reports its CPU, without Container Insights too", () => {
  const cluster = { ...CLUSTER, containerInsights: "disabled" } as const;
  const { one } = build({ cluster, alarms: { topicArns: [TOPIC], noTasks: true } });
  expect(one(CloudwatchMetricAlarm)).toMatchObject({
    ...COMMON,
    comparison_operator: "LessThanThreshold",
    threshold: 1,
    treat_missing_data: "breaching",
    namespace: "AWS/ECS",
    metric_name: "CPUUtilization",
    statistic: "SampleCount",
    period: 60,
    dimensions: DIMENSIONS,
  });
});
it.each([
  ["fossa-cpu", "CPUUtilization", 80],
  ["fossa-memory", "MemoryUtilization", 90],
])("go off when tasks use too much (%s)", (name, metric_name, threshold) => {
  expect(alarms(ALL)[name]).toMatchObject({
    ...COMMON,
    namespace: "AWS/ECS",
    metric_name,
    statistic: "Average",
    period: 60,
    dimensions: DIMENSIONS,
    threshold,
    treat_missing_data: "notBreaching",
  });
});
it("tell their names and ARNs, and take topics of the same stack", () => {
  const { outputs, all } = synth((stack) => {
    const topicArns = [new SnsTopic(stack, "topic", { name: "alerts" }).arn];
    const service = new FargateService(stack, "service", settings({ alarms: { topicArns, cpuPercent: 80 } }));
    new TerraformOutput(stack, "arn", { value: service.alarms?.alarmArns[0], staticId: true });
    new TerraformOutput(stack, "name", { value: service.alarms?.alarmNames[0], staticId: true });
  });
  expect(outputs.arn.value).toEqual(refTo(CloudwatchMetricAlarm, "arn"));
  expect(outputs.name.value).toEqual(refTo(CloudwatchMetricAlarm, "alarm_name"));
  expect(all(CloudwatchMetricAlarm)[0].alarm_actions).toEqual([refTo(SnsTopic, "arn")]);
});
it.each<Partial<Alarms>>([
  { minutes: 1 },
  { minutes: 60 },
  { cpuPercent: 0.1 },
  { cpuPercent: 100, memoryPercent: 100 },
  { topicArns: [0, 1, 2, 3, 4].map((i) => `${TOPIC}${i}`) },
])("accept %j", (some) => {
  expect(alarms({ cpuPercent: 50, ...some })["fossa-cpu"]).toMatchObject({
    threshold: some.cpuPercent ?? 50,
    evaluation_periods: some.minutes ?? 5,
    alarm_actions: some.topicArns ?? [TOPIC],
  });
});
it.each(["enabled", "enhanced"] as const)("count tasks where Container Insights is %s", (containerInsights) => {
  const cluster = { ...CLUSTER, containerInsights };
  const { all } = build({ cluster, alarms: { topicArns: [TOPIC], missingTasks: true } });
  expect(all(CloudwatchMetricAlarm)).toHaveLength(1);
});

const wrong = (some: object) => ({ alarms: { topicArns: [TOPIC], cpuPercent: 80, ...some } });
rejectsSettings(
  [
    "alarms.missingTasks",
    { ...wrong({ missingTasks: true }), cluster: { ...CLUSTER, containerInsights: "disabled" } },
    "containerInsights is disabled",
    "got true",
  ],
  ["alarms.missingTasks", wrong({ cpuPercent: undefined }), "something to watch", "got none"],
  ["alarms.noTasks", wrong({ noTasks: 1 }), "of type boolean"],
  ["alarms.missingTasks", wrong({ missingTasks: 1 }), "of type boolean"],
  ["alarms.topicArns", wrong({ topicArns: [] }), "at least 1 items"],
  ["alarms.topicArns", wrong({ topicArns: undefined }), "is required"],
  ["alarms.topicArns", wrong({ topicArns: [TOPIC, TOPIC] }), "each topic once"],
  ["alarms.topicArns", wrong({ topicArns: [0, 1, 2, 3, 4, 5].map((i) => `${TOPIC}${i}`) }), "at most 5", "got 6"],
  ["alarms.topicArns[0]", wrong({ topicArns: ["alerts"] }), "ARN of an SNS topic", '"alerts"'],
  ["alarms.cpuPercent", wrong({ cpuPercent: 0 }), "more than 0", "got 0"],
  ["alarms.cpuPercent", wrong({ cpuPercent: 100.1 }), "at most 100", "got 100.1"],
  ["alarms.memoryPercent", wrong({ memoryPercent: 0 }), "more than 0"],
  ["alarms.memoryPercent", wrong({ memoryPercent: 101 }), "at most 100"],
  ["alarms.minutes", wrong({ minutes: 0 }), "at least 1", "got 0"],
  ["alarms.minutes", wrong({ minutes: 61 }), "at most 60", "got 61"],
  ["alarms.cpu", wrong({ cpu: 80 }), "unknown key"],
);
