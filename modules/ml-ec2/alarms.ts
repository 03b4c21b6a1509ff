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

/** Percentage of something in use, above which it is too much. */
const percent = z.number().gt(0).max(100);

/** Inputs that concern alarms. */
export const alarmsShape = {
  /** Whether there are alarms, each machine of its own, or on the fleet as a whole; off leaves out those of every setting here. */
  alarms: z.boolean().default(true),
  /** Percent of the CPU, above 0 to 100, beyond which an alarm goes off; 80, as the document says. */
  cpuAlarmThreshold: percent.default(80),
  /** Percent of the fullest disk, above 0 to 100, beyond which an alarm goes off; the document says 85. None when absent. */
  diskAlarmThreshold: percent.optional(),
  /** Percent of the memory, above 0 to 100, beyond which an alarm goes off. None when absent. */
  memoryAlarmThreshold: percent.optional(),
  /** Percent of the GPUs, above 0 to 100, beyond which an alarm goes off; for types with NVIDIA GPUs. None when absent. */
  gpuAlarmThreshold: percent.optional(),
  /** Whether an alarm goes off when more goes out to the network than a model of the past weeks expects. */
  networkAnomalyAlarm: z.boolean().default(false),
  /** Seconds that one value of an alarm sums up: 300, as the document says; 60, 900 or 3600. */
  alarmPeriodSeconds: z.literal([60, 300, 900, 3600]).default(300),
  /** Periods in a row, 1 to 24, that must be bad for an alarm to go off; 2, as the document says. AWS looks back a day at most. */
  alarmEvaluationPeriods: z.int().min(1).max(24).default(2),
  /**
   * Whether an instance whose host fails is moved to another one, keeping its id, addresses and volumes. For single
   * instances, of types that EC2 recovers: not those with disks of the host, nor whole hosts (`.metal`).
   */
  autoRecovery: z.boolean().default(false),
};
type AlarmsSettings = z.output<z.ZodObject<typeof alarmsShape>>;

/** Rules across the inputs of {@link alarmsShape} and what they are about. */
export function checkAlarms(
  settings: AlarmsSettings & { alertEmails: string[]; instanceType?: string; fleet?: unknown },
  ctx: z.RefinementCtx,
) {
  const { alarms, autoRecovery, alertEmails, gpuAlarmThreshold, instanceType, fleet } = settings;
  if (!alarms && autoRecovery)
    refuse(ctx, "autoRecovery", "must be off where alarms is off: an alarm starts it, got true");
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
    refuse(ctx, "autoRecovery", `must be off for ${instanceType}, a whole host that EC2 cannot move off, got true`);
  }
  if (gpuAlarmThreshold !== undefined && instanceType && factsOf(instanceType).gpus === 0) {
    refuse(
      ctx,
      "gpuAlarmThreshold",
      `must be left out for ${instanceType}, which has no NVIDIA GPU, got ${gpuAlarmThreshold}`,
    );
  }
}

/** What an instance must have for `autoRecovery`: EC2's own recovery too, which an image may have switched off. */
export const maintenanceOptions = ({ autoRecovery }: { autoRecovery: boolean }) =>
  autoRecovery ? { autoRecovery: "default" } : undefined;

export interface AlarmsProps {
  prefix: string;
  /** Namespace of the CloudWatch agent's metrics. */
  agentNamespace: string;
  /** Region of the machines, literal or not. */
  region: string;
  targets: Targets;
  /** Whether the machines are off at times by plan, so that silence is no fault. */
  stops: boolean;
  /** Topic that hears of every alarm, and what it needs before it can. */
  topic?: { readonly arn: string; readonly ready: ITerraformDependable[] };
  settings: AlarmsSettings;
}

/** Alarms on each machine, or on a fleet as a whole; none where `alarms` is off. */
export class Alarms extends Construct {
  /** Alarms in the order of their machines. */
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
        ...this.rhythm,
        alarmDescription: `${metric.label} above ${threshold} %: ${advice}`,
        comparisonOperator: "GreaterThanThreshold",
        threshold,
      });
    }
    this.alarm(machine, "status", {
      ...on(metrics.status, machine),
      ...this.rhythm,
      alarmDescription: "A status check fails: the instance, or what it runs on, has a fault",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      // A machine that runs is always heard of. Where it stops by plan, "breaching" would page every night, and
      // "missing" would send an all-clear every morning.
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
          // EC2 tells its checks each minute without detailed monitoring; two in a row, as its guide advises
          period: 60,
          evaluationPeriods: 2,
        },
        [`arn:aws:automate:${region}:ec2:recover`],
      );
    }
  }

  private get rhythm() {
    const { alarmPeriodSeconds: period, alarmEvaluationPeriods: evaluationPeriods } = this.#props.settings;
    return { period, evaluationPeriods };
  }

  /** More than the upper edge of a band of two standard deviations: what goes out may be stolen; less is no concern. */
  private anomaly({ namespace, name, statistic, label }: Metric, { dimensions }: Watched) {
    const { period, evaluationPeriods } = this.rhythm;
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

  /** An alarm that lets silence pass unless told otherwise: the status check is what notices a machine that is gone. */
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
