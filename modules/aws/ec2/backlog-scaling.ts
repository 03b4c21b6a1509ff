import type { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

/** Metrics that the group has to publish, free of charge. */
export const BACKLOG_GROUP_METRICS = ["GroupDesiredCapacity", "GroupInServiceInstances"];

/** Messages that wait. */
const VISIBLE = "ApproximateNumberOfMessagesVisible";
/** Messages that a machine works on, or that wait for their back-off. */
const IN_WORK = "ApproximateNumberOfMessagesNotVisible";

/** Names of SQS queues by keys of our own. */
export type QueuesByKey = Readonly<Record<string, string>>;

export interface BacklogScalingProps {
  readonly name: string;
  readonly group: AutoscalingGroup;
  /** The queues, at most four: an expression takes ten metrics. Source: CloudWatch User Guide, "Metric math", limits. */
  readonly queues: QueuesByKey;
  /** Messages of all queues for each machine, waiting and in work, that the group holds. */
  readonly target: number;
}

/** Metric of an expression. */
interface Query {
  readonly id: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
}

/**
 * Scales a group by the messages of its queues: from zero as soon as one waits, then by the backlog for each machine, and
 * back to the minimum when nothing is left. A target cannot lead out of zero, since it multiplies what is there. Messages in
 * work count, or the group would shrink below the jobs that run. Machines look into every queue, so that all of them have
 * metrics while there is one.
 */
export class BacklogScaling extends Construct {
  constructor(scope: Construct, id: string, { name, group, queues, target }: BacklogScalingProps) {
    super(scope, id);
    const ofQueue = (queueName: string, metricName: string, queryId: string): Query => ({
      id: queryId,
      namespace: "AWS/SQS",
      metricName,
      dimensions: { QueueName: queueName },
      stat: "Maximum",
    });
    const ofGroup = (metricName: string): Query => ({
      id: "machines",
      namespace: "AWS/AutoScaling",
      metricName,
      dimensions: { AutoScalingGroupName: group.name },
      stat: "Average",
    });

    const wake = new AutoscalingPolicy(this, "wake", {
      name: `${name}-wake`,
      autoscalingGroupName: group.name,
      policyType: "StepScaling",
      adjustmentType: "ChangeInCapacity",
      metricAggregationType: "Maximum",
      stepAdjustment: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
    });
    // One for each: SQS publishes nothing about a queue that nobody used for six hours, and a sum with what is missing has no
    // value. Those that fire together start one machine, as a step counts what warms up.
    for (const [key, queueName] of Object.entries(queues)) {
      new CloudwatchMetricAlarm(this, `waiting-${key}`, {
        alarmName: `${name}-${key}-waiting`,
        alarmDescription: `Jobs wait, and ${name} has no machine; starts the first one`,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
        metricQuery: [
          ...[ofQueue(queueName, VISIBLE, "jobs"), ofGroup("GroupDesiredCapacity")].map(
            ({ id, stat, dimensions, ...metric }) => ({
              id,
              metric: { ...metric, dimensions: { ...dimensions }, period: 60, stat },
            }),
          ),
          { id: "waiting", label: "Jobs without a machine", expression: "IF(machines < 1, jobs, 0)", returnData: true },
        ],
        alarmActions: [wake.arn],
      });
    }
    const messages = Object.values(queues).flatMap((queueName, i) =>
      [VISIBLE, IN_WORK].map((metricName, j) => ofQueue(queueName, metricName, `queue${i}_${j}`)),
    );
    const backlog = messages.map((query) => `FILL(${query.id}, 0)`).join(" + ");
    new AutoscalingPolicy(this, "backlog", {
      name: `${name}-backlog`,
      autoscalingGroupName: group.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        targetValue: target,
        customizedMetricSpecification: {
          metrics: [
            ...[...messages, ofGroup("GroupInServiceInstances")].map(
              ({ id, namespace, metricName, dimensions, stat }) => ({
                id,
                metricStat: {
                  metric: {
                    namespace,
                    metricName,
                    dimensions: Object.entries(dimensions).map(([key, value]) => ({ name: key, value })),
                  },
                  stat,
                },
                returnData: false,
              }),
            ),
            {
              id: "backlog",
              label: "Jobs for each machine",
              expression: `IF(machines > 1, (${backlog}) / machines, ${backlog})`,
              returnData: true,
            },
          ],
        },
      },
    });
  }
}
