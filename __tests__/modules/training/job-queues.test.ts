import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { z } from "zod";
import { JobQueues, type JobQueuesProps, jobQueuesSettings } from "../../../modules/training/job-queues";
import { rejects } from "../../support/bad-input";
import { type Json, synth } from "../../support/synth";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const build = (some: Partial<JobQueuesProps> = {}, use: (made: JobQueues) => void = () => {}) =>
  synth((stack) => use(new JobQueues(stack, "queues", { name: "dev-training", ...some })));
const urlOf = (key: string) =>
  expect.stringMatching(new RegExp(`^\\$\\{aws_sqs_queue\\.queues_jobs_${key}_\\w+\\.url\\}$`));

it("are a queue for each priority and one for the jobs that were given up", () => {
  const names = build()
    .all(SqsQueue)
    .map(({ name }) => name);
  expect(names.sort()).toEqual([
    "dev-training-jobs-critical.fifo",
    "dev-training-jobs-dead.fifo",
    "dev-training-jobs-high.fifo",
    "dev-training-jobs-low.fifo",
    "dev-training-jobs-medium.fifo",
  ]);
});
it("gives them in the order in which workers ask them", () => {
  const { outputs } = synth((stack) => {
    const { queues, deadLetterQueue } = new JobQueues(stack, "queues", { name: "dev-training" });
    const value = queues.map(({ priority, url }) => ({ priority, url }));
    new TerraformOutput(stack, "polled", { value, staticId: true });
    new TerraformOutput(stack, "dead", { value: deadLetterQueue.url, staticId: true });
  });
  expect(outputs.polled.value).toEqual(
    ["critical", "high", "medium", "low"].map((priority) => ({ priority, url: urlOf(priority) })),
  );
  expect(outputs.dead.value).toEqual(urlOf("dead-letters"));
});
it("tries a job five times, hides it for half an hour, and keeps it four days", () => {
  build({}, ({ visibilitySeconds, maxReceives }) => expect([visibilitySeconds, maxReceives]).toEqual([1800, 5]));
  const made: Json[] = build()
    .all(SqsQueue)
    .filter(({ redrive_policy }) => redrive_policy);
  expect(made).toHaveLength(4);
  for (const queue of made) {
    expect(queue).toMatchObject({ visibility_timeout_seconds: 1800, message_retention_seconds: 345_600 });
    expect(JSON.parse(queue.redrive_policy).maxReceiveCount).toBe(5);
  }
});
it("tells of jobs that wait and of those given up", () => {
  const alarms = build({ alarmTopicArns: [TOPIC] }).all(CloudwatchMetricAlarm);
  expect(alarms).toHaveLength(9);
  for (const { alarm_actions } of alarms) expect(alarm_actions).toEqual([TOPIC]);
});
it("lets one who gives jobs back show their messages and send them anew, and no more", () => {
  build({}, (made) => {
    expect(made.grantGiveBack()).toEqual([
      {
        Sid: "GiveBack",
        Action: ["sqs:ChangeMessageVisibility", "sqs:SendMessage"],
        Resource: made.queues.map(({ arn }) => arn),
      },
    ]);
  });
  const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
  build({ kmsKeyArn }, (made) => expect(made.grantGiveBack()[1]).toMatchObject({ Resource: kmsKeyArn }));
});
it("lets workers use all queues, and send to the dead letters", () => {
  build({}, (made) => {
    const [messages, letters] = made.grantUse();
    expect(messages?.Resource).toEqual(made.queues.map(({ arn }) => arn));
    expect(letters?.Resource).toBe(made.deadLetterQueue.arn);
  });
});
it("lets those who submit jobs send them, and no more", () => {
  build({}, (made) => {
    const Resource = made.queues.map(({ arn }) => arn);
    expect(made.grantSubmit()).toEqual([{ Sid: "Submit", Action: "sqs:SendMessage", Resource }]);
  });
});
it("checks a user's settings without the wiring", () => {
  const check = (value: object) => z.object({ queues: jobQueuesSettings }).safeParse({ queues: value });
  expect(check({ visibilitySeconds: 60, retentionSeconds: 86_400 }).success).toBe(true);
  expect(check({ name: "mine" }).error?.issues[0]?.path).toEqual(["queues", "name"]);
  expect(check({ maxReceives: 1 }).error?.issues[0]?.path).toEqual(["queues", "maxReceives"]);
});

rejects<unknown>(
  "test/queues",
  [
    ["name", { name: "" }, "letters, digits and hyphens", '""'],
    ["name", { name: "1a" }, "a letter first"],
    ["name", { name: "x".repeat(41) }, "at most 40", "41"],
    ["maxReceives", { maxReceives: 1 }, "at least 2", "lost with its first machine", "got 1"],
    ["visibilitySeconds", { visibilitySeconds: 29 }, "at least 30", "got 29"],
    ["ageAlarmSeconds", { ageAlarmSeconds: 345_600 }, "less than retentionSeconds (345600)"],
    ["alarmTopicArns[0]", { alarmTopicArns: ["alerts"] }, "ARN of an SNS topic"],
    ["keys", { keys: ["a"] }, "unknown key"],
  ],
  (stack, props) => new JobQueues(stack, "queues", { name: "dev-training", ...(props as object) }),
);
