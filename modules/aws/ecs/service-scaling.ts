import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../../common/collections";
import { refuse } from "../../common/settings/faults";

/** Tasks of a service. Source: ECS quotas, tasks per service. */
export const taskCountSchema = z.int().min(0).max(5000);

const name = z.string().min(1).max(255);
const cooldown = z.int().min(0).max(86_400).default(300);

const queueSchema = z.strictObject({
  /** Namespace of the metric, such as `AWS/AmazonMQ`. */
  namespace: name,
  /** Metric that tells how much waits, such as `MessageReadyCount`. */
  metricName: name,
  /** Dimensions that tell the queue from others, by name; at most 30. */
  dimensions: z
    .record(name, z.string().min(1).max(1024))
    .superRefine((dimensions, ctx) => {
      const count = Object.keys(dimensions).length;
      // Source: CloudWatch API reference, Metric
      if (count > 30) refuse(ctx, [], `must have at most 30 dimensions, got ${count}`);
    })
    .default({}),
  /** What waits for each task, above 0 to 1000000, that is aimed at. */
  perTask: z.number().gt(0).max(1_000_000),
});

const autoscalingSchema = z
  .strictObject({
    /** Tasks at least, 1 to 5000. Not 0: without a task there is nothing that tells that one is needed. */
    min: z.int().min(1).max(5000),
    /** Tasks at most, 1 to 5000. */
    max: z.int().min(1).max(5000),
    /** Percent of the tasks' CPU, 1 to 100, that is aimed at; the CPU does not matter when absent. */
    cpuPercent: z.int().min(1).max(100).optional(),
    /** Queue whose length, by task, is held; none when absent. Of several aims, the one that asks for most tasks counts. */
    queue: queueSchema.optional(),
    /**
     * Whether tasks are stopped when there is less to do. A task gets SIGTERM then, and loses what it has not done within
     * `stopTimeout`, unless it protects itself by `ecs:UpdateTaskProtection`, for which it needs the permission.
     */
    scaleIn: z.boolean().default(true),
    /** Seconds, 0 to 86400, between tasks that are stopped and the next that are; 300 by default. */
    scaleInCooldown: cooldown,
    /** Seconds, 0 to 86400, in which tasks that were started are given time to take effect; 300 by default. */
    scaleOutCooldown: cooldown,
  })
  .superRefine(({ min, max, cpuPercent, queue }, ctx) => {
    if (max < min) refuse(ctx, "max", `must be at least min (${min}), got ${max}`);
    if (cpuPercent === undefined && !queue)
      refuse(ctx, "cpuPercent", "must be given, or queue: something to aim at, got neither");
  });
export type AutoscalingSettings = z.output<typeof autoscalingSchema>;

/** How many tasks a service has. */
export const serviceScalingShape = {
  /** Tasks, 0 to 5000; where `autoscaling` is on, only those that it begins with. */
  desiredCount: taskCountSchema,
  /** Whether AWS chooses the number of tasks, within limits; it stays what `desiredCount` says when absent. */
  autoscaling: autoscalingSchema.optional(),
};

/** Rules across the inputs of {@link serviceScalingShape}. */
export function checkServiceScaling(
  { desiredCount, autoscaling }: { desiredCount: number; autoscaling?: AutoscalingSettings },
  ctx: z.RefinementCtx,
): void {
  if (!autoscaling || (desiredCount >= autoscaling.min && desiredCount <= autoscaling.max)) return;
  const { min, max } = autoscaling;
  const message = `must lie within the ${min} to ${max} tasks of autoscaling, got ${desiredCount}`;
  refuse(ctx, "desiredCount", message);
}

export interface ServiceScalingProps {
  clusterName: string;
  serviceName: string;
  /** Name as it is written in the settings, which begins the policies' names. */
  name: string;
  settings: AutoscalingSettings;
}

/** Lets AWS choose how many tasks a service has. */
export class ServiceScaling extends Construct {
  constructor(scope: Construct, id: string, { clusterName, serviceName, name, settings }: ServiceScalingProps) {
    super(scope, id);
    const target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${clusterName}/${serviceName}`,
      minCapacity: settings.min,
      maxCapacity: settings.max,
    });
    const track = (key: string, targetValue: number, metric: object) =>
      new AppautoscalingPolicy(this, key, {
        name: `${name}-${key}`,
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          scaleInCooldown: settings.scaleInCooldown,
          scaleOutCooldown: settings.scaleOutCooldown,
          ...(!settings.scaleIn && { disableScaleIn: true }),
          ...metric,
        },
      });
    if (settings.cpuPercent !== undefined) {
      track("cpu", settings.cpuPercent, {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      });
    }
    if (settings.queue)
      track("queue", settings.queue.perTask, waitingPerTask(settings.queue, clusterName, serviceName));
  }
}

/**
 * What waits, divided by the tasks that run. Every task reports its CPU once a minute, so that the number of reports is that
 * of tasks: unlike the metric of Container Insights it costs nothing. Source: ECS Developer Guide, "Amazon ECS service
 * utilization metrics", service RUNNING task count.
 */
const waitingPerTask = (
  { namespace, metricName, dimensions }: NonNullable<AutoscalingSettings["queue"]>,
  clusterName: string,
  serviceName: string,
) => ({
  customizedMetricSpecification: {
    metrics: [
      {
        id: "waiting",
        returnData: false,
        metricStat: { stat: "Average", metric: { namespace, metricName, dimensions: sorted(dimensions) } },
      },
      {
        id: "tasks",
        returnData: false,
        metricStat: {
          stat: "SampleCount",
          metric: {
            namespace: "AWS/ECS",
            metricName: "CPUUtilization",
            dimensions: sorted({ ClusterName: clusterName, ServiceName: serviceName }),
          },
        },
      },
      { id: "per_task", label: "Waiting per task", expression: "waiting / tasks", returnData: true },
    ],
  },
});

const sorted = (dimensions: Record<string, string>) =>
  sortedEntries(dimensions).map(([name, value]) => ({ name, value }));
