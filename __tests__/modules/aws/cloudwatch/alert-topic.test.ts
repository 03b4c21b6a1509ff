import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { expect, it } from "vitest";
import { z } from "zod";
import { AlertTopic, alertTopicShape, publishStatements } from "../../../../modules/aws/cloudwatch/alert-topic";
import { parseProps } from "../../../../modules/common/settings/props";
import { type BadInput, rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";

const schema = z.strictObject(alertTopicShape);

/** The topic as a front door makes it. */
class Alerting extends Construct {
  readonly topic: AlertTopic;

  constructor(scope: Construct, id: string, props: z.input<typeof schema>) {
    super(scope, id);
    const { alertEmails: emails } = parseProps(this, schema, props);
    this.topic = new AlertTopic(this, "topic", { prefix: "ml-dev", emails });
  }
}

const alerting = (alertEmails = ["ops@example.com"]) =>
  synth((stack) => new Alerting(stack, "alerting", { alertEmails }));
const account = expect.stringMatching(/^\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}$/);
const alarmsOfAccount = {
  Sid: "Alarms",
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Condition: { StringEquals: { "aws:SourceAccount": account } },
};

it("is a topic with a key of its own, which CloudWatch can use", () => {
  const { one } = alerting();
  expect(one(SnsTopic)).toEqual({ name: "ml-dev-alerts", kms_master_key_id: refTo(KmsKey, "key_id") });
  expect(one(KmsKey).enable_key_rotation).toBe(true);
  const [owner, alarms, ...more]: Json[] = JSON.parse(one(KmsKey).policy).Statement;
  expect(owner).toEqual({
    Sid: "Account",
    Effect: "Allow",
    Principal: {
      AWS: expect.stringMatching(/^arn:aws:iam::\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:root$/),
    },
    Action: "kms:*",
    Resource: "*",
  });
  expect(alarms).toEqual({ ...alarmsOfAccount, Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" });
  expect(more).toEqual([]);
});
it("lets CloudWatch publish from this account only", () => {
  const { one } = alerting();
  expect(one(SnsTopicPolicy).arn).toEqual(refTo(SnsTopic, "arn"));
  expect(JSON.parse(one(SnsTopicPolicy).policy).Statement).toEqual([
    { ...alarmsOfAccount, Action: "sns:Publish", Resource: refTo(SnsTopic, "arn") },
  ]);
});
it("is sent on to each address", () => {
  const subscriptions = alerting(["ops@example.com", "ml@example.com"]).all(SnsTopicSubscription);
  expect(subscriptions).toHaveLength(2);
  for (const { topic_arn, protocol } of subscriptions) {
    expect({ topic_arn, protocol }).toEqual({ topic_arn: refTo(SnsTopic, "arn"), protocol: "email" });
  }
  expect(subscriptions.map(({ endpoint }) => endpoint).sort()).toEqual(["ml@example.com", "ops@example.com"]);
});
it("names a subscription by its address, whatever its place", () => {
  const ids = (...emails: string[]) =>
    Object.entries(alerting(emails).byId(SnsTopicSubscription))
      .map(([id, { endpoint }]) => `${id} ${endpoint}`)
      .sort();
  expect(ids("a@example.com", "b@example.com")).toEqual(ids("b@example.com", "a@example.com"));
});
it("tells its ARN, and what an alarm waits for", () => {
  const { outputs, all } = synth((stack) => {
    const { topic } = new Alerting(stack, "alerting", {});
    new TerraformOutput(stack, "arn", { value: topic.arn, staticId: true });
    new KmsKey(stack, "waits", { dependsOn: topic.ready });
  });
  expect(outputs.arn.value).toEqual(refTo(SnsTopic, "arn"));
  expect(all(KmsKey).flatMap(({ depends_on }) => depends_on ?? [])).toEqual([
    expect.stringMatching(/^aws_sns_topic_policy\./),
  ]);
});

it("forwards the events of rules, which alone may send them", () => {
  const { all, one } = synth((stack) => {
    const { topic } = new Alerting(stack, "alerting", {});
    for (const key of ["a", "b"]) {
      const rule = new CloudwatchEventRule(stack, key, { name: key, eventPattern: "{}" });
      topic.forward(key, rule);
    }
  });
  const targets = all(CloudwatchEventTarget);
  expect(targets.map(({ rule, arn, depends_on }) => [rule, arn, depends_on])).toEqual(
    ["a", "b"].map((key) => [
      `\${aws_cloudwatch_event_rule.${key}.name}`,
      refTo(SnsTopic, "arn"),
      [expect.stringMatching(/^aws_sns_topic_policy\./)],
    ]),
  );
  const events = { Sid: "Events", Effect: "Allow", Principal: { Service: "events.amazonaws.com" } };
  const statements = (policy: string) => JSON.parse(policy).Statement;
  expect(statements(one(SnsTopicPolicy).policy)[1]).toEqual({
    ...events,
    Condition: { ArnEquals: { "aws:SourceArn": ["a", "b"].map((key) => `\${aws_cloudwatch_event_rule.${key}.arn}`) } },
    Action: "sns:Publish",
    Resource: refTo(SnsTopic, "arn"),
  });
  // SNS: no conditions on the source where EventBridge uses the key of a topic
  expect(statements(one(KmsKey).policy)[2]).toEqual({
    ...events,
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
  });
});
it("is named by what it is for", () => {
  const { one } = synth((stack) => new AlertTopic(stack, "topic", { prefix: "ml-dev", noun: "failures", emails: [] }));
  expect(one(SnsTopic).name).toBe("ml-dev-failures");
});
it("tells what those who publish need", () => {
  const publish = { Sid: "Publish", Action: "sns:Publish", Resource: "topic" };
  expect(publishStatements({ arn: "topic" })).toEqual([publish]);
  expect(publishStatements({ arn: "topic", keyArn: "key" })).toEqual([
    publish,
    { Sid: "TopicKey", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "key" },
  ]);
});

const rows: BadInput<unknown>[] = [
  ["alertEmails[0]", { alertEmails: ["ops"] }, "an e-mail address such as ops@example.com", '"ops"'],
  ["alertEmails[1]", { alertEmails: ["ops@example.com", "a@localhost"] }, '"a@localhost"'],
  ["alertEmails[0]", { alertEmails: ["Ops <ops@example.com>"] }, "e-mail address"],
  ["alertEmails[0]", { alertEmails: ["a@example.com,b@example.com"] }, "e-mail address"],
  ["alertEmails[0]", { alertEmails: [`${"a".repeat(243)}@example.com`] }, "at most 254", "got 255"],
  ["alertEmails[1]", { alertEmails: ["ops@example.com", "Ops@example.com"] }, "given once", "Ops@example.com"],
  ["alertEmails", { alertEmails: "ops@example.com" }, "of type array", '"ops@example.com"'],
];
rejects("test/alerting", rows, (stack, props) => new Alerting(stack, "alerting", props as z.input<typeof schema>));
it("is made in another region whole, for the alarms there", () => {
  const { parsed } = synth((stack) => {
    const provider = new AwsProvider(stack, "other", { alias: "other", region: "eu-west-1" });
    const topic = new AlertTopic(stack, "topic", { prefix: "ml-dev", emails: ["ops@example.com"], provider });
    const pattern = { name: "all", eventPattern: "{}", provider };
    topic.forward("all", new CloudwatchEventRule(stack, "rule", pattern));
  });
  const all = [...Object.values<Json>(parsed.resource), ...Object.values<Json>(parsed.data)].flatMap((ofType) =>
    Object.values<Json>(ofType),
  );
  expect(all.length).toBeGreaterThanOrEqual(7);
  for (const { provider } of all) expect(provider).toBe("aws.other");
});
