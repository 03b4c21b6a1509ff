import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { factsOf } from "../aws/ec2/instance-types";
import { idFrom } from "../common/names";
import { refuse } from "../common/settings/faults";
import { type Metric, metricsIn, type Targets, type Watched, watched } from "./metrics";

/** Alarm threshold, percent. */
const percent = z.number().gt(0).max(100);

/** Settings of the alarms. */
export const alarmsShape = {
  /** Create alarms, for each machine or for the fleet as a whole; false leaves out all of them. */
  alarms: z.boolean().default(true),
  /** CPU alarm threshold, percent, above 0 to 100. */
  cpuAlarmThreshold: percent.default(80),
  /** Alarm threshold for the fullest disk, percent, above 0 to 100, such as 85. No alarm when absent. */
  diskAlarmThreshold: percent.optional(),
  /** Memory alarm threshold, percent, above 0 to 100. No alarm when absent. */
  memoryAlarmThreshold: percent.optional(),
  /** GPU alarm threshold, percent, above 0 to 100; for types with NVIDIA GPUs. No alarm when absent. */
  gpuAlarmThreshold: percent.optional(),
  /** Alarm on outgoing traffic above the band that CloudWatch anomaly detection expects. */
  networkAnomalyAlarm: z.boolean().default(false),
  /** Period of the alarms, seconds: 60, 300, 900 or 3600. */
  alarmPeriodSeconds: z.literal([60, 300, 900, 3600]).default(300),
  /** Consecutive periods beyond the threshold until an alarm goes off, 1 to 24; CloudWatch evaluates a day at most. */
  alarmEvaluationPeriods: z.int().min(1).max(24).default(2),
  /**
   * Recover an instance on new hardware, with its id, addresses and volumes, when its own fails. For single instances of
   * types that EC2 recovers: no local disks, no bare metal.
   */
  autoRecovery: z.boolean().default(false),
};
type AlarmsSettings = z.output<z.ZodObject<typeof alarmsShape>>;

/** Rules across the settings of the alarms and of the machines. */
export function checkAlarms(
  settings: AlarmsSettings & { alertEmails: string[]; instanceType?: string; fleet?: unknown },
  ctx: z.RefinementCtx,
) {
  const { alarms, autoRecovery, alertEmails, gpuAlarmThreshold, instanceType, fleet } = settings;
  if (!alarms && autoRecovery)
    refuse(ctx, "autoRecovery", "must be off where alarms is off, since an alarm triggers it, got true");
  if (fleet && autoRecovery) {
    refuse(ctx, "autoRecovery", "must be off with fleet, which replaces an instance that fails, got true");
  }
  if (!alarms && alertEmails.length > 0) {
    refuse(
      ctx,
      "alertEmails",
      `must be empty where alarms is off, as nothing would be sent, got ${alertEmails.join(", ")}`,
    );
  }
  if (autoRecovery && instanceType && /\.metal/.test(instanceType)) {
    // Source: EC2 User Guide, "Configure CloudWatch action based recovery", requirements
    refuse(
      ctx,
      "autoRecovery",
      `must be off for ${instanceType}, since EC2 does not recover bare-metal instances, got true`,
    );
  }
  if (gpuAlarmThreshold !== undefined && instanceType && factsOf(instanceType).gpus === 0) {
    refuse(
      ctx,
      "gpuAlarmThreshold",
      `must be left out for ${instanceType}, which has no NVIDIA GPU, got ${gpuAlarmThreshold}`,
    );
  }
}

/** Maintenance options for `autoRecovery`: EC2's own recovery, which an image may have disabled. */
export const maintenanceOptions = ({ autoRecovery }: { autoRecovery: boolean }) =>
  autoRecovery ? { autoRecovery: "default" } : undefined;

export interface AlarmsProps {
  prefix: string;
  /** Namespace of the CloudWatch agent's metrics. */
  agentNamespace: string;
  /** Region of the machines, may be a token. */
  region: string;
  targets: Targets;
  /** Whether the machines stop on a schedule, so that missing data is normal. */
  stops: boolean;
  /** SNS topic of all alarms, and what alarms depend on before they can use it. */
  topic?: { readonly arn: string; readonly ready: ITerraformDependable[] };
  settings: AlarmsSettings;
}

/** Alarms on each machine, or on a fleet as a whole; none if `alarms` is off. */
export class Alarms extends Construct {
  /** ARNs of the alarms, ordered by machine. */
  readonly alarmArns: string[] = [];
  readonly alarmNames: string[] = [];
  readonly #props: AlarmsProps;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#props = props;
    if (props.settings.alarms) for (const machine of watched(props.targets)) this.watch(machine);
  }

  private watch(machine: Watched): void {
    const { agentNamespace, region, stops, settings } = this.#props;
    const metrics = metricsIn(agentNamespace);
    const limits = {
      cpu: [settings.cpuAlarmThreshold, "see whether the training is efficient, or take a larger type"],
      disk: [settings.diskAlarmThreshold, "clean up, or enlarge the volume"],
      memory: [settings.memoryAlarmThreshold, "take smaller batches or a larger type before processes are killed"],
      gpu: [settings.gpuAlarmThreshold, "see whether jobs compete for the GPUs"],
    } as const;
    for (const [key, [threshold, advice]] of Object.entries(limits)) {
      if (threshold === undefined) continue;
      const metric = metrics[key as keyof typeof limits];
      this.alarm(machine, key, {
        ...on(metric, machine),
        ...this.evaluation,
        alarmDescription: `${metric.label} above ${threshold} %: ${advice}`,
        comparisonOperator: "GreaterThanThreshold",
        threshold,
      });
    }
    this.alarm(machine, "status", {
      ...on(metrics.status, machine),
      ...this.evaluation,
      alarmDescription: "A status check fails: the instance, or what it runs on, has a fault",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      // A running machine always reports. If it stops on a schedule, "breaching" would page every night, and "missing"
      // would send an all-clear every morning.
      treatMissingData: stops ? "notBreaching" : "breaching",
    });
    if (settings.networkAnomalyAlarm) this.alarm(machine, "network", this.anomaly(metrics.networkOut, machine));
    if (settings.autoRecovery) {
      this.alarm(
        machine,
        "recovery",
        {
          ...on(metrics.system, machine),
          alarmDescription: "The host fails: the instance is moved to another one",
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0,
          // status checks come every minute, even without detailed monitoring; the EC2 User Guide recommends two periods
          period: 60,
          evaluationPeriods: 2,
        },
        [`arn:aws:automate:${region}:ec2:recover`],
      );
    }
  }

  private get evaluation() {
    const { alarmPeriodSeconds: period, alarmEvaluationPeriods: evaluationPeriods } = this.#props.settings;
    return { period, evaluationPeriods };
  }

  /** Above a band of two standard deviations: unusual outgoing traffic may be data theft; less traffic is no concern. */
  private anomaly({ namespace, name, statistic, label }: Metric, { dimensions }: Watched) {
    const { period, evaluationPeriods } = this.evaluation;
    return {
      alarmDescription: "More goes out to the network than usual: see whether someone takes data away",
      comparisonOperator: "GreaterThanUpperThreshold",
      thresholdMetricId: "band",
      evaluationPeriods,
      metricQuery: [
        { id: "out", returnData: true, metric: { namespace, metricName: name, stat: statistic, period, dimensions } },
        { id: "band", returnData: true, expression: "ANOMALY_DETECTION_BAND(out, 2)", label: `${label} as expected` },
      ],
    };
  }

  /** Alarm that ignores missing data by default: the status check notices a machine that is gone. */
  private alarm(
    { key }: Watched,
    what: string,
    config: Omit<CloudwatchMetricAlarmConfig, "alarmName">,
    actions: string[] = [],
  ): void {
    const { prefix, topic } = this.#props;
    const alarmActions = [...actions, ...(topic ? [topic.arn] : [])];
    const alarm = new CloudwatchMetricAlarm(this, idFrom(`${key}-${what}`), {
      alarmName: `${prefix}-${key}-${what}`,
      treatMissingData: "notBreaching",
      ...config,
      ...(alarmActions.length > 0 && { alarmActions }),
      ...(topic && { okActions: [topic.arn], dependsOn: topic.ready }),
    });
    this.alarmArns.push(alarm.arn);
    this.alarmNames.push(alarm.alarmName);
  }
}

const on = ({ namespace, name, statistic }: Metric, { dimensions }: Watched) => ({
  namespace,
  metricName: name,
  statistic,
  dimensions,
});
