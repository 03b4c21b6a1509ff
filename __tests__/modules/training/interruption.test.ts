import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { TerraformStack } from "cdktf";
import { expect, it } from "vitest";
import { z } from "zod";
import { filesOf } from "../../../modules/common/bundling/folder";
import { Interruption, type InterruptionProps, interruptionSettings } from "../../../modules/training/interruption";
import { JobQueues } from "../../../modules/training/job-queues";
import { rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";

const TABLE = { tableName: "items", tableArn: "arn:aws:dynamodb:us-east-1:111122223333:table/items" };
const ALERTS = "arn:aws:sns:us-east-1:111122223333:alerts";
const make = (stack: TerraformStack, some: Partial<InterruptionProps> = {}) =>
  new Interruption(stack, "interruption", {
    name: "dev-training",
    environment: "dev",
    table: TABLE,
    queues: new JobQueues(stack, "queues", { name: "dev-training" }),
    ...some,
  });
const build = (some: Partial<InterruptionProps> = {}) => synth((stack) => make(stack, some));
const byName = (resources: Json[], key = "name"): Record<string, Json> =>
  Object.fromEntries(resources.map((each) => [each[key], each]));

it("calls its function for the three kinds of events, and keeps what was not handed over", () => {
  const { all, one } = build();
  const rules = byName(all(CloudwatchEventRule));
  const patterns = Object.fromEntries(
    Object.entries(rules).map(([name, { event_pattern }]) => [name, JSON.parse(event_pattern)]),
  );
  expect(patterns).toEqual({
    "dev-training-interruption-warning": {
      source: ["aws.ec2"],
      "detail-type": ["EC2 Spot Instance Interruption Warning"],
    },
    "dev-training-interruption-rebalance": {
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance Rebalance Recommendation"],
    },
    "dev-training-interruption-state": {
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: { state: ["stopped", "terminated"] },
    },
  });
  const targets = all(CloudwatchEventTarget);
  expect(targets).toHaveLength(3);
  const letters = expect.stringMatching(/^\$\{aws_sqs_queue\.interruption_function_dead-letters_\w+\.arn\}$/);
  for (const target of targets) {
    expect(target.arn).toEqual(refTo(LambdaFunction, "arn"));
    expect(target.dead_letter_config).toEqual({ arn: letters });
  }
  const arns = targets.map(({ rule }) => rule.replace(".name}", ".arn}")).sort();
  expect(
    all(LambdaPermission)
      .map(({ source_arn }) => source_arn)
      .sort(),
  ).toEqual(arns);
  const policies = all(SqsQueuePolicy).map(({ policy }) => JSON.parse(policy).Statement);
  const [events] = policies.flat().filter(({ Sid }: Json) => Sid === "Events");
  expect(events).toMatchObject({ Action: "sqs:SendMessage", Principal: { Service: "events.amazonaws.com" } });
  expect([...events.Condition.ArnEquals["aws:SourceArn"]].sort()).toEqual(arns);
  expect(one(SnsTopic).name).toBe("dev-training-interruptions");
});
it("runs the handler of the runtime's package, which tells it where things are", () => {
  const { one } = build();
  const made = one(LambdaFunction);
  expect(made).toMatchObject({ handler: "ml_training.interruption.handler", runtime: "python3.13" });
  const config = JSON.parse(made.environment.variables.TRAINING_CONFIG);
  expect(config).toMatchObject({ environment: "dev", table: "items", ttlHours: 2, leaseSeconds: 120, maxReceives: 5 });
  expect(config.queues.map(({ priority }: Json) => priority)).toEqual(["critical", "high", "medium", "low"]);
  expect(made.environment.variables.TOPIC_ARN).toEqual(refTo(SnsTopic, "arn"));
  expect(config.topicArn).toBe(made.environment.variables.TOPIC_ARN);
});
it("deploys a package that imports the standard library and boto3 only", () => {
  const folder = join("assets", "training", "src");
  const files = filesOf(folder);
  expect(files.map(({ path }) => path)).toContain("ml_training/interruption.py");
  expect(files.filter(({ path }) => !path.startsWith("ml_training/"))).toEqual([]);
  expect(readFileSync(join(folder, "ml_training", "interruption.py"), "utf8")).toMatch(/^def handler\(/m);
});
it("may change items, give jobs back and publish, and no more", () => {
  const { all } = build();
  const { policy } = all(IamRolePolicy).find(({ name }) => name === "work");
  const actions = byName(JSON.parse(policy).Statement, "Sid");
  expect(Object.fromEntries(Object.entries(actions).map(([sid, { Action }]) => [sid, Action]))).toEqual({
    Items: ["dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"],
    Find: "dynamodb:Query",
    GiveBack: ["sqs:ChangeMessageVisibility", "sqs:SendMessage"],
    Publish: "sns:Publish",
    TopicKey: ["kms:Decrypt", "kms:GenerateDataKey"],
  });
  expect(actions.Items.Resource).toBe(TABLE.tableArn);
  expect(actions.Find.Resource).toEqual([TABLE.tableArn, `${TABLE.tableArn}/index/*`]);
  expect(actions.Publish.Resource).toEqual(refTo(SnsTopic, "arn"));
  expect(actions.TopicKey.Resource).toEqual(refTo(KmsKey, "arn"));
});
it("sends mail to those who are named, and to nobody else", () => {
  expect(build().all(SnsTopicSubscription)).toEqual([]);
  expect(build({ alertEmails: ["ops@example.com"] }).one(SnsTopicSubscription)).toMatchObject({
    protocol: "email",
    endpoint: "ops@example.com",
  });
});
it("lets EventBridge publish from the rule of warnings alone, and only where they are forwarded", () => {
  const services = ({ policy }: Json) => JSON.parse(policy).Statement.map(({ Principal }: Json) => Principal.Service);
  const plain = build();
  expect(services(plain.one(SnsTopicPolicy))).toEqual(["cloudwatch.amazonaws.com"]);
  const forwarded = build({ forwardWarnings: true });
  const [warning] =
    Object.entries(forwarded.byId(CloudwatchEventRule)).find(([, { name }]) => /warning$/.test(name)) ?? [];
  const [, events, ...more] = JSON.parse(forwarded.one(SnsTopicPolicy).policy).Statement;
  expect(events).toEqual({
    Sid: "Events",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Condition: { ArnEquals: { "aws:SourceArn": [`\${aws_cloudwatch_event_rule.${warning}.arn}`] } },
    Action: "sns:Publish",
    Resource: refTo(SnsTopic, "arn"),
  });
  expect(more).toEqual([]);
  expect(services(forwarded.one(KmsKey))).toContain("events.amazonaws.com");
  const targets = forwarded.all(CloudwatchEventTarget).filter(({ arn }) => arn.includes("sns_topic"));
  expect(targets.map(({ rule }) => rule)).toEqual([`\${aws_cloudwatch_event_rule.${warning}.name}`]);
});
it("tells when it fails or gives up: those who are named, or else its own topic", () => {
  const actions = (some: Partial<InterruptionProps>) =>
    build(some)
      .all(CloudwatchMetricAlarm)
      .map(({ alarm_name, alarm_actions }) => [alarm_name, alarm_actions]);
  const named = ["dev-training-interruption-dead-letters", "dev-training-interruption-errors"];
  expect(actions({ alarmTopicArns: [ALERTS] })).toEqual(named.map((name) => [name, [ALERTS]]));
  expect(actions({})).toEqual(named.map((name) => [name, [refTo(SnsTopic, "arn")]]));
});
it("gives what a stack tells", () => {
  synth((stack) => {
    const { ruleArns, ready } = make(stack);
    expect(Object.keys(ruleArns)).toEqual(["warning", "rebalance", "state"]);
    expect(ready.length).toBeGreaterThan(1);
  });
});
it("checks a user's settings without the wiring", () => {
  const check = (value: object) => z.object({ interruption: interruptionSettings }).safeParse({ interruption: value });
  expect(check({ alertEmails: ["ops@example.com"], forwardWarnings: true }).success).toBe(true);
  expect(check({ table: TABLE }).error?.issues[0]?.path).toEqual(["interruption", "table"]);
  expect(check({ alertEmails: ["ops"] }).error?.issues[0]?.path).toEqual(["interruption", "alertEmails", 0]);
});

rejects<unknown>(
  "test/interruption",
  [
    ["name", { name: "" }, "letters, digits and hyphens", '""'],
    ["name", { name: "x".repeat(41) }, "at most 40", "41"],
    ["environment", { environment: "" }, "at least 1"],
    ["table", { table: {} }, "a Registry or SingleTable", "tableName, tableArn"],
    ["queues", { queues: [] }, "must be JobQueues"],
    ["ttlHours", { ttlHours: 0 }, "at least 1", "got 0"],
    ["leaseSeconds", { leaseSeconds: 14 }, "at least 15", "got 14"],
    ["leaseSeconds", { leaseSeconds: 3600, ttlHours: 1 }, "less than ttlHours (1)"],
    ["alertEmails[0]", { alertEmails: ["ops"] }, "e-mail address", '"ops"'],
    ["alarmTopicArns", { alarmTopicArns: [] }, "at least 1"],
    ["logRetentionDays", { logRetentionDays: 2 }, "got 2"],
    ["tracing", { tracing: "yes" }, "of type boolean"],
    ["forwardWarnings", { forwardWarnings: 1 }, "of type boolean", "got 1"],
    ["snsEmail", { snsEmail: "ops@example.com" }, "unknown key"],
  ],
  (stack, props) => make(stack, props as object),
);
