import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { errorOf } from "../../support/bad-input";
import { refTo } from "../../support/synth";
import { build, EVERYTHING, type OperationsSettings, rejectsSettings } from "./operations.fixture";

const outputs = (settings: OperationsSettings) =>
  build(settings, (operations) => {
    const { alertTopicArn, dashboardName, alarmNames, alarmArns } = operations.monitoring;
    for (const [name, value] of Object.entries({ alertTopicArn, dashboardName, alarmNames, alarmArns })) {
      new TerraformOutput(operations, name, { value, staticId: true });
    }
  }).outputs;

it("tells its topic, dashboard and alarms by reference", () => {
  expect(outputs({ alertEmails: ["ops@example.com"], dashboard: true })).toEqual({
    alertTopicArn: { value: refTo(SnsTopic, "arn") },
    dashboardName: { value: refTo(CloudwatchDashboard, "dashboard_name") },
    alarmNames: { value: [refTo(CloudwatchMetricAlarm, "alarm_name"), refTo(CloudwatchMetricAlarm, "alarm_name")] },
    alarmArns: { value: [refTo(CloudwatchMetricAlarm, "arn"), refTo(CloudwatchMetricAlarm, "arn")] },
  });
});
it("says what to switch on for a topic or a dashboard that is not there", () => {
  const ask = (settings: OperationsSettings, key: "alertTopicArn" | "dashboardName") =>
    errorOf(() => build(settings, ({ monitoring }) => monitoring[key]));
  const topic = ask({ dashboard: true }, "alertTopicArn");
  expect([topic.name, topic.message]).toEqual([
    "InputError",
    "test/ml/monitoring: alertEmails: must be on for what is asked for; name someone, got off",
  ]);
  const dashboard = ask({ alertEmails: ["ops@example.com"] }, "dashboardName");
  expect([dashboard.name, dashboard.message]).toEqual([
    "InputError",
    "test/ml/monitoring: dashboard: must be on for what is asked for; set it to true, got off",
  ]);
});
it("has no topic where nobody is to hear", () => {
  const { all } = build();
  expect([...all(SnsTopic), ...all(KmsKey), ...all(SnsTopicPolicy), ...all(SnsTopicSubscription)]).toEqual([]);
});
it("has no alarms to tell where they are off", () => {
  build({ ...EVERYTHING, alarms: false, alertEmails: [], autoRecovery: false }, ({ monitoring }) => {
    expect([...monitoring.alarmArns, ...monitoring.alarmNames]).toEqual([]);
  });
});

rejectsSettings(
  ["alertEmails", { alarms: false, alertEmails: ["ops@example.com"] }, "must be empty where alarms is off", "ops@"],
  ["alertEmails[0]", { alertEmails: ["ops"] }, "an e-mail address", '"ops"'],
);
