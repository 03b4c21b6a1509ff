import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { expect, it } from "vitest";
import {
  denyWithoutTls,
  maxReceivesSchema,
  type QueueAlarmProps,
  queueAlarm,
  queueEncryption,
  redriveTo,
} from "../../../../modules/aws/sqs/queue-parts";
import { synth } from "../../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";

it("encrypts by SQS's own key, or by that which is given", () => {
  expect(queueEncryption(undefined)).toEqual({ sqsManagedSseEnabled: true });
  expect(queueEncryption(KEY)).toEqual({ kmsMasterKeyId: KEY });
});
it("makes dead letters after a number of receptions, 1 to 1000", () => {
  expect(JSON.parse(redriveTo("arn", 5))).toEqual({ deadLetterTargetArn: "arn", maxReceiveCount: 5 });
  const accepted = [0, 1, 1.5, 1000, 1001].filter((count) => maxReceivesSchema.safeParse(count).success);
  expect(accepted).toEqual([1, 1000]);
});
it("denies every action without TLS, to everybody", () => {
  expect(denyWithoutTls("queue")).toMatchObject({
    Effect: "Deny",
    Principal: "*",
    Action: "sqs:*",
    Resource: "queue",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
});
it("watches a queue, of which no metric is no alarm", () => {
  const alarm = (some: Partial<QueueAlarmProps>) =>
    synth((stack) =>
      queueAlarm(stack, "alarm", {
        alarmName: "jobs-depth",
        queueName: "jobs",
        metricName: "ApproximateNumberOfMessagesVisible",
        threshold: 100,
        description: "Jobs wait",
        topicArns: [TOPIC],
        ...some,
      }),
    ).one(CloudwatchMetricAlarm);
  expect(alarm({})).toMatchObject({
    alarm_name: "jobs-depth",
    alarm_description: "Jobs wait",
    namespace: "AWS/SQS",
    metric_name: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: "jobs" },
    statistic: "Maximum",
    period: 300,
    evaluation_periods: 1,
    comparison_operator: "GreaterThanThreshold",
    threshold: 100,
    treat_missing_data: "notBreaching",
    alarm_actions: [TOPIC],
    ok_actions: [TOPIC],
  });
  expect(alarm({ periods: 3 }).evaluation_periods).toBe(3);
});
