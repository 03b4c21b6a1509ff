import { Construct } from "constructs";
import type { z } from "zod";
import { AlertTopic, alertTopicShape } from "../aws/cloudwatch/alert-topic";
import { present } from "../common/settings/present";
import { Alarms, alarmsShape } from "./alarms";
import { Dashboard, dashboardShape } from "./dashboard";
import type { Targets } from "./metrics";

/** Settings of the monitoring; `checkAlarms` has the rules across them. */
export const monitoringShape = { ...alarmsShape, ...alertTopicShape, ...dashboardShape };
type Settings = z.output<z.ZodObject<typeof monitoringShape>>;

export interface MonitoringProps {
  prefix: string;
  /** Namespace of the CloudWatch agent's metrics. */
  agentNamespace: string;
  /** Region of the machines, may be a token. */
  region: string;
  targets: Targets;
  /** Whether the machines have NVIDIA GPUs. */
  gpu: boolean;
  /** Whether the machines stop on a schedule, so that missing data is normal. */
  stops: boolean;
  settings: Settings;
}

/** Alarms on the machines, their SNS topic, and a dashboard. */
export class Monitoring extends Construct {
  /** Empty if `alarms` is off. */
  readonly alarmArns: string[];
  readonly alarmNames: string[];
  readonly #topic: AlertTopic | undefined;
  readonly #dashboard: Dashboard | undefined;

  constructor(scope: Construct, id: string, { settings, gpu, stops, ...context }: MonitoringProps) {
    super(scope, id);
    const { prefix } = context;
    const { alertEmails: emails } = settings;
    this.#topic = emails.length > 0 ? new AlertTopic(this, "alert-topic", { prefix, emails }) : undefined;
    const { alarmArns, alarmNames } = new Alarms(this, "alarms", { ...context, stops, topic: this.#topic, settings });
    this.#dashboard = settings.dashboard
      ? new Dashboard(this, "dashboard", {
          ...context,
          gpu: gpu || settings.gpuAlarmThreshold !== undefined,
          alarmArns,
          thresholds: settings.alarms
            ? {
                cpu: settings.cpuAlarmThreshold,
                memory: settings.memoryAlarmThreshold,
                disk: settings.diskAlarmThreshold,
                gpu: settings.gpuAlarmThreshold,
              }
            : {},
        })
      : undefined;
    this.alarmArns = alarmArns;
    this.alarmNames = alarmNames;
  }

  /** SNS topic of all alarms; throws an `InputError` without `alertEmails`. */
  get alertTopicArn(): string {
    return present(this, "alertEmails", this.#topic, off("name someone")).arn;
  }

  /** Name of the dashboard; throws an `InputError` if the dashboard is off. */
  get dashboardName(): string {
    return present(this, "dashboard", this.#dashboard, off("set it to true")).name;
  }
}

const off = (advice: string) => `must be on for what is asked for; ${advice}, got off`;
