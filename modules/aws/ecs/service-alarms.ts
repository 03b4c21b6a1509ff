import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { topicArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";

const percent = z.number().gt(0).max(100).optional();

/** SNS topics of an alarm. */
export const topicArnsSchema = z
  .array(topicArnSchema)
  .min(1)
  .max(5) // Source: CloudWatch API reference, PutMetricAlarm
  .refine(areDistinct, "must name each topic once");

const alarmsSchema = z
  .strictObject({
    /** SNS topics, 1 to 5, notified of each alarm and of its end. */
    topicArns: topicArnsSchema,
    /** Alarm when fewer tasks run than desired. Needs Container Insights. */
    missingTasks: z.boolean().default(false),
    /** Alarm when no task runs at all. Free of Container Insights: running tasks report their CPU. */
    noTasks: z.boolean().default(false),
    /** Alarm threshold of CPU utilization, percent, above 0 to 100; none when absent. */
    cpuPercent: percent,
    /** Alarm threshold of memory utilization, percent, above 0 to 100; none when absent. */
    memoryPercent: percent,
    /** Consecutive minutes above the threshold before an alarm fires, 1 to 60. */
    minutes: z.int().min(1).max(60).default(5),
  })
  .superRefine(({ missingTasks, noTasks, cpuPercent, memoryPercent }, ctx) => {
    if (missingTasks || noTasks || cpuPercent !== undefined || memoryPercent !== undefined) return;
    const message = "must be on, or noTasks, or cpuPercent or memoryPercent be given: something to watch, got none";
    refuse(ctx, "missingTasks", message);
  });
export type AlarmsSettings = z.output<typeof alarmsSchema>;

/** Alarms of a service. */
export const serviceAlarmsShape = {
  /** Alarms; none when absent. */
  alarms: alarmsSchema.optional(),
};

/** The alarm on missing tasks needs the cluster's Container Insights. */
export function checkServiceAlarms(
  { alarms, cluster }: { alarms?: AlarmsSettings; cluster: { readonly containerInsights: string } },
  ctx: z.RefinementCtx,
): void {
  if (!alarms?.missingTasks || cluster.containerInsights !== "disabled") return;
  const message = "must be off where the cluster's containerInsights is disabled, which counts the tasks, got true";
  refuse(ctx, ["alarms", "missingTasks"], message);
}

export interface ServiceAlarmsProps {
  clusterName: string;
  serviceName: string;
  /** Literal name of the service, the prefix of the alarms' names. */
  name: string;
  settings: AlarmsSettings;
}

/** Alarms on a service. */
export class ServiceAlarms extends Construct {
  readonly alarmArns: string[] = [];
  readonly alarmNames: string[] = [];
  readonly #props: ServiceAlarmsProps;

  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    this.#props = props;
    const { missingTasks, noTasks, cpuPercent, memoryPercent } = props.settings;
    if (missingTasks) this.alarm("missing-tasks", this.tasks());
    if (noTasks) this.alarm("no-tasks", this.none());
    if (cpuPercent !== undefined) this.alarm("cpu", this.usage("CPUUtilization", cpuPercent));
    if (memoryPercent !== undefined) this.alarm("memory", this.usage("MemoryUtilization", memoryPercent));
  }

  private get dimensions() {
    return { ClusterName: this.#props.clusterName, ServiceName: this.#props.serviceName };
  }

  /** Compares two metrics of ECS, so that the alarm follows autoscaling. */
  private tasks() {
    const count = (id: string, metricName: string) => ({
      id,
      returnData: false,
      metric: {
        namespace: "ECS/ContainerInsights",
        metricName,
        stat: "Average",
        period: 60,
        dimensions: this.dimensions,
      },
    });
    return {
      alarmDescription: "Fewer tasks run than should: see the events of the service, and the logs of its tasks",
      threshold: 0,
      treatMissingData: "missing",
      metricQuery: [
        count("desired", "DesiredTaskCount"),
        count("running", "RunningTaskCount"),
        { id: "missing", label: "Tasks that do not run", expression: "desired - running", returnData: true },
      ],
    };
  }

  /** Every task reports its CPU once a minute, so the sample count is the number of tasks. */
  private none() {
    return {
      alarmDescription: "No task runs: see the events of the service, and the logs of its last tasks",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching", // where no task runs nobody reports
      namespace: "AWS/ECS",
      metricName: "CPUUtilization",
      statistic: "SampleCount",
      period: 60,
      dimensions: this.dimensions,
    };
  }

  private usage(metricName: string, threshold: number) {
    return {
      alarmDescription: `${metricName} of the tasks above ${threshold} %: take more tasks, or larger ones`,
      threshold,
      treatMissingData: "notBreaching", // a service without tasks uses nothing
      namespace: "AWS/ECS",
      metricName,
      statistic: "Average",
      period: 60,
      dimensions: this.dimensions,
    };
  }

  private alarm(key: string, config: AlarmConfig): void {
    const { name, settings } = this.#props;
    const alarm = new CloudwatchMetricAlarm(this, key, {
      comparisonOperator: "GreaterThanThreshold",
      ...config,
      alarmName: `${name}-${key}`,
      evaluationPeriods: settings.minutes,
      alarmActions: settings.topicArns,
      okActions: settings.topicArns,
    });
    this.alarmArns.push(alarm.arn);
    this.alarmNames.push(alarm.alarmName);
  }
}

type AlarmConfig = Omit<CloudwatchMetricAlarmConfig, "alarmName" | "comparisonOperator" | "evaluationPeriods"> &
  Partial<Pick<CloudwatchMetricAlarmConfig, "comparisonOperator">>;
