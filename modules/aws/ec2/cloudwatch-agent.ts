/** Inputs of the agent's configuration. */
export interface AgentInput {
  /** Existing log group of the logs. */
  readonly logGroup: string;
  /** Namespace of the metrics. */
  readonly metricsNamespace: string;
  /** Files in `/var/log` to collect, each to the log stream `<instance id>/<file>`. */
  readonly logFiles: readonly string[];
  /** Mount points to measure. */
  readonly disks: readonly string[];
  /** Whether the machine has NVIDIA GPUs. */
  readonly gpu: boolean;
  /** Whether the machine belongs to an Auto Scaling group. */
  readonly fleet: boolean;
}

/** Metric of the agent, and the sets of dimensions under which it is published. */
export interface AgentMetric {
  readonly name: string;
  readonly dimensions: readonly (readonly string[])[];
}

interface Measured {
  readonly of: readonly string[];
  /** Measured resources; all when absent. */
  readonly resources?: readonly string[];
  /** Whether it has dimensions of its own, such as the disk. */
  readonly split: boolean;
}

/**
 * Measurements by plugin of the agent, which prefixes their names: `mem_used_percent`. Those with dimensions of their own
 * (disk, interface, GPU) are published only as aggregated by machine and group, since every set of dimensions is billed as
 * a metric.
 */
const MEASURED = {
  mem: { of: ["used_percent"], split: false },
  swap: { of: ["used_percent"], split: false },
  disk: { of: ["used_percent"], split: true },
  // whole disks only, and no loopback: otherwise the same bytes would be counted twice
  diskio: { of: ["read_bytes", "write_bytes"], resources: ["nvme*n1", "xvd?"], split: true },
  net: { of: ["bytes_recv", "bytes_sent"], resources: ["en*"], split: true },
} satisfies Record<string, Measured>;
const GPU: Measured = { of: ["utilization_gpu", "utilization_memory", "temperature_gpu"], split: true };
const INTERVAL_SECONDS = 60;

/** Metrics that the agent publishes: by instance id, and for a fleet also by its Auto Scaling group. */
export function agentMetrics({ gpu, fleet }: Pick<AgentInput, "gpu" | "fleet">): AgentMetric[] {
  const dimensions = dimensionsOf(fleet).map((name) => [name]);
  const metrics = (plugin: string, { of }: Measured) => of.map((name) => ({ name: `${plugin}_${name}`, dimensions }));
  const measured = Object.entries(MEASURED).flatMap(([plugin, what]) => metrics(plugin, what));
  return gpu ? [...measured, ...metrics("nvidia_smi", GPU)] : measured; // the plugin is nvidia_gpu in the configuration only
}

/** JSON configuration of the CloudWatch agent. */
export function agentConfig(input: AgentInput): string {
  const dimensions = dimensionsOf(input.fleet);
  const measured: Record<string, Measured> = {
    ...MEASURED,
    disk: { ...MEASURED.disk, resources: input.disks },
    ...(input.gpu && { nvidia_gpu: GPU }),
  };
  const collected = Object.entries(measured).map(([plugin, { of, resources, split }]) => [
    plugin,
    { measurement: of, resources, ...(split && { drop_original_metrics: ["*"] }) },
  ]);
  return JSON.stringify({
    agent: { metrics_collection_interval: INTERVAL_SECONDS },
    logs: {
      logs_collected: {
        files: {
          collect_list: input.logFiles.map((name) => ({
            file_path: `/var/log/${name}`,
            log_group_name: input.logGroup,
            log_stream_name: `{instance_id}/${name}`,
          })),
        },
      },
    },
    metrics: {
      namespace: input.metricsNamespace,
      // these replace the host name
      append_dimensions: Object.fromEntries(dimensions.map((name) => [name, `\${aws:${name}}`])),
      aggregation_dimensions: dimensions.map((name) => [name]),
      metrics_collected: Object.fromEntries(collected),
    },
  });
}

const dimensionsOf = (fleet: boolean) => (fleet ? ["InstanceId", "AutoScalingGroupName"] : ["InstanceId"]);
