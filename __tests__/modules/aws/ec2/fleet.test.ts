import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { describe, expect, it } from "vitest";
import { Fleet, type FleetProps, fleetTypesFault } from "../../../../modules/aws/ec2/fleet";
import { type Json, refTo, synth } from "../../../support/synth";

const SIZES = { minSize: 0, maxSize: 4, warmupSeconds: 300, spotPercentage: 100, onDemandBase: 0 };
const build = (props: Partial<FleetProps> = {}) =>
  synth(
    (stack) =>
      new Fleet(stack, "fleet", {
        name: "dev-training",
        subnetIds: ["subnet-a"],
        instanceTypes: ["g4dn.xlarge", "g5.xlarge"],
        sizes: SIZES,
        instanceProfileName: "profile",
        securityGroupIds: ["sg-1"],
        publicAddress: false,
        userData: "#!/bin/bash\n",
        rootVolume: { gib: 100 },
        tags: { Team: "ml" },
        dependsOn: [],
        ...props,
      }),
  );

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

it("keeps its size without scaling", () => {
  const made = build();
  expect(made.all(AutoscalingPolicy)).toEqual([]);
  expect(made.one(AutoscalingGroup)).not.toHaveProperty("enabled_metrics");
  expect(made.one(AutoscalingGroup).instance_refresh.preferences).not.toHaveProperty("scale_in_protected_instances");
});
it("gives a machine time to save its work before it ends, where asked", () => {
  expect(build().all(AutoscalingLifecycleHook)).toEqual([]);
  expect(build({ terminationSeconds: 120 }).one(AutoscalingLifecycleHook)).toMatchObject({
    autoscaling_group_name: refTo(AutoscalingGroup, "name"),
    lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
    heartbeat_timeout: 120,
    default_result: "CONTINUE",
  });
});
it("starts each machine from the newest image of a parameter, without a plan for it", () => {
  const made = build({ imageParameter: "/images/training" });
  expect(made.one(LaunchTemplate).image_id).toBe("resolve:ssm:/images/training");
  expect(made.one(LaunchTemplate)).not.toHaveProperty("lifecycle");
  expect(made.data(DataAwsSsmParameter)).toEqual([]);
});
it("asks for metadata by tokens only, and for no public address", () => {
  const template = build().one(LaunchTemplate);
  expect(template.metadata_options).toEqual({
    http_endpoint: "enabled",
    http_tokens: "required",
    http_put_response_hop_limit: 1,
  });
  expect(template.network_interfaces[0].associate_public_ip_address).toBe("false");
  expect(template).not.toHaveProperty("key_name");
});
it("tags what it starts", () => {
  expect(build().one(AutoscalingGroup).tag).toEqual([
    { key: "Team", value: "ml", propagate_at_launch: true },
    { key: "Name", value: "dev-training", propagate_at_launch: true },
  ]);
});
it.each<[[string, ...string[]], string | undefined, RegExp | undefined]>([
  [["g4dn.xlarge"], undefined, undefined],
  [["g4dn.xlarge", "g6.xlarge"], undefined, undefined],
  [["g4dn.xlarge", "m5.large"], undefined, /kind of accelerator of instanceType \(g4dn\.xlarge\)/],
  [["c7g.large", "c5.large"], undefined, /architecture/],
  [["q9.large", "q8.large"], undefined, /project's table/],
  [["q9.large", "q8.large"], "ami-0123456789abcdef0", undefined],
])("knows whether %j share an image", (types, amiId, words) => {
  const fault = fleetTypesFault(types, amiId);
  if (words) expect(fault).toMatch(words);
  else expect(fault).toBeUndefined();
});
