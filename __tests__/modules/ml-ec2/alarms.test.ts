import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { describe, expect, it } from "vitest";
import { type Json, refTo } from "../../support/synth";
import { build, EVERYTHING, FLEET, type OperationsSettings, rejectsSettings } from "./operations.fixture";

/** Alarms by what follows `ml-dev-` in their name. */
const alarms = (settings: OperationsSettings = {}): Record<string, Json> =>
  Object.fromEntries(
    build(settings)
      .all(CloudwatchMetricAlarm)
      .map((alarm) => [alarm.alarm_name.replace(/^ml-dev-/, ""), alarm]),
  );
const alertEmails = ["ops@example.com"];
const topic = refTo(SnsTopic, "arn");

it("are two by default: CPU and status check", () => {
  const { "0-cpu": cpu, "0-status": status, ...more } = alarms();
  expect(more).toEqual({});
  const common = {
    dimensions: { InstanceId: refTo(Instance, "id") },
    namespace: "AWS/EC2",
    period: 300,
    evaluation_periods: 2,
    comparison_operator: "GreaterThanThreshold",
  };
  expect(cpu).toMatchObject({ ...common, metric_name: "CPUUtilization", statistic: "Average", threshold: 80 });
  expect(status).toMatchObject({ ...common, metric_name: "StatusCheckFailed", statistic: "Maximum", threshold: 0 });
});
it("are none where they are off, whatever else is set", () => {
  const off = { ...EVERYTHING, alarms: false, alertEmails: [], autoRecovery: false };
  expect(alarms(off)).toEqual({});
  expect(build(off).all(SnsTopic)).toEqual([]);
});
it("have no action unless someone is to hear, and then all of them, for the end too", () => {
  for (const alarm of Object.values(alarms())) {
    for (const key of ["alarm_actions", "ok_actions", "depends_on"]) expect(alarm).not.toHaveProperty(key);
  }
  const all = Object.values(alarms(EVERYTHING));
  expect(all).toHaveLength(7);
  for (const alarm of all) {
    expect(alarm.alarm_actions.at(-1)).toEqual(topic);
    expect(alarm.ok_actions).toEqual([topic]);
    expect(alarm.depends_on).toEqual([expect.stringMatching(`^${SnsTopicPolicy.tfResourceType}\\.`)]);
  }
});
it("stand on each machine, in any number", () => {
  const names = Object.keys(alarms({ instanceCount: 3 })).sort();
  expect(names).toEqual(["0-cpu", "0-status", "1-cpu", "1-status", "2-cpu", "2-status"]);
  const machines = Object.values(alarms({ instanceCount: 3 })).map(({ dimensions }) => dimensions.InstanceId);
  expect(new Set(machines).size).toBe(3);
});
it("stand on a fleet as a whole", () => {
  const all = alarms(FLEET);
  expect(Object.keys(all).sort()).toEqual([
    "fleet-cpu",
    "fleet-disk",
    "fleet-gpu",
    "fleet-memory",
    "fleet-network",
    "fleet-status",
  ]);
  const { "fleet-network": network, ...others } = all;
  for (const { dimensions } of Object.values(others)) {
    expect(dimensions).toEqual({ AutoScalingGroupName: refTo(AutoscalingGroup, "name") });
  }
  expect(network.metric_query[0].metric.dimensions).toEqual({ AutoScalingGroupName: refTo(AutoscalingGroup, "name") });
});

describe("thresholds", () => {
  it.each([
    ["cpuAlarmThreshold", "0-cpu", "AWS/EC2", "CPUUtilization", "Average"],
    ["diskAlarmThreshold", "0-disk", "ml/dev", "disk_used_percent", "Maximum"],
    ["memoryAlarmThreshold", "0-memory", "ml/dev", "mem_used_percent", "Maximum"],
    ["gpuAlarmThreshold", "0-gpu", "ml/dev", "nvidia_smi_utilization_gpu", "Average"],
  ])("%s is an alarm on that metric, from above 0 to 100", (key, name, namespace, metric_name, statistic) => {
    for (const threshold of [0.1, 100]) {
      expect(alarms({ instanceType: "g5.xlarge", [key]: threshold })[name]).toMatchObject({
        namespace,
        metric_name,
        statistic,
        threshold,
        comparison_operator: "GreaterThanThreshold",
        treat_missing_data: "notBreaching",
        alarm_description: expect.stringContaining(`above ${threshold} %: `),
      });
    }
  });
  it("hold for a GPU type that is not known", () => {
    expect(alarms({ instanceType: "q9z.large", gpuAlarmThreshold: 90 })).toHaveProperty("0-gpu");
  });
  it.each([60, 300, 900, 3600] as const)("hold over periods of %i seconds where asked", (alarmPeriodSeconds) => {
    for (const alarmEvaluationPeriods of [1, 24]) {
      const all = alarms({ alarmPeriodSeconds, alarmEvaluationPeriods, networkAnomalyAlarm: true });
      expect(all["0-cpu"]).toMatchObject({ period: alarmPeriodSeconds, evaluation_periods: alarmEvaluationPeriods });
      expect(all["0-status"]).toMatchObject({ period: alarmPeriodSeconds, evaluation_periods: alarmEvaluationPeriods });
      expect(all["0-network"].metric_query[0].metric.period).toBe(alarmPeriodSeconds);
    }
  });
});

describe("silence", () => {
  const silence = (settings: OperationsSettings) => alarms(settings)["0-status"].treat_missing_data;

  it("of a machine that should run is a fault", () => {
    expect(silence({})).toBe("breaching");
    expect(silence({ schedule: { start: "0 8 * * *" } })).toBe("breaching");
  });
  it("of a fleet is a fault unless it may be empty", () => {
    const silent = (minSize: number) => alarms({ fleet: { minSize } })["fleet-status"].treat_missing_data;
    expect([silent(1), silent(0)]).toEqual(["breaching", "notBreaching"]);
  });
  it("of a machine that is stopped by plan is none, and no all-clear follows in the morning", () => {
    expect(silence({ schedule: { stop: "0 20 * * *" } })).toBe("notBreaching");
  });
  it("is left to the status check by all other alarms", () => {
    const { "0-status": _, ...others } = alarms(EVERYTHING);
    expect(new Set(Object.values(others).map(({ treat_missing_data }) => treat_missing_data))).toEqual(
      new Set(["notBreaching"]),
    );
  });
});

it("tell of more network traffic than usual where asked", () => {
  expect(alarms()).not.toHaveProperty("0-network");
  const alarm = alarms({ networkAnomalyAlarm: true })["0-network"];
  expect(alarm).toMatchObject({
    comparison_operator: "GreaterThanUpperThreshold",
    threshold_metric_id: "band",
    evaluation_periods: 2,
    metric_query: [
      {
        id: "out",
        return_data: true,
        metric: {
          namespace: "AWS/EC2",
          metric_name: "NetworkOut",
          stat: "Sum",
          period: 300,
          dimensions: { InstanceId: refTo(Instance, "id") },
        },
      },
      { id: "band", return_data: true, expression: "ANOMALY_DETECTION_BAND(out, 2)" },
    ],
  });
  for (const key of ["threshold", "metric_name", "period", "statistic", "dimensions"]) {
    expect(alarm).not.toHaveProperty(key);
  }
});

describe("recovery", () => {
  it("moves an instance off a host that fails, and tells of it", () => {
    expect(alarms({ autoRecovery: true, alertEmails })["0-recovery"]).toMatchObject({
      namespace: "AWS/EC2",
      metric_name: "StatusCheckFailed_System",
      statistic: "Maximum",
      threshold: 0,
      comparison_operator: "GreaterThanThreshold",
      period: 60,
      evaluation_periods: 2,
      alarm_actions: ["arn:aws:automate:us-east-1:ec2:recover", topic],
      ok_actions: [topic],
    });
  });
  it("does so where nobody hears of it too", () => {
    const alarm = alarms({ autoRecovery: true })["0-recovery"];
    expect(alarm.alarm_actions).toEqual(["arn:aws:automate:us-east-1:ec2:recover"]);
    expect(alarm).not.toHaveProperty("ok_actions");
  });
  it("leaves EC2's own recovery on; off leaves no trace", () => {
    expect(build({ autoRecovery: true }).one(Instance).maintenance_options).toEqual({ auto_recovery: "default" });
    expect(build().one(Instance)).not.toHaveProperty("maintenance_options");
    expect(alarms()).not.toHaveProperty("0-recovery");
  });
});

rejectsSettings(
  ["cpuAlarmThreshold", { cpuAlarmThreshold: 0 }, "more than 0", "got 0"],
  ["cpuAlarmThreshold", { cpuAlarmThreshold: 101 }, "at most 100", "got 101"],
  ["cpuAlarmThreshold", { cpuAlarmThreshold: "80" }, "of type number", '"80"'],
  ["diskAlarmThreshold", { diskAlarmThreshold: 0 }, "more than 0", "got 0"],
  ["diskAlarmThreshold", { diskAlarmThreshold: 100.5 }, "at most 100", "got 100.5"],
  ["memoryAlarmThreshold", { memoryAlarmThreshold: -1 }, "more than 0", "got -1"],
  ["memoryAlarmThreshold", { memoryAlarmThreshold: 101 }, "at most 100"],
  ["gpuAlarmThreshold", { instanceType: "g5.xlarge", gpuAlarmThreshold: 0 }, "more than 0"],
  ["gpuAlarmThreshold", { instanceType: "g5.xlarge", gpuAlarmThreshold: 101 }, "at most 100"],
  ["gpuAlarmThreshold", { gpuAlarmThreshold: 90 }, "t3.medium, which has no NVIDIA GPU", "got 90"],
  ["networkAnomalyAlarm", { networkAnomalyAlarm: "yes" }, "of type boolean", '"yes"'],
  ["alarms", { alarms: "true" }, "of type boolean", '"true"'],
  ["alarmPeriodSeconds", { alarmPeriodSeconds: 120 }, "one of 60, 300, 900, 3600", "got 120"],
  ["alarmEvaluationPeriods", { alarmEvaluationPeriods: 0 }, "at least 1", "got 0"],
  ["alarmEvaluationPeriods", { alarmEvaluationPeriods: 25 }, "at most 24", "got 25"],
  ["alarmEvaluationPeriods", { alarmEvaluationPeriods: 1.5 }, "whole number", "got 1.5"],
  ["autoRecovery", { alarms: false, autoRecovery: true }, "must be off where alarms is off", "got true"],
  ["autoRecovery", { fleet: {}, autoRecovery: true }, "must be off with fleet", "got true"],
  [
    "autoRecovery",
    { instanceType: "m5.metal", autoRecovery: true },
    "m5.metal, since EC2 does not recover",
    "got true",
  ],
  ["cpuAlarmTreshold", { cpuAlarmTreshold: 80 }, "did you mean cpuAlarmThreshold?"],
);
