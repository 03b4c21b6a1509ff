import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { EventQueue, type EventQueueProps } from "../../../../modules/aws/sqs/event-queue";
import { rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const MINIMAL: EventQueueProps = {
  name: "dev-events",
  description: "Tells of tasks",
  pattern: { source: ["aws.ecs"], detail: { clusterArn: ["arn"] } },
};
const build = (some: Partial<EventQueueProps> = {}) =>
  synth((stack) => new EventQueue(stack, "events", { ...MINIMAL, ...some }));
const queues = (some: Partial<EventQueueProps> = {}) => {
  const all = build(some).all(SqsQueue);
  const queue = all.find(({ redrive_policy }) => redrive_policy);
  const dead = all.find(({ redrive_policy }) => !redrive_policy);
  return { count: all.length, queue, dead };
};
const alarms = (): Record<string, Json> =>
  Object.fromEntries(
    build({ alarms: { topicArns: [TOPIC], ageSeconds: 900 } })
      .all(CloudwatchMetricAlarm)
      .map((alarm) => [alarm.alarm_name, alarm]),
  );

it("keeps events a week, and a fortnight those that nobody could handle three times", () => {
  const { count, queue, dead } = queues();
  expect(count).toBe(2);
  expect(queue).toMatchObject({
    name_prefix: "dev-events-",
    message_retention_seconds: 604_800,
    visibility_timeout_seconds: 300,
    sqs_managed_sse_enabled: true,
  });
  expect(JSON.parse(queue.redrive_policy)).toEqual({
    deadLetterTargetArn: refTo(SqsQueue, "arn"),
    maxReceiveCount: 3,
  });
  expect(dead).toMatchObject({ name_prefix: "dev-events-dead-", message_retention_seconds: 1_209_600 });
});
it("gets the events of its pattern, and no others", () => {
  const { one } = build();
  expect(JSON.parse(one(CloudwatchEventRule).event_pattern)).toEqual(MINIMAL.pattern);
  expect(one(CloudwatchEventTarget)).toMatchObject({
    rule: refTo(CloudwatchEventRule, "name"),
    arn: refTo(SqsQueue, "arn"),
  });
});
it("lets in EventBridge for its own rule, and nobody without TLS", () => {
  const policies = build()
    .all(SqsQueuePolicy)
    .map(({ policy }) => JSON.parse(policy).Statement);
  const [events] = policies.flat().filter(({ Sid }: Json) => Sid === "Events");
  expect(events).toEqual({
    Sid: "Events",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: refTo(SqsQueue, "arn"),
    Condition: { ArnEquals: { "aws:SourceArn": refTo(CloudwatchEventRule, "arn") } },
  });
  expect(policies.flat().filter(({ Effect }: Json) => Effect === "Deny")).toHaveLength(2);
});
it("is encrypted by a key where it has one", () => {
  for (const found of build({ kmsKeyArn: KEY }).all(SqsQueue)) {
    expect(found.kms_master_key_id).toBe(KEY);
    expect(found).not.toHaveProperty("sqs_managed_sse_enabled");
  }
});
it("watches the age of events and dead letters where asked", () => {
  expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  const { "dev-events-queue-age": age, "dev-events-dead-letter": dead } = alarms();
  expect(age).toMatchObject({ metric_name: "ApproximateAgeOfOldestMessage", threshold: 900, alarm_actions: [TOPIC] });
  expect(dead).toMatchObject({ metric_name: "ApproximateNumberOfMessagesVisible", threshold: 0, ok_actions: [TOPIC] });
});
it.each<[Partial<EventQueueProps>, object]>([
  [{ retentionDays: 1 }, { message_retention_seconds: 86_400 }],
  [{ retentionDays: 14 }, { message_retention_seconds: 1_209_600 }],
  [{ visibilitySeconds: 0 }, { visibility_timeout_seconds: 0 }],
  [{ visibilitySeconds: 43_200 }, { visibility_timeout_seconds: 43_200 }],
])("takes %j", (some, expected) => {
  expect(queues(some).queue).toMatchObject(expected);
});
it.each([1, 1000])("takes %i receptions", (maxReceives) => {
  expect(JSON.parse(queues({ maxReceives }).queue.redrive_policy).maxReceiveCount).toBe(maxReceives);
});
it("has names that fit, however long its own is", () => {
  const { all, one } = build({ name: "x".repeat(255) });
  for (const { name_prefix } of all(SqsQueue)) expect(name_prefix.length).toBeLessThanOrEqual(80 - 26);
  expect(one(CloudwatchEventRule).name_prefix.length).toBeLessThanOrEqual(64 - 26);
});
it("tells what readers need", () => {
  const { outputs } = synth((stack) => {
    const made = new EventQueue(stack, "events", MINIMAL);
    for (const key of ["queueName", "queueArn", "deadLetterQueueName", "deadLetterQueueArn", "ruleArn"] as const) {
      new TerraformOutput(stack, key, { value: made[key], staticId: true });
    }
  });
  expect(outputs).toEqual({
    queueName: { value: expect.stringMatching(/^\$\{aws_sqs_queue\.events_queue_\w+\.name\}$/) },
    queueArn: { value: expect.stringMatching(/^\$\{aws_sqs_queue\.events_queue_\w+\.arn\}$/) },
    deadLetterQueueName: { value: expect.stringMatching(/^\$\{aws_sqs_queue\.events_dead-letters_\w+\.name\}$/) },
    deadLetterQueueArn: { value: expect.stringMatching(/^\$\{aws_sqs_queue\.events_dead-letters_\w+\.arn\}$/) },
    ruleArn: { value: refTo(CloudwatchEventRule, "arn") },
  });
});

rejects<unknown>(
  "test/events",
  [
    ["name", { name: "" }, "at least 1"],
    ["name", { name: "a b" }, "letters, digits, hyphens and underscores", '"a b"'],
    ["description", { description: "" }, "at least 1"],
    ["description", { description: "x".repeat(513) }, "at most 512"],
    ["pattern", { pattern: "aws.ecs" }, "record", '"aws.ecs"'],
    ["retentionDays", { retentionDays: 0 }, "at least 1", "got 0"],
    ["retentionDays", { retentionDays: 15 }, "at most 14", "got 15"],
    ["deadLetterRetentionDays", { deadLetterRetentionDays: 6 }, "at least retentionDays (7)", "got 6"],
    ["deadLetterRetentionDays", { deadLetterRetentionDays: 15 }, "at most 14"],
    ["maxReceives", { maxReceives: 0 }, "at least 1", "got 0"],
    ["maxReceives", { maxReceives: 1001 }, "at most 1000"],
    ["visibilitySeconds", { visibilitySeconds: -1 }, "at least 0"],
    ["visibilitySeconds", { visibilitySeconds: 43_201 }, "at most 43200"],
    ["kmsKeyArn", { kmsKeyArn: "alias/a" }, "ARN of a KMS key", '"alias/a"'],
    ["alarms.topicArns", { alarms: { topicArns: [] } }, "at least 1 items"],
    ["alarms.ageSeconds", { alarms: { topicArns: [TOPIC], ageSeconds: 59 } }, "at least 60", "got 59"],
    ["alarms.ageSeconds", { alarms: { topicArns: [TOPIC], ageSeconds: 1_209_601 } }, "at most 1209600"],
    ["fifo", { fifo: true }, "unknown key"],
  ],
  (stack, props) => new EventQueue(stack, "events", { ...MINIMAL, ...(props as object) }),
);
