import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../../common/collections";
import { refuse } from "../../common/settings/faults";

/** Number of tasks. Source: ECS quotas, tasks per service. */
export const taskCountSchema = z.int().min(0).max(5000);

const name = z.string().min(1).max(255);
const cooldown = z.int().min(0).max(86_400).default(300);

const queueSchema = z.strictObject({
  /** Namespace of the metric, such as `AWS/AmazonMQ`. */
  namespace: name,
  /** Metric of the queue's length, such as `MessageReadyCount`. */
  metricName: name,
  /** Dimensions of the metric by name, at most 30. */
  dimensions: z
    .record(name, z.string().min(1).max(1024))
    .superRefine((dimensions, ctx) => {
      const count = Object.keys(dimensions).length;
      // Source: CloudWatch API reference, Metric
      if (count > 30) refuse(ctx, [], `must have at most 30 dimensions, got ${count}`);
    })
    .default({}),
  /** Target number of waiting messages per task, above 0 to 1000000. */
  perTask: z.number().gt(0).max(1_000_000),
});

const autoscalingSchema = z
  .strictObject({
    /** Minimum number of tasks, 1 to 5000. Not 0: without running tasks there is no metric to scale out on. */
    min: z.int().min(1).max(5000),
    /** Maximum number of tasks, 1 to 5000. */
    max: z.int().min(1).max(5000),
    /** Target CPU utilization, percent, 1 to 100; none when absent. */
    cpuPercent: z.int().min(1).max(100).optional(),
    /** Target memory utilization, percent, 1 to 100; none when absent. */
    memoryPercent: z.int().min(1).max(100).optional(),
    /** Queue whose length per task is the target; none when absent. Of several targets, the one that asks for the most tasks wins. */
    queue: queueSchema.optional(),
    /**
     * Stop tasks when load drops. A task gets SIGTERM and loses what it does not finish within `stopTimeout`, unless it
     * protects itself with `ecs:UpdateTaskProtection`, for which it needs permission.
     */
    scaleIn: z.boolean().default(true),
    /** Scale-in cooldown, seconds, 0 to 86400. */
    scaleInCooldown: cooldown,
    /** Scale-out cooldown, seconds, 0 to 86400. */
    scaleOutCooldown: cooldown,
  })
  .superRefine(({ min, max, cpuPercent, memoryPercent, queue }, ctx) => {
    if (max < min) refuse(ctx, "max", `must be at least min (${min}), got ${max}`);
    if (cpuPercent === undefined && memoryPercent === undefined && !queue) {
      refuse(ctx, "cpuPercent", "or memoryPercent or queue is required, got none");
    }
  });
export type AutoscalingSettings = z.output<typeof autoscalingSchema>;

/** Number of tasks of a service. */
export const serviceScalingShape = {
  /** Number of tasks, 0 to 5000; with `autoscaling`, the initial number. */
  desiredCount: taskCountSchema,
  /** Autoscaling of the number of tasks; fixed at `desiredCount` when absent. */
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
  /** Literal name of the service, the prefix of the policies' names. */
  name: string;
  settings: AutoscalingSettings;
}

/** Target-tracking autoscaling of a service's tasks. */
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
    if (settings.memoryPercent !== undefined) {
      track("memory", settings.memoryPercent, {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" },
      });
    }
    if (settings.queue)
      track("queue", settings.queue.perTask, waitingPerTask(settings.queue, clusterName, serviceName));
  }
}

/**
 * Waiting messages divided by running tasks. Every task reports its CPU once a minute, so the sample count is the number of
 * tasks; unlike the metric of Container Insights it is free. Source: ECS Developer Guide, "Amazon ECS service utilization
 * metrics", service RUNNING task count.
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
