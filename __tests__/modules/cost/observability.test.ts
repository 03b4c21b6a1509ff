import { describe, expect, it } from "vitest";
import { notPriced, paid, ref } from "./cost.fixture";

describe("an alarm", () => {
  const alarm = (own: object) => ({ aws_cloudwatch_metric_alarm: { a: own } });
  const metric = (period = 300) => ({ metric: { metric_name: "NetworkOut", period } });
  it.each<[own: object, lines: Record<string, unknown>]>([
    [{ metric_name: "CPUUtilization", period: 60 }, { alarm: [1, "metric-month", 0.1] }],
    [{ metric_name: "CPUUtilization" }, { alarm: [1, "metric-month", 0.1] }],
    [{ metric_name: "CPUUtilization", period: 10 }, { "high-resolution alarm": [1, "metric-month", 0.3] }],
    [{ metric_name: "CPUUtilization", period: 59 }, { "high-resolution alarm": [1, "metric-month", 0.3] }],
    [{ metric_query: [metric(), metric(), { expression: "m1 + m2" }] }, { alarm: [2, "metric-month", 0.2] }],
    [
      { metric_query: [metric(), { expression: "ANOMALY_DETECTION_BAND(m1, 2)" }] },
      { "alarm on a band": [3, "metric-month", 0.3] },
    ],
    [
      { metric_query: [metric(10), { expression: "ANOMALY_DETECTION_BAND(m1)" }] },
      { "high-resolution alarm on a band": [3, "metric-month", 0.9] },
    ],
  ])("of %j costs %j", (own, lines) => {
    expect(paid(alarm(own))).toEqual(lines);
    expect(notPriced(alarm(own))).toEqual([]);
  });
  it("on a query, or of an unknown period, is listed", () => {
    expect(notPriced(alarm({ metric_query: { expression: "SELECT AVG(CPUUtilization) FROM x" } }))).toEqual([
      "aws_cloudwatch_metric_alarm.a: an alarm on a query is paid by the metrics that the query finds",
    ]);
    expect(notPriced(alarm({ metric_name: "x", period: ref("var.p") }))).toEqual([
      "aws_cloudwatch_metric_alarm.a: period is not known at synth",
    ]);
  });
});

it.each([
  ["aws_cloudwatch_composite_alarm", { "composite alarm": [1, "alarm-month", 0.5] }],
  ["aws_cloudwatch_dashboard", { dashboard: [1, "month", 3] }],
  ["aws_kms_key", { "KMS key": [1, "month", 1] }],
  ["aws_kms_replica_key", { "KMS key": [1, "month", 1] }],
  ["aws_secretsmanager_secret", { secret: [1, "month", 0.4] }],
  ["aws_route53_zone", { "hosted zone": [1, "month", 0.5] }],
  ["aws_service_discovery_private_dns_namespace", { "hosted zone": [1, "month", 0.5] }],
])("%s costs so much a month", (type, lines) => {
  expect(paid({ [type]: { it: {} } })).toEqual(lines);
});

it("a parameter is free in the standard tier, and listed in another", () => {
  const parameter = (tier?: string) => ({ aws_ssm_parameter: { p: { tier } } });
  expect(notPriced(parameter())).toEqual([]);
  expect(notPriced(parameter("Advanced"))).toEqual([
    "aws_ssm_parameter.p: a parameter that is not of the standard tier has no price here",
  ]);
});
