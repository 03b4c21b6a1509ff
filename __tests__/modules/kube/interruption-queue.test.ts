import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { expect, it } from "vitest";
import { InterruptionQueue } from "../../../modules/kube/interruption-queue";
import { refTo, synth } from "../../support/synth";

const { all, one } = synth((stack) => new InterruptionQueue(stack, "queue"));

it("keeps what it is told for five minutes, encrypted, under a name of its own", () => {
  expect(one(SqsQueue)).toEqual({
    name_prefix: "karpenter-",
    message_retention_seconds: 300,
    sqs_managed_sse_enabled: true,
  });
});
it("is told of five kinds of events", () => {
  const rules = all(CloudwatchEventRule);
  expect(rules.map(({ event_pattern }) => JSON.parse(event_pattern))).toEqual(
    expect.arrayContaining([
      { source: ["aws.health"], "detail-type": ["AWS Health Event"] },
      { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
      { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
      { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
      { source: ["aws.ec2"], "detail-type": ["EC2 Capacity Reservation Instance Interruption Warning"] },
    ]),
  );
  expect(rules).toHaveLength(5);
  for (const { name_prefix } of rules) expect(name_prefix.length).toBeLessThanOrEqual(38);
  expect(new Set(rules.map(({ name_prefix }) => name_prefix)).size).toBe(5);
  const targets = all(CloudwatchEventTarget);
  expect(new Set(targets.map(({ rule }) => rule)).size).toBe(5);
  for (const { arn } of targets) expect(arn).toEqual(refTo(SqsQueue, "arn"));
});
it("takes messages from these rules only, and talks by TLS only", () => {
  const { queue_url, policy } = one(SqsQueuePolicy);
  expect(queue_url).toEqual(refTo(SqsQueue, "url"));
  const [events, insecure, ...more] = JSON.parse(policy).Statement;
  expect(more).toEqual([]);
  expect(events).toMatchObject({
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: refTo(SqsQueue, "arn"),
  });
  const sources = events.Condition.ArnEquals["aws:SourceArn"];
  expect(sources).toEqual(Array(5).fill(refTo(CloudwatchEventRule, "arn")));
  expect(new Set(sources).size).toBe(5);
  expect(insecure).toMatchObject({
    Effect: "Deny",
    Principal: "*",
    Action: "sqs:*",
    Resource: refTo(SqsQueue, "arn"),
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
});
