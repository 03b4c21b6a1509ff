import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { z } from "zod";
import type { Statement } from "../../common/iam/policy";

/** Seconds for which a received message is hidden from other readers. Source: SQS API reference, SetQueueAttributes. */
export const VISIBILITY_LIMIT = 43_200;
/** Longest retention of a message, seconds. Source: SQS API reference, SetQueueAttributes, MessageRetentionPeriod. */
export const RETENTION_LIMIT = 1_209_600;

/** Receptions after which a message becomes a dead letter. Source: SQS API reference, SetQueueAttributes, RedrivePolicy. */
export const maxReceivesSchema = z.int().min(1).max(1000);

/** Arguments that encrypt a queue: by a KMS key, or by SQS's own when absent. */
export const queueEncryption = (kmsKeyArn: string | undefined) =>
  kmsKeyArn ? { kmsMasterKeyId: kmsKeyArn } : { sqsManagedSseEnabled: true };

/** Redrive policy, JSON, by which messages become dead letters. */
export const redriveTo = (deadLetterTargetArn: string, maxReceiveCount: number): string =>
  JSON.stringify({ deadLetterTargetArn, maxReceiveCount });

/** Statement of a queue's policy that denies requests without TLS. */
export const denyWithoutTls = (Resource: string): Statement => ({
  Sid: "DenyInsecureTransport",
  Effect: "Deny",
  Principal: "*",
  Action: "sqs:*",
  Resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

export interface QueueAlarmProps {
  alarmName: string;
  queueName: string;
  metricName: "ApproximateAgeOfOldestMessage" | "ApproximateNumberOfMessagesVisible";
  /** Value above which it fires. */
  threshold: number;
  /** What has happened, and what to do. */
  description: string;
  /** SNS topics of the alarm and of its end. */
  topicArns: string[];
  /** Consecutive periods of five minutes above the threshold. */
  periods?: number;
}

/** Alarm on a queue. */
export const queueAlarm = (scope: Construct, id: string, props: QueueAlarmProps): CloudwatchMetricAlarm =>
  new CloudwatchMetricAlarm(scope, id, {
    alarmName: props.alarmName,
    alarmDescription: props.description,
    namespace: "AWS/SQS",
    metricName: props.metricName,
    dimensions: { QueueName: props.queueName },
    statistic: "Maximum",
    period: 300,
    evaluationPeriods: props.periods ?? 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: props.threshold,
    treatMissingData: "notBreaching", // SQS reports nothing of a queue that nobody has used for hours
    alarmActions: props.topicArns,
    okActions: props.topicArns,
  });
