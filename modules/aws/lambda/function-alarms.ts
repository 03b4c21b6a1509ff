import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

export interface FunctionAlarmsProps {
  /** Literal name of the function, the prefix of the alarms' names. */
  name: string;
  functionName: string;
  /** Absent for a function whose callers wait for it, and are refused when it is throttled. */
  deadLetterQueueName: string | undefined;
  topicArns: string[];
}

/** Alarms on a function: a call failed, and an event was given up after its retries or a call that somebody waited for was refused. */
export class FunctionAlarms extends Construct {
  readonly alarmArns: string[];
  readonly alarmNames: string[];

  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const { name, functionName, deadLetterQueueName, topicArns } = props;
    const alarm = (key: string, config: Partial<CloudwatchMetricAlarmConfig>) =>
      new CloudwatchMetricAlarm(this, key, {
        ...config,
        alarmName: `${name}-${key}`,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        period: 300,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching", // no calls, no data
        alarmActions: topicArns,
        okActions: topicArns,
      });
    const alarms = [
      alarm("errors", {
        alarmDescription: "A call of the function failed: see its log",
        namespace: "AWS/Lambda",
        metricName: "Errors",
        statistic: "Sum",
        dimensions: { FunctionName: functionName },
      }),
      deadLetterQueueName === undefined
        ? alarm("throttles", {
            alarmDescription: "Calls of the function were refused: too many ran at once in this account and region",
            namespace: "AWS/Lambda",
            metricName: "Throttles",
            statistic: "Sum",
            dimensions: { FunctionName: functionName },
          })
        : alarm("dead-letters", {
            alarmDescription: "The function gave up on an event after its retries: see its log, then empty the queue",
            namespace: "AWS/SQS",
            metricName: "ApproximateNumberOfMessagesVisible",
            statistic: "Maximum",
            dimensions: { QueueName: deadLetterQueueName },
          }),
    ];
    this.alarmArns = alarms.map(({ arn }) => arn);
    this.alarmNames = alarms.map(({ alarmName }) => alarmName);
  }
}
