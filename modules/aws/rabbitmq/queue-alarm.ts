import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { z } from "zod";
import { topicArnsSchema } from "../ecs/service-alarms";

/** CloudWatch metric of the number of messages that wait in a queue. */
export interface QueueMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
}

const alarmSchema = z.strictObject({
  /** SNS topics, 1 to 5, that hear when it goes off and when it is over. */
  topicArns: topicArnsSchema,
  /** Queue that is watched, 1 to 255 letters, digits and ._:/-. */
  queue: z
    .string()
    .max(255) // Source: AMQP 0-9-1, short string
    .regex(/^[\w.:/-]+$/, "must have letters, digits and ._:/- only"),
  /** Messages, 0 to 10 million, beyond which too many wait. */
  waiting: z.int().min(0).max(10_000_000),
  /** Minutes in a row, 1 to 60, that must be bad for it to go off; 15 by default. */
  minutes: z.int().min(1).max(60).default(15),
});

/** What is watched of a queue. */
export const queueAlarmShape = {
  /** Alarm that goes off when more waits in a queue than the workers get done; none when absent. */
  alarm: alarmSchema.optional(),
};

export interface QueueAlarmProps {
  /** Name of the broker, with which that of the alarm begins. */
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
      treatMissingData: "notBreaching", // a queue that was never used is not told of
      alarmActions: topicArns,
      okActions: topicArns,
    });
    this.alarmArn = alarm.arn;
    this.alarmName = alarm.alarmName;
  }
}
