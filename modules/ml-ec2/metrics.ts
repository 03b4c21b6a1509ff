/** Machines to monitor or operate: single ones, each with a stable key, or the members of an Auto Scaling group. */
export type Targets = Instances | Fleet;
export interface Instances {
  readonly instances: readonly { readonly key: string; readonly instanceId: string }[];
}
export interface Fleet {
  readonly autoScalingGroupName: string;
}

/** Subject of a metric: one machine, or a fleet as a whole. */
export interface Watched {
  readonly key: string;
  readonly dimensions: Record<string, string>;
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** Aggregation of the samples of a period, and of a fleet's members. */
  readonly statistic: "Average" | "Maximum" | "Sum";
  readonly label: string;
}

export const isFleet = (targets: Targets): targets is Fleet => "autoScalingGroupName" in targets;

/** Each machine, or the fleet, ordered by key. */
export const watched = (targets: Targets): Watched[] =>
  isFleet(targets)
    ? [{ key: "fleet", dimensions: { AutoScalingGroupName: targets.autoScalingGroupName } }]
    : [...targets.instances]
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ key, instanceId }) => ({ key, dimensions: { InstanceId: instanceId } }));

/**
 * Metrics of a machine. EC2 publishes its own by instance and by group; the CloudWatch agent, which publishes to
 * `agentNamespace`, aggregates by the same two.
 */
export const metricsIn = (agentNamespace: string) => {
  const ec2 = (name: string, statistic: Metric["statistic"], label: string): Metric => ({
    namespace: "AWS/EC2",
    name,
    statistic,
    label,
  });
  const agent = (name: string, statistic: Metric["statistic"], label: string): Metric => ({
    namespace: agentNamespace,
    name,
    statistic,
    label,
  });
  return {
    cpu: ec2("CPUUtilization", "Average", "CPU"),
    // maximum: one bad sample, or one bad machine of a fleet, counts
    status: ec2("StatusCheckFailed", "Maximum", "Any check"),
    system: ec2("StatusCheckFailed_System", "Maximum", "System check"),
    memory: agent("mem_used_percent", "Maximum", "Memory"),
    disk: agent("disk_used_percent", "Maximum", "Fullest disk"),
    gpu: agent("nvidia_smi_utilization_gpu", "Average", "GPU"),
    diskRead: ec2("EBSReadBytes", "Sum", "Read"),
    diskWrite: ec2("EBSWriteBytes", "Sum", "Written"),
    networkIn: ec2("NetworkIn", "Sum", "In"),
    networkOut: ec2("NetworkOut", "Sum", "Out"),
  };
};
