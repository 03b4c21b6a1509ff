/** Machines that are looked after: single ones, each by a key that stays, or all members of an Auto Scaling group. */
export type Targets = Instances | Fleet;
export interface Instances {
  readonly instances: readonly { readonly key: string; readonly instanceId: string }[];
}
export interface Fleet {
  readonly autoScalingGroupName: string;
}

/** What a metric is told by: one machine, or a fleet as a whole. */
export interface Watched {
  readonly key: string;
  readonly dimensions: Record<string, string>;
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** How the samples of a period, and those of a fleet's members, become one value. */
  readonly statistic: "Average" | "Maximum" | "Sum";
  readonly label: string;
}

export const isFleet = (targets: Targets): targets is Fleet => "autoScalingGroupName" in targets;

/** Each machine, or the fleet, in the order of their keys. */
export const watched = (targets: Targets): Watched[] =>
  isFleet(targets)
    ? [{ key: "fleet", dimensions: { AutoScalingGroupName: targets.autoScalingGroupName } }]
    : [...targets.instances]
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ key, instanceId }) => ({ key, dimensions: { InstanceId: instanceId } }));

/**
 * Metrics of a machine. EC2 tells its own by instance and by group; the CloudWatch agent, which writes into
 * `agentNamespace`, has to sum its own up by the same two.
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
    // of these, one bad sample or one bad machine of a fleet is enough to look
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
