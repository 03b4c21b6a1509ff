import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { z } from "zod";
import { type StateMachineParts, stateMachine, stateMachineShape } from "../../../../modules/aws/sfn/state-machine";
import { type Json, refTo, synth } from "../../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const DEFINITION = JSON.stringify({ StartAt: "End", States: { End: { Type: "Succeed" } } });
const schema = z.strictObject(stateMachineShape);
const build = (settings: object = {}, more: Partial<StateMachineParts> = {}) =>
  synth((stack) => {
    const topic = new SnsTopic(stack, "topic");
    const made = stateMachine(stack, {
      name: "dev-runs",
      definition: DEFINITION,
      statements: [{ Sid: "Call", Action: "lambda:InvokeFunction", Resource: "*" }],
      ready: [topic],
      settings: schema.parse(settings),
      ...more,
    });
    const value = [made.machine.arn, made.roleArn, made.logGroupName, ...made.alarmArns];
    new TerraformOutput(stack, "made", { value, staticId: true });
  });
const statements = (settings: object = {}): Json[] => JSON.parse(build(settings).one(IamRolePolicy).policy).Statement;

it("runs its definition by a role of its own, and waits for what its first execution needs", () => {
  const { one, outputs } = build();
  expect(one(SfnStateMachine)).toEqual({
    name: "dev-runs",
    role_arn: refTo(IamRole, "arn"),
    definition: DEFINITION,
    logging_configuration: {
      level: "ERROR",
      include_execution_data: false,
      log_destination: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}:\*$/),
    },
    tracing_configuration: { enabled: true },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\./), expect.stringMatching(/^aws_sns_topic\./)],
  });
  expect(outputs.made.value).toEqual([
    refTo(SfnStateMachine, "arn"),
    refTo(IamRole, "arn"),
    refTo(CloudwatchLogGroup, "name"),
  ]);
  expect(JSON.parse(one(IamRole).assume_role_policy).Statement).toEqual([
    { Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: ["sts:AssumeRole"] },
  ]);
});
it("may do what its states do, write its logs, and traces where there are any", () => {
  expect(statements().map(({ Sid }) => Sid)).toEqual(["Call", "Logs", "Traces"]);
  expect(statements({ tracing: false }).map(({ Sid }) => Sid)).toEqual(["Call", "Logs"]);
  expect(build({ tracing: false }).one(SfnStateMachine).tracing_configuration).toEqual({ enabled: false });
});
it("keeps its logs where AWS delivers them, for as long and under the key that is asked for", () => {
  expect(build().one(CloudwatchLogGroup)).toEqual({
    name: "/aws/vendedlogs/states/dev-runs",
    retention_in_days: 30,
  });
  expect(build({ logRetentionDays: 1, logKmsKeyArn: KEY }).one(CloudwatchLogGroup)).toEqual({
    name: "/aws/vendedlogs/states/dev-runs",
    retention_in_days: 1,
    kms_key_id: KEY,
  });
});
it.each(["ALL", "ERROR", "FATAL"])("logs %s, with what goes into states where asked", (logLevel) => {
  expect(build({ logLevel, logData: true }).one(SfnStateMachine).logging_configuration).toMatchObject({
    level: logLevel,
    include_execution_data: true,
  });
});
it("has alarms of every way in which an execution goes wrong, where somebody is to know", () => {
  expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  const { all, outputs } = build({}, { topicArns: [TOPIC] });
  const alarms = all(CloudwatchMetricAlarm);
  expect(Object.fromEntries(alarms.map(({ alarm_name, metric_name }) => [alarm_name, metric_name]))).toEqual({
    "dev-runs-failed": "ExecutionsFailed",
    "dev-runs-timed-out": "ExecutionsTimedOut",
    "dev-runs-aborted": "ExecutionsAborted",
    "dev-runs-throttled": "ExecutionThrottled",
  });
  for (const alarm of alarms) {
    expect(alarm).toMatchObject({
      namespace: "AWS/States",
      dimensions: { StateMachineArn: refTo(SfnStateMachine, "arn") },
      statistic: "Sum",
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      treat_missing_data: "notBreaching",
      alarm_actions: [TOPIC],
      ok_actions: [TOPIC],
    });
  }
  expect(outputs.made.value.slice(3)).toEqual(Array(4).fill(refTo(CloudwatchMetricAlarm, "arn")));
});
it.each<[string, object]>([
  ["logLevel", { logLevel: "OFF" }],
  ["logData", { logData: "yes" }],
  ["tracing", { tracing: 1 }],
  ["logRetentionDays", { logRetentionDays: 2 }],
  ["logKmsKeyArn", { logKmsKeyArn: "alias/a" }],
])("takes no %s of %j", (path, settings) => {
  const { error } = schema.safeParse(settings);
  expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});
