import type { Bill, Rules } from "./bill";
import type { Block } from "./stack-json";

/** Shortest standard-resolution period, seconds. Source: Amazon CloudWatch User Guide, "Alarms". */
const HIGH_RESOLUTION_BELOW = 60;
/** Metrics of an anomaly detection alarm: the metric and the band's two edges. Source: Amazon CloudWatch pricing. */
const BAND_METRICS = 3;

/** Alarms, dashboards, keys, secrets and zones, with a fixed monthly price each. */
export const observabilityRules: Rules = {
  aws_cloudwatch_metric_alarm: billAlarm,
  aws_cloudwatch_composite_alarm: (_, bill) =>
    bill.add("composite alarm", 1, "alarm-month", bill.prices.cloudwatch.compositeAlarm),
  aws_cloudwatch_dashboard: (_, bill) => bill.add("dashboard", 1, "month", bill.prices.cloudwatch.dashboard),
  aws_kms_key: billKey,
  aws_kms_external_key: billKey,
  aws_kms_replica_key: billKey,
  aws_secretsmanager_secret: (_, bill) => bill.add("secret", 1, "month", bill.prices.secret),
  aws_route53_zone: billZone,
  aws_service_discovery_private_dns_namespace: billZone,
  aws_service_discovery_public_dns_namespace: billZone,
  aws_ssm_parameter: (parameter, bill) => {
    const tier = parameter.text("tier", "Standard");
    if (tier !== "Standard") bill.note("a parameter that is not of the standard tier has no price here");
  },
};

function billKey(_: Block, bill: Bill): void {
  bill.add("KMS key", 1, "month", bill.prices.kmsKey);
}

function billZone(_: Block, bill: Bill): void {
  bill.add("hosted zone", 1, "month", bill.prices.hostedZone);
}

function billAlarm(alarm: Block, bill: Bill): void {
  const { alarm: standard, highResolutionAlarm } = bill.prices.cloudwatch;
  const queries = alarm.blocks("metric_query");
  const expressions = queries.map((query) => query.text("expression", "") ?? "");
  if (expressions.some((expression) => /^\s*select\b/i.test(expression))) {
    bill.note("an alarm on a query is paid by the metrics that the query finds");
    return;
  }
  const metrics = queries.length > 0 ? queries.flatMap((query) => query.blocks("metric")) : [alarm];
  const isBand = expressions.some((expression) => expression.includes("ANOMALY_DETECTION_BAND"));
  const isFast = metrics.some(
    (metric) => (metric.number("period", HIGH_RESOLUTION_BELOW) ?? HIGH_RESOLUTION_BELOW) < HIGH_RESOLUTION_BELOW,
  );
  const name = `${isFast ? "high-resolution alarm" : "alarm"}${isBand ? " on a band" : ""}`;
  const count = Math.max(metrics.length, 1) * (isBand ? BAND_METRICS : 1);
  bill.add(name, count, "metric-month", isFast ? highResolutionAlarm : standard);
}
