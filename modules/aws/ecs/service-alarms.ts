import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { refuse } from "../../common/settings/faults";
import { orToken } from "../../common/settings/props";

const percent = z.number().gt(0).max(100).optional();

/** SNS topics that hear of an alarm. */
export const topicArnsSchema = z
  .array(
    orToken(z.string().regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, "must be the ARN of an SNS topic")),
  )
  .min(1)
  .max(5) // Source: CloudWatch API reference, PutMetricAlarm
  .refine(areDistinct, "must name each topic once");

const alarmsSchema = z
  .strictObject({
    /** SNS topics, 1 to 5, that hear when an alarm goes off and when it is over. */
    topicArns: topicArnsSchema,
    /** Whether an alarm goes off when fewer tasks run than should. Needs Container Insights, which counts them. */
    missingTasks: z.boolean().default(false),
    /** Percent of the tasks' CPU, above 0 to 100, beyond which an alarm goes off; none when absent. */
    cpuPercent: percent,
    /** Percent of the tasks' memory, above 0 to 100, beyond which an alarm goes off; none when absent. */
    memoryPercent: percent,
    /** Minutes in a row, 1 to 60, that must be bad for an alarm to go off; 5 by default. */
    minutes: z.int().min(1).max(60).default(5),
  })
  .superRefine(({ missingTasks, cpuPercent, memoryPercent }, ctx) => {
    if (missingTasks || cpuPercent !== undefined || memoryPercent !== undefined) return;
    const message = "must be on, or cpuPercent or memoryPercent be given: something to watch, got none";
    refuse(ctx, "missingTasks", message);
  });
export type AlarmsSettings = z.output<typeof alarmsSchema>;

/** What is watched of a service. */
export const serviceAlarmsShape = {
  /** Alarms; none when absent. */
  alarms: alarmsSchema.optional(),
};

/** Rule between the alarms and the cluster that counts the tasks. */
export function checkServiceAlarms(
  { alarms, cluster }: { alarms?: AlarmsSettings; cluster: { readonly containerInsights: string } },
  ctx: z.RefinementCtx,
): void {
  if (!alarms?.missingTasks || cluster.containerInsights !== "disabled") return;
  const message =
    "must be off where the cluster's containerInsights is disabled, as nothing counts the tasks, got true";
  refuse(ctx, ["alarms", "missingTasks"], message);
}

export interface ServiceAlarmsProps {
  clusterName: string;
  serviceName: string;
  /** Name as it is written in the settings, which begins the alarms' names. */
  name: string;
  settings: AlarmsSettings;
}

/** Alarms on a service as a whole. */
export class ServiceAlarms extends Construct {
  readonly alarmArns: string[] = [];
  readonly alarmNames: string[] = [];
  readonly #props: ServiceAlarmsProps;

  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    this.#props = props;
    const { missingTasks, cpuPercent, memoryPercent } = props.settings;
    if (missingTasks) this.alarm("missing-tasks", this.tasks());
    if (cpuPercent !== undefined) this.alarm("cpu", this.usage("CPUUtilization", cpuPercent));
    if (memoryPercent !== undefined) this.alarm("memory", this.usage("MemoryUtilization", memoryPercent));
  }

  private get dimensions() {
    return { ClusterName: this.#props.clusterName, ServiceName: this.#props.serviceName };
  }

  /** Both numbers are ECS's own, so that the alarm holds whatever autoscaling asks for. */
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

  private alarm(key: string, config: Omit<CloudwatchMetricAlarmConfig, RhythmKeys>): void {
    const { name, settings } = this.#props;
    const alarm = new CloudwatchMetricAlarm(this, key, {
      ...config,
      alarmName: `${name}-${key}`,
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: settings.minutes,
      alarmActions: settings.topicArns,
      okActions: settings.topicArns,
    });
    this.alarmArns.push(alarm.arn);
    this.alarmNames.push(alarm.alarmName);
  }
}

type RhythmKeys = "alarmName" | "comparisonOperator" | "evaluationPeriods";
