/** What the agent has to be told about a machine. */
export interface AgentInput {
  /** Log group that the logs go to; it exists already. */
  readonly logGroup: string;
  /** Namespace of the metrics. */
  readonly metricsNamespace: string;
  /** Files in `/var/log` whose lines are sent, each to the log stream `<instance id>/<file>`. */
  readonly logFiles: readonly string[];
  /** Mount points whose use is measured. */
  readonly disks: readonly string[];
  /** Whether there are NVIDIA GPUs to measure. */
  readonly gpu: boolean;
  /** Whether the machine belongs to an Auto Scaling group. */
  readonly fleet: boolean;
}

/** A metric that the agent writes, and each set of dimensions that an alarm or a dashboard may ask for it by. */
export interface AgentMetric {
  readonly name: string;
  readonly dimensions: readonly (readonly string[])[];
}

interface Measured {
  readonly of: readonly string[];
  /** Which of its kind are measured; all of it where absent. */
  readonly resources?: readonly string[];
  /** Whether it has dimensions of its own. */
  readonly split: boolean;
}

/**
 * What is measured, by the agent's plugins; their names come before that of the measurement: `mem_used_percent`. What
 * has dimensions of its own (a disk, an interface, a GPU) is sent only as summed up by machine and group, as each further
 * set of dimensions is one more metric to pay.
 */
const MEASURED: Readonly<Record<string, Measured>> = {
  mem: { of: ["used_percent"], split: false },
  swap: { of: ["used_percent"], split: false },
  disk: { of: ["used_percent"], split: true },
  // whole disks only, and no loopback: else the same bytes would be summed up twice
  diskio: { of: ["read_bytes", "write_bytes"], resources: ["nvme*n1", "xvd?"], split: true },
  net: { of: ["bytes_recv", "bytes_sent"], resources: ["en*"], split: true },
};
const GPU: Measured = { of: ["utilization_gpu", "utilization_memory", "temperature_gpu"], split: true };
const INTERVAL_SECONDS = 60;

/** Metrics that the agent writes. A fleet's machines are found by either dimension, a single one by its id. */
export function agentMetrics({ gpu, fleet }: Pick<AgentInput, "gpu" | "fleet">): AgentMetric[] {
  const dimensions = dimensionsOf(fleet).map((name) => [name]);
  const metrics = (plugin: string, { of }: Measured) => of.map((name) => ({ name: `${plugin}_${name}`, dimensions }));
  const measured = Object.entries(MEASURED).flatMap(([plugin, what]) => metrics(plugin, what));
  return gpu ? [...measured, ...metrics("nvidia_smi", GPU)] : measured; // the plugin is nvidia_gpu in the configuration only
}

/** Configuration of the CloudWatch agent, as its JSON file. */
export function agentConfig(input: AgentInput): string {
  const dimensions = dimensionsOf(input.fleet);
  const measured = {
    ...MEASURED,
    disk: { ...MEASURED.disk, resources: input.disks } as Measured,
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
      // these take the place of the host's name
      append_dimensions: Object.fromEntries(dimensions.map((name) => [name, `\${aws:${name}}`])),
      aggregation_dimensions: dimensions.map((name) => [name]),
      metrics_collected: Object.fromEntries(collected),
    },
  });
}

const dimensionsOf = (fleet: boolean) => (fleet ? ["InstanceId", "AutoScalingGroupName"] : ["InstanceId"]);
