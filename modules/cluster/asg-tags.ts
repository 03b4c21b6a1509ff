import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import type { Construct } from "constructs";
import type { Hardware } from "../aws/ec2/instance-types";
import { idFrom } from "../common/names";
import { type GpuSharing, sharesPerGpu } from "./gpu-sharing";
import { KUBERNETES_EFFECT, type Taint } from "./labels";

const TEMPLATE = "k8s.io/cluster-autoscaler/node-template/";

/** What the tags of a group's Auto Scaling group are made of. */
export interface TaggedGroup {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly hardware: Hardware;
  /** GiB of the EBS volume of the pods. */
  readonly diskSize: number;
  readonly localStorage?: "raid0";
  readonly efa: boolean;
  readonly instanceTypes: string[];
  readonly gpuSharing?: GpuSharing;
}

/**
 * Tags by which the cluster autoscaler learns what a node would bring while the group has none: labels, taints and the
 * resources that device plugins will announce. EKS itself adds the tags by which the autoscaler finds the group.
 */
export function templateTags(group: TaggedGroup): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [key, value] of Object.entries(group.labels)) tags[`${TEMPLATE}label/${key}`] = value;
  // One tag per taint key: where a key has two effects, the harder one is told.
  for (const { key, value, effect } of [...group.taints].sort((a, b) => hardness(a) - hardness(b))) {
    tags[`${TEMPLATE}taint/${key}`] = `${value}:${KUBERNETES_EFFECT[effect]}`;
  }
  const { gpus, neuronDevices, neuronCores, efaInterfaces } = group.hardware;
  const resources = {
    "nvidia.com/gpu": gpus * sharesPerGpu(group),
    "aws.amazon.com/neuron": neuronDevices,
    "aws.amazon.com/neuroncore": neuronCores,
    "vpc.amazonaws.com/efa": group.efa ? efaInterfaces : 0,
  };
  for (const [name, count] of Object.entries(resources)) {
    if (count) tags[`${TEMPLATE}resources/${name}`] = String(count);
  }
  // What kubelet lets pods have: it keeps a tenth free, and file system and system take about two GiB of the rest.
  if (!group.localStorage) {
    tags[`${TEMPLATE}resources/ephemeral-storage`] = `${Math.floor(group.diskSize * 0.9) - 2}Gi`;
  }
  return tags;
}

const hardness = ({ effect }: Taint) => ["PREFER_NO_SCHEDULE", "NO_SCHEDULE", "NO_EXECUTE"].indexOf(effect);

/** One tag resource per key on the group's Auto Scaling group; its instances do not get them. */
export function tagAutoscalingGroup(scope: Construct, autoscalingGroupName: string, tags: Record<string, string>) {
  for (const [key, value] of Object.entries(tags)) {
    const id = key.startsWith(TEMPLATE) ? `template-${key.slice(TEMPLATE.length)}` : `asg-tag-${key}`;
    const tag = { key, value, propagateAtLaunch: false };
    new AutoscalingGroupTagA(scope, idFrom(id), { autoscalingGroupName, tag });
  }
}
