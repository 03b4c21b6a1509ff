import type { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

/** Metrics that the group has to publish, free of charge. */
export const BACKLOG_GROUP_METRICS = ["GroupDesiredCapacity", "GroupInServiceInstances"];

/** Messages that wait, and those that a machine works on. */
const QUEUE_METRICS = ["ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible"];

export interface BacklogScalingProps {
  readonly name: string;
  readonly group: AutoscalingGroup;
  /** Names of the SQS queues, at most four: an alarm takes ten metrics. Source: CloudWatch User Guide, "Limits". */
  readonly queueNames: readonly string[];
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
 * work count, or the group would shrink below the jobs that run.
 */
export class BacklogScaling extends Construct {
  constructor(scope: Construct, id: string, { name, group, queueNames, target }: BacklogScalingProps) {
    super(scope, id);
    const queues = queueNames.flatMap((queueName, i) =>
      QUEUE_METRICS.map(
        (metricName, j): Query => ({
          id: `queue${i}_${j}`,
          namespace: "AWS/SQS",
          metricName,
          dimensions: { QueueName: queueName },
          stat: "Maximum",
        }),
      ),
    );
    // SQS publishes nothing about a queue that nobody used for six hours.
    const backlog = queues.map((query) => `FILL(${query.id}, 0)`).join(" + ");
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
    new CloudwatchMetricAlarm(this, "waiting", {
      alarmName: `${name}-waiting`,
      alarmDescription: `Jobs wait, and ${name} has no machine; starts the first one`,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      metricQuery: [
        ...[...queues, ofGroup("GroupDesiredCapacity")].map(({ stat, ...metric }) => ({
          id: metric.id,
          metric: {
            namespace: metric.namespace,
            metricName: metric.metricName,
            dimensions: { ...metric.dimensions },
            period: 60,
            stat,
          },
        })),
        {
          id: "waiting",
          label: "Jobs without a machine",
          expression: `IF(machines < 1, ${backlog}, 0)`,
          returnData: true,
        },
      ],
      alarmActions: [wake.arn],
    });
    new AutoscalingPolicy(this, "backlog", {
      name: `${name}-backlog`,
      autoscalingGroupName: group.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        targetValue: target,
        customizedMetricSpecification: {
          metrics: [
            ...[...queues, ofGroup("GroupInServiceInstances")].map(
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
