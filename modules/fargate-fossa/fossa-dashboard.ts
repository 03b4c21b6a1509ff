import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { alarmWidgets, dashboardBody } from "../aws/cloudwatch/dashboard-body";
import { sortedEntries } from "../common/collections";

/** A metric that tells how many messages wait. */
export interface QueueMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
}

export interface FossaDashboardProps {
  /** Name of the system and of the dashboard. */
  name: string;
  /** Region of the system, literal or not. */
  region: string;
  clusterName: string;
  /** Names of the ECS services, by short names, which are their labels. */
  serviceNames: Record<string, string>;
  /** What the cluster has; `disabled` when absent. Without it nothing counts tasks, and the samples of their CPU stand in. */
  containerInsights?: "disabled" | "enabled" | "enhanced";
  /** Where the depth of the queue comes from: an Amazon MQ broker by its name, or any metric; not shown when absent. */
  queue?: { readonly brokerName: string } | QueueMetric;
  /** Instance of the gateway host; not shown when absent. */
  gatewayInstanceId?: string;
  /** Alarms whose state is shown; none leaves that out. */
  alarmArns?: readonly string[];
}

/** A line of a graph. */
interface Series {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  stat: "Average" | "Maximum" | "SampleCount" | "Sum";
  label: string;
}

/** ECS sends its metrics each minute. */
const MINUTE = 60;
/** EC2 sends those of a machine without detailed monitoring every five. */
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

/** The same metric of each service, in the order of their short names. */
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
    // the fullest task is the next to be killed
    memory: each("AWS/ECS", "MemoryUtilization", "Maximum"),
  };
}

/** Messages that wait and, where the broker tells them apart, those that a worker has. */
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
