import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { expect, it } from "vitest";
import { type Json, refTo } from "../../support/synth";
import { build, rejectsSettings } from "./operations.fixture";

const alerting = (alertEmails = ["ops@example.com"]) => build({ alertEmails });
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
it("is left out where nobody is to hear", () => {
  const { all } = build();
  expect([...all(SnsTopic), ...all(KmsKey), ...all(SnsTopicPolicy), ...all(SnsTopicSubscription)]).toEqual([]);
});

rejectsSettings(
  ["alertEmails.0", { alertEmails: ["ops"] }, "an e-mail address such as ops@example.com", '"ops"'],
  ["alertEmails.1", { alertEmails: ["ops@example.com", "a@localhost"] }, '"a@localhost"'],
  ["alertEmails.0", { alertEmails: ["Ops <ops@example.com>"] }, "e-mail address"],
  ["alertEmails.0", { alertEmails: ["a@example.com,b@example.com"] }, "e-mail address"],
  ["alertEmails.0", { alertEmails: [`${"a".repeat(243)}@example.com`] }, "at most 254", "got 255"],
  ["alertEmails.1", { alertEmails: ["ops@example.com", "Ops@example.com"] }, "given once", "Ops@example.com"],
  ["alertEmails", { alertEmails: "ops@example.com" }, "of type array", '"ops@example.com"'],
  ["alertEmails", { alarms: false, alertEmails: ["ops@example.com"] }, "must be empty where alarms is off", "ops@"],
);
