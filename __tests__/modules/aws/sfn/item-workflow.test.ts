import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { AlertTopic } from "../../../../modules/aws/cloudwatch/alert-topic";
import type { ItemWorkflowProps } from "../../../../modules/aws/sfn/item-workflow";
import { rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";
import { BUCKET, TOPIC, workflow } from "./item-workflow.fixture";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const build = (some: Partial<ItemWorkflowProps> = {}) => synth((stack) => workflow(stack, some));
const statements = (some: Partial<ItemWorkflowProps> = {}): Record<string, Json> =>
  Object.fromEntries(
    JSON.parse(build(some).one(IamRolePolicy).policy).Statement.map((statement: Json) => [statement.Sid, statement]),
  );
it("logs errors without what they hold, and traces", () => {
  const { one } = build();
  expect(one(SfnStateMachine)).toMatchObject({
    name: "dev-receipts",
    role_arn: refTo(IamRole, "arn"),
    logging_configuration: {
      level: "ERROR",
      include_execution_data: false,
      log_destination: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}:\*$/),
    },
    tracing_configuration: { enabled: true },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\./)],
  });
  expect(one(CloudwatchLogGroup)).toEqual({ name: "/aws/vendedlogs/states/dev-receipts", retention_in_days: 30 });
  const other = build({ logLevel: "ALL", logData: true, tracing: false }).one(SfnStateMachine);
  expect(other.logging_configuration).toMatchObject({ level: "ALL", include_execution_data: true });
  expect(other.tracing_configuration).toEqual({ enabled: false });
});
it("may call its functions, publish, log and trace, and no more", () => {
  const found = statements();
  expect(Object.keys(found)).toEqual(["Call", "Publish", "Logs", "Traces"]);
  expect(found.Call).toMatchObject({
    Action: "lambda:InvokeFunction",
    Resource: ["list", "process"].map((name) => `arn:aws:lambda:us-east-1:111122223333:function:${name}`),
  });
  expect(found.Publish.Resource).toBe(TOPIC.arn);
  expect(Object.keys(statements({ tracing: false }))).toEqual(["Call", "Publish", "Logs"]);
  const trusted = JSON.parse(build().one(IamRole).assume_role_policy).Statement;
  expect(trusted).toMatchObject([{ Principal: { Service: "states.amazonaws.com" } }]);
});
it("may start and follow executions of its own, and use its bucket, with a long list", () => {
  const found = statements({ longList: { bucket: { ...BUCKET, kmsKeyArn: KEY } } });
  const states =
    /^arn:aws:states:\$\{data\.aws_region\.[\w-]+\.id\}:\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:/;
  const own = (sid: string) => found[sid].Resource.replace(states, "");
  expect(found.Lists).toMatchObject({ Action: "s3:GetObject", Resource: "arn:aws:s3:::lists/*" });
  expect(found.Results.Resource).toBe("arn:aws:s3:::lists/results/*");
  expect(found.ListKey.Resource).toBe(KEY);
  expect(own("StartItems")).toBe("stateMachine:dev-receipts");
  expect(own("FollowItems")).toBe("execution:dev-receipts:*");
  expect(own("RepeatItems")).toBe("execution:dev-receipts/Items:*");
  expect(own("CountItems")).toBe("mapRun:dev-receipts/Items:*");
});
it("waits for its topic, and may use its key", () => {
  const { one, all } = synth((stack) => {
    const topic = new AlertTopic(stack, "topic", { prefix: "dev", emails: [] });
    workflow(stack, { topic });
  });
  expect(one(SfnStateMachine).depends_on).toContainEqual(expect.stringMatching(/^aws_sns_topic_policy\./));
  expect(all(SnsTopicPolicy)).toHaveLength(1);
  const key = JSON.parse(one(IamRolePolicy).policy).Statement.find(({ Sid }: Json) => Sid === "TopicKey");
  expect(key.Action).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
});
it("watches executions where somebody is to know", () => {
  expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  const alarms = build({ alarmTopicArns: [TOPIC.arn] }).all(CloudwatchMetricAlarm);
  expect(alarms.map(({ alarm_name, metric_name }) => [alarm_name, metric_name])).toEqual([
    ["dev-receipts-aborted", "ExecutionsAborted"],
    ["dev-receipts-failed", "ExecutionsFailed"],
    ["dev-receipts-throttled", "ExecutionThrottled"],
    ["dev-receipts-timed-out", "ExecutionsTimedOut"],
  ]);
  for (const alarm of alarms) {
    expect(alarm).toMatchObject({
      namespace: "AWS/States",
      dimensions: { StateMachineArn: refTo(SfnStateMachine, "arn") },
      alarm_actions: [TOPIC.arn],
      ok_actions: [TOPIC.arn],
      treat_missing_data: "notBreaching",
    });
  }
});
it("tells its ARN", () => {
  const { outputs } = synth((stack) => {
    const { stateMachineArn, stateMachineName, logGroupName } = workflow(stack);
    new TerraformOutput(stack, "all", { value: [stateMachineArn, stateMachineName, logGroupName], staticId: true });
  });
  expect(outputs.all.value).toEqual([
    refTo(SfnStateMachine, "arn"),
    refTo(SfnStateMachine, "name"),
    refTo(CloudwatchLogGroup, "name"),
  ]);
});

const bucket = BUCKET;
rejects<unknown>(
  "test/workflow",
  [
    ["name", { name: "" }, "letters, digits, hyphens and underscores", '""'],
    ["name", { name: "x".repeat(65) }, "at most 64", "65"],
    ["description", { description: "x".repeat(257) }, "at most 256", "257"],
    ["list", { list: undefined }, "a LambdaFunction", "functionArn", "got nothing"],
    ["process", { process: "arn" }, "a LambdaFunction", '"arn"'],
    ["topic", { topic: {} }, "an AlertTopic", "(an object with arn)"],
    ["itemsKey", { itemsKey: "$.a" }, "no digit first", '"$.a"'],
    ["itemsKey", { itemsKey: "1a" }, "no digit first"],
    ["longList.bucket", { longList: {} }, "a PrivateBucket", "bucketName, bucketArn"],
    ["longList.format", { longList: { bucket, format: "XML" } }, "JSON", "JSONL", "CSV", '"XML"'],
    ["longList.resultPrefix", { longList: { bucket, resultPrefix: "/a" } }, "joined by slashes", '"/a"'],
    ["longList.toleratedFailurePercent", { longList: { bucket, toleratedFailurePercent: 101 } }, "at most 100"],
    ["timeoutSeconds", { timeoutSeconds: 0 }, "at least 1", "got 0"],
    ["timeoutSeconds", { timeoutSeconds: 31_536_001 }, "at most 31536000"],
    ["listTimeoutSeconds", { listTimeoutSeconds: 3601 }, "at most timeoutSeconds (3600)", "got 3601"],
    ["itemTimeoutSeconds", { itemTimeoutSeconds: 3601 }, "at most timeoutSeconds (3600)", "got 3601"],
    ["concurrency", { concurrency: 0 }, "at least 1", "got 0"],
    ["concurrency", { concurrency: 41 }, "at most 40 without longList", "got 41"],
    ["concurrency", { concurrency: 10_001, longList: { bucket } }, "at most 10000", "got 10001"],
    ["retry.attempts", { retry: { attempts: 101 } }, "at most 100", "got 101"],
    ["retry.intervalSeconds", { retry: { intervalSeconds: 0 } }, "at least 1"],
    ["retry.backoffRate", { retry: { backoffRate: 0.5 } }, "at least 1", "got 0.5"],
    ["retry.maxDelaySeconds", { retry: { maxDelaySeconds: 2 } }, "more than intervalSeconds (2)", "got 2"],
    ["retry.maxDelaySeconds", { retry: { maxDelaySeconds: 86_401 } }, "at most 86400"],
    ["logLevel", { logLevel: "OFF" }, "ALL", "ERROR", "FATAL", '"OFF"'],
    ["logData", { logData: "yes" }, "of type boolean"],
    ["logRetentionDays", { logRetentionDays: 2 }, "got 2"],
    ["alarmTopicArns", { alarmTopicArns: [] }, "at least 1"],
    ["iterator", { iterator: {} }, "unknown key"],
  ],
  (stack, props) => workflow(stack, props as object),
);
