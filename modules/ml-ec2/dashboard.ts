import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { z } from "zod";
import { alarmWidgets, dashboardBody } from "../aws/cloudwatch/dashboard-body";
import { type Metric, metricsIn, type Targets, type Watched, watched } from "./metrics";

/** Settings of the dashboard. */
export const dashboardShape = {
  /** CloudWatch dashboard of CPU, memory, disks, network, GPUs, status checks and alarms of all machines. */
  dashboard: z.boolean().default(false),
};

export interface DashboardProps {
  prefix: string;
  /** Namespace of the CloudWatch agent's metrics. */
  agentNamespace: string;
  /** Region of the machines, may be a token. */
  region: string;
  targets: Targets;
  /** Whether the machines have NVIDIA GPUs. */
  gpu: boolean;
  /** Alarms whose state is shown. */
  alarmArns: string[];
  /** Alarm thresholds to draw as lines, percent. */
  thresholds?: { readonly cpu?: number; readonly memory?: number; readonly disk?: number; readonly gpu?: number };
}

const PERIOD = 300;

/** CloudWatch dashboard of all machines. */
export class Dashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { prefix, region, targets, thresholds = {} } = props;
    const machines = watched(targets);
    const metrics = metricsIn(props.agentNamespace);

    const graph = (title: string, shown: Metric[], threshold?: number, percent = false) => ({
      type: "metric",
      properties: {
        title,
        region,
        view: "timeSeries",
        period: PERIOD,
        metrics: machines.flatMap((machine) => shown.map((metric) => series(metric, machine, shown.length > 1))),
        ...(percent && { yAxis: { left: { min: 0, max: 100 } } }),
        ...(threshold !== undefined && { annotations: { horizontal: [{ label: "Alarm", value: threshold }] } }),
      },
    });
    const widgets = [
      ...alarmWidgets(props.alarmArns),
      graph("Status checks", [metrics.status, metrics.system]),
      graph("CPU", [metrics.cpu], thresholds.cpu, true),
      graph("Memory", [metrics.memory], thresholds.memory, true),
      ...(props.gpu ? [graph("GPU", [metrics.gpu], thresholds.gpu, true)] : []),
      graph("Disk space", [metrics.disk], thresholds.disk, true),
      graph("Disk traffic", [metrics.diskRead, metrics.diskWrite]),
      graph("Network", [metrics.networkIn, metrics.networkOut]),
    ];
    const dashboard = new CloudwatchDashboard(this, "dashboard", {
      dashboardName: `${prefix}-ml`,
      dashboardBody: dashboardBody(widgets),
    });
    this.name = dashboard.dashboardName;
  }
}

/** Line of a graph, labelled by machine, and by metric if the graph has several. */
const series = ({ namespace, name, statistic, label }: Metric, { key, dimensions }: Watched, several: boolean) => [
  namespace,
  name,
  ...Object.entries(dimensions).flat(),
  { stat: statistic, label: several ? `${key} ${label}` : key },
];
