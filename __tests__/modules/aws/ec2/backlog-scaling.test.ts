import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../support/synth";
import { buildFleet as build } from "./fleet.fixture";

describe("by the backlog of queues", () => {
  const made = build({ scaling: { queues: { high: "high.fifo", low: "low.fifo" }, messagesPerMachine: 2 } });
  const policyOf = (type: string): Json => made.all(AutoscalingPolicy).find(({ policy_type }) => policy_type === type);

  it("publishes the sizes that the expressions read, and leaves jobs their machines at a refresh", () => {
    const group = made.one(AutoscalingGroup);
    expect(group.enabled_metrics).toEqual(["GroupDesiredCapacity", "GroupInServiceInstances"]);
    expect(group.instance_refresh.preferences.scale_in_protected_instances).toBe("Ignore");
    expect(group).toMatchObject({ min_size: 0, max_size: 4, capacity_rebalance: true });
    expect(group).not.toHaveProperty("desired_capacity");
  });
  it("starts the first machine as soon as a job waits in any queue, of which the others may have no metric", () => {
    const alarms: Json[] = made.all(CloudwatchMetricAlarm);
    expect(alarms.map(({ alarm_name }) => alarm_name)).toEqual([
      "dev-training-high-waiting",
      "dev-training-low-waiting",
    ]);
    for (const [i, queue] of ["high.fifo", "low.fifo"].entries()) {
      expect(alarms[i]).toMatchObject({
        comparison_operator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        evaluation_periods: 1,
        treat_missing_data: "notBreaching",
        alarm_actions: [expect.stringContaining("scaling_wake")],
      });
      const [jobs, machines, ...expressions] = alarms[i].metric_query;
      expect(jobs).toMatchObject({
        id: "jobs",
        metric: {
          namespace: "AWS/SQS",
          metric_name: "ApproximateNumberOfMessagesVisible",
          dimensions: { QueueName: queue },
          period: 60,
        },
      });
      expect(machines).toMatchObject({ id: "machines", metric: { metric_name: "GroupDesiredCapacity", period: 60 } });
      expect(expressions).toMatchObject([{ expression: "IF(machines < 1, jobs, 0)", return_data: true }]);
    }
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
    const queues = { a: "a", b: "b", c: "c", d: "d" };
    const { all } = build({ scaling: { queues, messagesPerMachine: 1 } });
    const tracking = all(AutoscalingPolicy).find(({ policy_type }) => policy_type === "TargetTrackingScaling");
    expect(tracking.target_tracking_configuration.customized_metric_specification.metrics).toHaveLength(10);
  });
});
