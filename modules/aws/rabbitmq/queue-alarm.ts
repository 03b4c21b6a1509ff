import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { z } from "zod";
import { topicArnsSchema } from "../ecs/service-alarms";

/** CloudWatch metric of the messages waiting in a queue. */
export interface QueueMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
}

const alarmSchema = z.strictObject({
  /** SNS topics, 1 to 5, notified of the alarm and of its end. */
  topicArns: topicArnsSchema,
  /** Name of the queue: 1 to 255 letters, digits and ._:/-. */
  queue: z
    .string()
    .max(255) // Source: AMQP 0-9-1, short string
    .regex(/^[\w.:/-]+$/, "must have letters, digits and ._:/- only"),
  /** Alarm threshold, waiting messages: 0 to 10 million. */
  waiting: z.int().min(0).max(10_000_000),
  /** Consecutive minutes above the threshold before the alarm fires, 1 to 60. */
  minutes: z.int().min(1).max(60).default(15),
});

/** Monitoring of a queue. */
export const queueAlarmShape = {
  /** Alarm on messages that wait because the workers cannot keep up; none when absent. */
  alarm: alarmSchema.optional(),
};

export interface QueueAlarmProps {
  /** Name of the broker, the prefix of the alarm's name. */
  name: string;
  metric: QueueMetric;
  settings: z.output<typeof alarmSchema>;
}

/** Alarm on the length of a queue. */
export class QueueAlarm extends Construct {
  readonly alarmArn: string;
  readonly alarmName: string;

  constructor(scope: Construct, id: string, { name, metric, settings }: QueueAlarmProps) {
    super(scope, id);
    const { topicArns, queue, waiting, minutes } = settings;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: `${name}-waiting`,
      alarmDescription: `More than ${waiting} messages wait in ${queue}: take more workers, or see whether they still work`,
      ...metric,
      statistic: "Average",
      period: 60,
      evaluationPeriods: minutes,
      comparisonOperator: "GreaterThanThreshold",
      threshold: waiting,
      treatMissingData: "notBreaching", // an unused queue has no data
      alarmActions: topicArns,
      okActions: topicArns,
    });
    this.alarmArn = alarm.arn;
    this.alarmName = alarm.alarmName;
  }
}
