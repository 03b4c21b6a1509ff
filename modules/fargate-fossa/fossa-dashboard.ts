import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { alarmWidgets, dashboardBody } from "../aws/cloudwatch/dashboard-body";
import { sortedEntries } from "../common/collections";

/** Metric of the number of waiting messages. */
export interface QueueMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
}

export interface FossaDashboardProps {
  /** Name of the system and its dashboard. */
  name: string;
  /** Region of the system, literal or not. */
  region: string;
  clusterName: string;
  /** Names of the ECS services by label. */
  serviceNames: Record<string, string>;
  /** Container Insights of the cluster; `disabled` when absent, where the number of CPU samples stands in for that of tasks. */
  containerInsights?: "disabled" | "enabled" | "enhanced";
  /** Source of the queue depth: an Amazon MQ broker by its name, or any metric; not shown when absent. */
  queue?: { readonly brokerName: string } | QueueMetric;
  /** Instance id of the gateway host; not shown when absent. */
  gatewayInstanceId?: string;
  /** Alarms whose state is shown. */
  alarmArns?: readonly string[];
}

/** Line of a graph. */
interface Series {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  stat: "Average" | "Maximum" | "SampleCount" | "Sum";
  label: string;
}

/** ECS publishes its metrics every minute. */
const MINUTE = 60;
/** EC2 publishes metrics every five minutes without detailed monitoring. */
const FIVE_MINUTES = 300;

/** CloudWatch dashboard of workers, broker, queue and gateway. */
export class FossaDashboard extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: FossaDashboardProps) {
    super(scope, id);
    const graph = (title: string, period: number, series: Series[], axis: object) => ({
      type: "metric",
      properties: {
        title,
        region: props.region,
        view: "timeSeries",
        period,
        metrics: series.map(({ namespace, metricName, dimensions, stat, label }) => [
          namespace,
          metricName,
          ...Object.entries(dimensions).flat(),
          { stat, label },
        ]),
        yAxis: { left: axis },
      },
    });
    const services = perService(props);
    const queue = queueSeries(props.queue);
    const gateway = gatewaySeries(props.gatewayInstanceId);
    const counted = isCounted(props);
    const widgets = [
      ...alarmWidgets(props.alarmArns ?? []),
      graph(
        counted ? "Running tasks" : "CPU samples, which grow with the running tasks",
        MINUTE,
        services.tasks,
        FROM_0,
      ),
      graph("CPU", MINUTE, services.cpu, PERCENT),
      graph("Memory", MINUTE, services.memory, PERCENT),
      ...(queue ? [graph("Queue", MINUTE, queue, FROM_0)] : []),
      ...(gateway
        ? [
            graph("Gateway: network", FIVE_MINUTES, gateway.network, FROM_0),
            graph("Gateway: status checks", FIVE_MINUTES, gateway.status, FROM_0),
          ]
        : []),
    ];
    this.dashboardName = new CloudwatchDashboard(this, "dashboard", {
      dashboardName: props.name,
      dashboardBody: dashboardBody(widgets),
    }).dashboardName;
  }
}

const FROM_0 = { min: 0 };
const PERCENT = { min: 0, max: 100 };

const isCounted = ({ containerInsights = "disabled" }: FossaDashboardProps) => containerInsights !== "disabled";

/** The same metric for each service, ordered by label. */
function perService(props: FossaDashboardProps) {
  const each = (namespace: string, metricName: string, stat: Series["stat"]): Series[] =>
    sortedEntries(props.serviceNames).map(([label, ServiceName]) => ({
      namespace,
      metricName,
      dimensions: { ClusterName: props.clusterName, ServiceName },
      stat,
      label,
    }));
  return {
    tasks: isCounted(props)
      ? each("ECS/ContainerInsights", "RunningTaskCount", "Average")
      : each("AWS/ECS", "CPUUtilization", "SampleCount"),
    cpu: each("AWS/ECS", "CPUUtilization", "Average"),
    // the task with the highest usage is the next to be killed
    memory: each("AWS/ECS", "MemoryUtilization", "Maximum"),
  };
}

/** Waiting messages and, if the broker reports them, unacknowledged ones. */
function queueSeries(queue: FossaDashboardProps["queue"]): Series[] | undefined {
  if (!queue) return undefined;
  const depth = { stat: "Maximum", label: "Waiting" } as const;
  if (!("brokerName" in queue)) return [{ ...queue, ...depth }];
  const ofBroker = { namespace: "AWS/AmazonMQ", dimensions: { Broker: queue.brokerName } };
  return [
    { ...ofBroker, metricName: "MessageReadyCount", ...depth },
    { ...ofBroker, metricName: "MessageUnacknowledgedCount", stat: "Maximum", label: "Taken" },
  ];
}

function gatewaySeries(InstanceId: string | undefined) {
  if (InstanceId === undefined) return undefined;
  const of = (metricName: string, stat: Series["stat"], label: string): Series => ({
    namespace: "AWS/EC2",
    metricName,
    dimensions: { InstanceId },
    stat,
    label,
  });
  return {
    network: [of("NetworkIn", "Sum", "In"), of("NetworkOut", "Sum", "Out")],
    status: [
      of("StatusCheckFailed_System", "Maximum", "System check"),
      of("StatusCheckFailed_Instance", "Maximum", "Instance check"),
    ],
  };
}
