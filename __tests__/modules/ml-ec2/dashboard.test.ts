import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { expect, it } from "vitest";
import { Dashboard } from "../../../modules/ml-ec2/dashboard";
import { type Json, refTo, synth } from "../../support/synth";
import { build, EVERYTHING, FLEET, type OperationsSettings, rejectsSettings } from "./operations.fixture";

const widgets = (settings: OperationsSettings = {}): Json[] =>
  JSON.parse(build({ dashboard: true, ...settings }).one(CloudwatchDashboard).dashboard_body).widgets;
const titles = (settings?: OperationsSettings) => widgets(settings).map(({ properties }) => properties.title);
/** Namespace and name of every metric that is shown. */
const shown = (settings: OperationsSettings): string[] =>
  widgets(settings).flatMap(({ properties }) =>
    (properties.metrics ?? []).map(([namespace, name]: string[]) => `${namespace} ${name}`),
  );
const named = (title: string, settings?: OperationsSettings): Json =>
  widgets(settings).find(({ properties }) => properties.title === title);

it("is off by default", () => {
  expect(build().all(CloudwatchDashboard)).toEqual([]);
  expect(build({ dashboard: true }).one(CloudwatchDashboard).dashboard_name).toBe("ml-dev-ml");
});
it.each([
  ["a machine", EVERYTHING],
  ["three machines", { ...EVERYTHING, instanceCount: 3 }],
  ["a fleet", FLEET],
])("of %s shows the metric of every alarm, of the same machines", (_, settings) => {
  const text = JSON.stringify(widgets(settings));
  const alarms = build(settings).all(CloudwatchMetricAlarm);
  expect(alarms.length).toBeGreaterThan(5);
  for (const { metric_name, namespace, dimensions, metric_query } of alarms) {
    const metric = metric_query?.[0].metric ?? { metric_name, namespace, dimensions };
    const series = [metric.namespace, metric.metric_name, ...Object.entries(metric.dimensions).flat()];
    expect(text).toContain(JSON.stringify(series).slice(0, -1));
  }
});
it("shows CPU, memory, disks, network and status checks of a machine without alarms and GPUs", () => {
  expect(titles({ alarms: false })).toEqual([
    "Status checks",
    "CPU",
    "Memory",
    "Disk space",
    "Disk traffic",
    "Network",
  ]);
  expect(shown({ alarms: false })).toEqual([
    "AWS/EC2 StatusCheckFailed",
    "AWS/EC2 StatusCheckFailed_System",
    "AWS/EC2 CPUUtilization",
    "ml/dev mem_used_percent",
    "ml/dev disk_used_percent",
    "AWS/EC2 EBSReadBytes",
    "AWS/EC2 EBSWriteBytes",
    "AWS/EC2 NetworkIn",
    "AWS/EC2 NetworkOut",
  ]);
});
it("shows GPUs of a machine that has some, or that is watched for them", () => {
  expect(titles()).not.toContain("GPU");
  expect(titles({ instanceType: "g5.xlarge" })).toContain("GPU");
  expect(titles({ instanceType: "q9z.large", gpuAlarmThreshold: 90 })).toContain("GPU");
});
it("shows the state of the alarms, and their thresholds as lines", () => {
  const { type, properties } = named("Alarms");
  expect(type).toBe("alarm");
  expect(properties.alarms).toEqual([refTo(CloudwatchMetricAlarm, "arn"), refTo(CloudwatchMetricAlarm, "arn")]);
  const line = (title: string, settings?: OperationsSettings) => named(title, settings).properties.annotations;
  expect(line("CPU")).toEqual({ horizontal: [{ label: "Alarm", value: 80 }] });
  expect(line("Memory")).toBeUndefined();
  expect(line("Memory", EVERYTHING)).toEqual({ horizontal: [{ label: "Alarm", value: 90 }] });
  expect(line("Disk space", EVERYTHING)).toEqual({ horizontal: [{ label: "Alarm", value: 85 }] });
  expect(line("GPU", EVERYTHING)).toEqual({ horizontal: [{ label: "Alarm", value: 95 }] });
  expect(line("CPU", { alarms: false })).toBeUndefined();
});
it("shows 100 alarms in one widget at most", () => {
  const of = (count: number): Json[] => {
    const alarmArns = Array.from({ length: count }, (_, i) => `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${i}`);
    const { one } = synth(
      (stack) =>
        new Dashboard(stack, "dashboard", {
          prefix: "ml-dev",
          agentNamespace: "ml/dev",
          region: "us-east-1",
          targets: { autoScalingGroupName: "group" },
          gpu: false,
          alarmArns,
        }),
    );
    return JSON.parse(one(CloudwatchDashboard).dashboard_body).widgets.filter(({ type }: Json) => type === "alarm");
  };
  expect(of(100).map(({ properties }) => properties.alarms.length)).toEqual([100]);
  expect(of(101).map(({ properties }) => properties.alarms.length)).toEqual([100, 1]);
});
it("places no widget on another, and all in the region of the machines", () => {
  const all = widgets(EVERYTHING);
  expect(new Set(all.map(({ x, y }) => `${x} ${y}`)).size).toBe(all.length);
  for (const { x, width, height, type, properties } of all) {
    expect([0, 12]).toContain(x);
    expect({ width, height }).toEqual({ width: 12, height: 6 });
    if (type === "metric") expect(properties.region).toBe("us-east-1");
  }
});
it("tells the lines of one graph apart", () => {
  const labels = (title: string) =>
    named(title, { instanceCount: 2 }).properties.metrics.map((series: Json[]) => series.at(-1).label);
  expect(labels("CPU")).toEqual(["0", "1"]);
  expect(labels("Network")).toEqual(["0 In", "0 Out", "1 In", "1 Out"]);
});

rejectsSettings(["dashboard", { dashboard: {} }, "of type boolean"], ["dashboard", { dashboard: "on" }, '"on"']);
