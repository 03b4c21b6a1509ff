import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { describe, expect, it } from "vitest";
import { type Json, refTo } from "../../../support/synth";
import { buildFleet as build } from "./fleet.fixture";

describe("by the backlog of queues", () => {
  const made = build({ scaling: { queueNames: ["high.fifo", "low.fifo"], messagesPerMachine: 2 } });
  const policyOf = (type: string): Json => made.all(AutoscalingPolicy).find(({ policy_type }) => policy_type === type);

  it("publishes the sizes that the expressions read, and leaves jobs their machines at a refresh", () => {
    const group = made.one(AutoscalingGroup);
    expect(group.enabled_metrics).toEqual(["GroupDesiredCapacity", "GroupInServiceInstances"]);
    expect(group.instance_refresh.preferences.scale_in_protected_instances).toBe("Ignore");
    expect(group).toMatchObject({ min_size: 0, max_size: 4, capacity_rebalance: true });
    expect(group).not.toHaveProperty("desired_capacity");
  });
  it("starts the first machine as soon as a job waits in any queue", () => {
    const alarm = made.one(CloudwatchMetricAlarm);
    expect(alarm).toMatchObject({
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
      alarm_actions: [refTo(AutoscalingPolicy, "arn")],
    });
    const queries: Json[] = alarm.metric_query;
    const [expression] = queries.filter((query) => query.expression);
    expect(expression).toMatchObject({
      return_data: true,
      expression: "IF(machines < 1, FILL(queue0_0, 0) + FILL(queue0_1, 0) + FILL(queue1_0, 0) + FILL(queue1_1, 0), 0)",
    });
    expect(
      queries.flatMap(({ metric }) => (metric ? [`${Object.values(metric.dimensions)[0]} ${metric.metric_name}`] : [])),
    ).toEqual([
      "high.fifo ApproximateNumberOfMessagesVisible",
      "high.fifo ApproximateNumberOfMessagesNotVisible",
      "low.fifo ApproximateNumberOfMessagesVisible",
      "low.fifo ApproximateNumberOfMessagesNotVisible",
      expect.stringMatching(/ GroupDesiredCapacity$/),
    ]);
    expect(policyOf("StepScaling")).toMatchObject({
      adjustment_type: "ChangeInCapacity",
      step_adjustment: [{ metric_interval_lower_bound: "0", scaling_adjustment: 1 }],
    });
  });
  it("holds the messages of each machine that is in service, and never divides by none", () => {
    const { target_value, customized_metric_specification } =
      policyOf("TargetTrackingScaling").target_tracking_configuration;
    expect(target_value).toBe(2);
    const backlog = "FILL(queue0_0, 0) + FILL(queue0_1, 0) + FILL(queue1_0, 0) + FILL(queue1_1, 0)";
    const metrics: Json[] = customized_metric_specification.metrics;
    expect(metrics.filter(({ return_data }) => return_data)).toEqual([
      expect.objectContaining({ expression: `IF(machines > 1, (${backlog}) / machines, ${backlog})` }),
    ]);
    expect(metrics.filter(({ id }) => id === "machines")[0].metric_stat.metric).toMatchObject({
      metric_name: "GroupInServiceInstances",
      namespace: "AWS/AutoScaling",
    });
  });
  it("stays within the ten metrics of an expression with four queues", () => {
    const queueNames = ["a", "b", "c", "d"];
    const { all, one } = build({ scaling: { queueNames, messagesPerMachine: 1 } });
    expect(one(CloudwatchMetricAlarm).metric_query).toHaveLength(10);
    const tracking = all(AutoscalingPolicy).find(({ policy_type }) => policy_type === "TargetTrackingScaling");
    expect(tracking.target_tracking_configuration.customized_metric_specification.metrics).toHaveLength(10);
  });
});
