import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { expect, it } from "vitest";
import { refTo } from "../../support/synth";
import { build, MINIMAL } from "./gateway-host.fixture";

const topic = "arn:aws:sns:eu-west-2:123456789012:alerts";
const alarmTopicArns = [topic];
const onHost = {
  namespace: "AWS/EC2",
  dimensions: { InstanceId: refTo(Instance, "id") },
  statistic: "Maximum",
  comparison_operator: "GreaterThanThreshold",
  threshold: 0,
  period: 60,
};

it("has EC2 move the host when what it runs on fails, unless told not to", () => {
  expect(build(MINIMAL).one(CloudwatchMetricAlarm)).toEqual({
    ...onHost,
    alarm_name: "dev-fossa-gateway-recovery",
    alarm_description: expect.any(String),
    metric_name: "StatusCheckFailed_System",
    evaluation_periods: 2,
    treat_missing_data: "notBreaching",
    alarm_actions: [expect.stringMatching(/^arn:aws:automate:\$\{data\.aws_region\.\w+\.id\}:ec2:recover$/)],
  });
  expect(build({ ...MINIMAL, autoRecovery: false }).all(CloudwatchMetricAlarm)).toEqual([]);
});
it("tells people when a status check fails, and when that is over", () => {
  expect(build({ ...MINIMAL, autoRecovery: false, alarmTopicArns }).one(CloudwatchMetricAlarm)).toEqual({
    ...onHost,
    alarm_name: "dev-fossa-gateway-status",
    alarm_description: expect.any(String),
    metric_name: "StatusCheckFailed",
    evaluation_periods: 3,
    treat_missing_data: "breaching",
    alarm_actions: [topic],
    ok_actions: [topic],
  });
  expect(build({ ...MINIMAL, alarmTopicArns }).all(CloudwatchMetricAlarm)).toHaveLength(2);
});
