import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { describe, expect, it } from "vitest";
import { refTo } from "../../../support/synth";
import { build, list, TOPIC } from "./http-api.fixture";

describe("alarms", () => {
  it("tell of errors, slow answers, and functions that fail or are throttled", () => {
    const alarms = build({ alarmTopicArns: [TOPIC], routes: { list } }).all(CloudwatchMetricAlarm);
    expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
      "dev-things-latency",
      "dev-things-list-errors",
      "dev-things-list-throttles",
      "dev-things-server-errors",
    ]);
    for (const { alarm_actions, ok_actions } of alarms) expect([alarm_actions, ok_actions]).toEqual([[TOPIC], [TOPIC]]);
    const named = (end: string) => alarms.find(({ alarm_name }) => alarm_name === `dev-things-${end}`);
    const dimensions = { ApiId: refTo(Apigatewayv2Api, "id"), Stage: "$default" };
    expect(named("latency")).toMatchObject({
      namespace: "AWS/ApiGateway",
      metric_name: "Latency",
      extended_statistic: "p99",
      threshold: 5000,
      dimensions,
    });
    const errors = named("server-errors");
    expect(errors.threshold).toBe(5);
    expect(errors.metric_query.map(({ id }: { id: string }) => id)).toEqual(["percent", "errors", "requests"]);
    expect(errors.metric_query[1].metric).toMatchObject({
      namespace: "AWS/ApiGateway",
      metric_name: "5xx",
      dimensions,
    });
    expect(errors.metric_query[2].metric).toMatchObject({ metric_name: "Count", stat: "Sum" });
  });
  it("have thresholds of the user, and are not there without topics", () => {
    const alarms = { serverErrorPercent: 0.5, p99Milliseconds: 30_000 };
    const found = build({ alarmTopicArns: [TOPIC], alarms, routes: { list } }).all(CloudwatchMetricAlarm);
    expect(found.map(({ threshold }) => threshold).sort()).toEqual([0, 0, 0.5, 30_000]);
    expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  });
});
