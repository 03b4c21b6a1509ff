import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy";
import { expect, it } from "vitest";
import { FifoQueues, type FifoQueuesProps } from "../../../../modules/aws/sqs/fifo-queues";
import { rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const MINIMAL: FifoQueuesProps = { name: "dev-work", keys: ["fast", "slow"] };
const build = (some: Partial<FifoQueuesProps> = {}, use: (made: FifoQueues) => void = () => {}) =>
  synth((stack) => use(new FifoQueues(stack, "queues", { ...MINIMAL, ...some })));
const queues = (some: Partial<FifoQueuesProps> = {}): Record<string, Json> =>
  Object.fromEntries(
    build(some)
      .all(SqsQueue)
      .map((queue) => [queue.name, queue]),
  );
const fifo = {
  fifo_queue: true,
  deduplication_scope: "messageGroup",
  fifo_throughput_limit: "perMessageGroupId",
};

it("are FIFO queues of high throughput, with one queue of the dead letters of all", () => {
  const made = queues();
  expect(Object.keys(made).sort()).toEqual(["dev-work-dead.fifo", "dev-work-fast.fifo", "dev-work-slow.fifo"]);
  for (const key of ["fast", "slow"]) {
    const queue = made[`dev-work-${key}.fifo`];
    expect(queue).toEqual({
      name: `dev-work-${key}.fifo`,
      ...fifo,
      message_retention_seconds: 345_600,
      visibility_timeout_seconds: 1800,
      sqs_managed_sse_enabled: true,
      redrive_policy: expect.any(String),
    });
    expect(JSON.parse(queue.redrive_policy)).toEqual({
      deadLetterTargetArn: expect.stringMatching(/^\$\{aws_sqs_queue\.queues_dead-letters_\w+\.arn\}$/),
      maxReceiveCount: 5,
    });
  }
  expect(made["dev-work-dead.fifo"]).toEqual({
    name: "dev-work-dead.fifo",
    ...fifo,
    message_retention_seconds: 1_209_600,
    sqs_managed_sse_enabled: true,
  });
});
it("takes dead letters from its own queues only", () => {
  const { queue_url, redrive_allow_policy } = build().one(SqsQueueRedriveAllowPolicy);
  expect(queue_url).toMatch(/^\$\{aws_sqs_queue\.queues_dead-letters_\w+\.url\}$/);
  expect(JSON.parse(redrive_allow_policy)).toEqual({
    redrivePermission: "byQueue",
    sourceQueueArns: [
      expect.stringMatching(/^\$\{aws_sqs_queue\.queues_fast_\w+\.arn\}$/),
      expect.stringMatching(/^\$\{aws_sqs_queue\.queues_slow_\w+\.arn\}$/),
    ],
  });
});
it("lets nobody in without TLS, at any of its queues", () => {
  const policies = build().all(SqsQueuePolicy);
  expect(new Set(policies.map(({ queue_url }) => queue_url.replace(".url}", ""))).size).toBe(3);
  for (const { queue_url, policy } of policies) {
    expect(JSON.parse(policy).Statement).toEqual([
      {
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queue_url.replace(".url}", ".arn}"),
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  }
});
it("is encrypted by a key where it has one", () => {
  for (const queue of Object.values(queues({ kmsKeyArn: KEY }))) {
    expect(queue.kms_master_key_id).toBe(KEY);
    expect(queue).not.toHaveProperty("sqs_managed_sse_enabled");
  }
});
it("watches depth and age of each queue, and dead letters, where somebody is to know", () => {
  expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  const alarms = Object.fromEntries(
    build({ alarmTopicArns: [TOPIC], depthAlarm: 7, ageAlarmSeconds: 900 })
      .all(CloudwatchMetricAlarm)
      .map((alarm) => [alarm.alarm_name, alarm]),
  );
  expect(Object.keys(alarms).sort()).toEqual([
    "dev-work-dead-letters",
    "dev-work-fast-age",
    "dev-work-fast-depth",
    "dev-work-slow-age",
    "dev-work-slow-depth",
  ]);
  for (const alarm of Object.values(alarms)) {
    expect(alarm).toMatchObject({
      namespace: "AWS/SQS",
      statistic: "Maximum",
      period: 300,
      comparison_operator: "GreaterThanThreshold",
      treat_missing_data: "notBreaching",
      alarm_actions: [TOPIC],
      ok_actions: [TOPIC],
      dimensions: { QueueName: refTo(SqsQueue, "name") },
    });
  }
  const visible = "ApproximateNumberOfMessagesVisible";
  expect(alarms["dev-work-fast-depth"]).toMatchObject({ metric_name: visible, threshold: 7, evaluation_periods: 3 });
  expect(alarms["dev-work-slow-age"]).toMatchObject({
    metric_name: "ApproximateAgeOfOldestMessage",
    threshold: 900,
    evaluation_periods: 1,
  });
  expect(alarms["dev-work-dead-letters"]).toMatchObject({ metric_name: visible, threshold: 0, evaluation_periods: 1 });
});
it.each([
  [{}, 86_400],
  [{ retentionSeconds: 120, visibilitySeconds: 30 }, 60],
])("warns of age well before a message is lost: %j", (some, threshold) => {
  const { all } = build({ alarmTopicArns: [TOPIC], ...some });
  const ages = all(CloudwatchMetricAlarm).filter(({ metric_name }) => metric_name === "ApproximateAgeOfOldestMessage");
  expect(ages.map((alarm) => alarm.threshold)).toEqual([threshold, threshold]);
});
it.each<[Partial<FifoQueuesProps>, object]>([
  [{ visibilitySeconds: 30 }, { visibility_timeout_seconds: 30 }],
  [{ visibilitySeconds: 43_200 }, { visibility_timeout_seconds: 43_200 }],
  [{ retentionSeconds: 60, visibilitySeconds: 59 }, { message_retention_seconds: 60 }],
  [{ retentionSeconds: 1_209_600 }, { message_retention_seconds: 1_209_600 }],
])("takes %j", (some, expected) => {
  expect(queues(some)["dev-work-fast.fifo"]).toMatchObject(expected);
});
it.each([1, 1000])("takes %i receptions", (maxReceives) => {
  expect(JSON.parse(queues({ maxReceives })["dev-work-slow.fifo"].redrive_policy).maxReceiveCount).toBe(maxReceives);
});
it("has names of 80 characters at most", () => {
  const [name] = Object.keys(queues({ name: "x".repeat(70), keys: ["fast"] })).filter((each) => each.includes("fast"));
  expect(name).toHaveLength(80);
});
it("tells what a reader and a sender may do", () => {
  const statements = (some: Partial<FifoQueuesProps> = {}) => {
    let found: Json[] = [];
    build(some, (made) => {
      found = made.grantUse();
    });
    return found;
  };
  const [messages, letters, ...more] = statements();
  expect(messages).toMatchObject({
    Action: [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ],
  });
  expect(messages.Resource).toHaveLength(2);
  expect(letters).toMatchObject({ Action: "sqs:SendMessage" });
  expect(more).toEqual([]);
  expect(statements({ kmsKeyArn: KEY })[2]).toMatchObject({
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: KEY,
  });
});
it("gives its queues by key, in their order", () => {
  build({ keys: ["z", "a"] }, ({ queues: made }) => expect([...made.keys()]).toEqual(["z", "a"]));
});

rejects<unknown>(
  "test/queues",
  [
    ["name", { name: "" }, "at least 1"],
    ["name", { name: "a.b" }, "letters, digits, hyphens and underscores", '"a.b"'],
    ["name", { name: "x".repeat(71), keys: ["fast"] }, "at most 70 characters", "got 71"],
    ["name", { name: "x".repeat(71), keys: ["a"] }, "at most 70 characters", "got 71"],
    ["keys", { keys: [] }, "at least 1"],
    ["keys", { keys: Array.from({ length: 11 }, (_, i) => `k${i}`) }, "at most 10", "11"],
    ["keys", { keys: ["a", "a"] }, "each queue once"],
    ["keys[0]", { keys: ["a b"] }, "letters, digits, hyphens and underscores"],
    ["keys[0]", { keys: ["dead"] }, "must not be dead"],
    ["visibilitySeconds", { visibilitySeconds: 29 }, "at least 30", "got 29"],
    ["visibilitySeconds", { visibilitySeconds: 43_201 }, "at most 43200", "got 43201"],
    ["visibilitySeconds", { visibilitySeconds: 600, retentionSeconds: 600 }, "less than retentionSeconds (600)"],
    ["maxReceives", { maxReceives: 0 }, "at least 1", "got 0"],
    ["maxReceives", { maxReceives: 1001 }, "at most 1000"],
    ["retentionSeconds", { retentionSeconds: 59 }, "at least 60", "got 59"],
    ["retentionSeconds", { retentionSeconds: 1_209_601 }, "at most 1209600"],
    ["deadLetterRetentionSeconds", { deadLetterRetentionSeconds: 59 }, "at least 60", "got 59"],
    ["deadLetterRetentionSeconds", { deadLetterRetentionSeconds: 1_209_601 }, "at most 1209600"],
    ["kmsKeyArn", { kmsKeyArn: "alias/a" }, "ARN of a KMS key", '"alias/a"'],
    ["depthAlarm", { depthAlarm: -1 }, "at least 0", "got -1"],
    ["depthAlarm", { depthAlarm: 1_000_001 }, "at most 1000000"],
    ["ageAlarmSeconds", { ageAlarmSeconds: 59 }, "at least 60", "got 59"],
    ["ageAlarmSeconds", { ageAlarmSeconds: 345_600 }, "less than retentionSeconds (345600)", "got 345600"],
    ["alarmTopicArns", { alarmTopicArns: [] }, "at least 1 items"],
    ["fifo", { fifo: true }, "unknown key"],
  ],
  (stack, props) => new FifoQueues(stack, "queues", { ...MINIMAL, ...(props as object) }),
);
