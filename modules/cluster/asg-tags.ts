import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import type { Construct } from "constructs";
import { idFrom } from "../common/names";
import { allocatableOf, type PodDensity } from "./allocatable";
import { sharesPerGpu } from "./gpu-sharing";
import { KUBERNETES_EFFECT, type Taint } from "./labels";
import type { NodePool } from "./node-pool";

const TEMPLATE = "k8s.io/cluster-autoscaler/node-template/";

/**
 * Tags that describe a pool's nodes to the cluster autoscaler while there are none: labels, taints, what kubelet leaves to pods
 * and the resources that device plugins will announce. Without the tags the autoscaler promises all CPUs and memory of the first
 * instance type, and 110 pods. EKS itself adds the tags for auto-discovery.
 */
export function templateTags(
  { labels, taints, hardware, settings }: NodePool,
  density: PodDensity,
): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) tags[`${TEMPLATE}label/${key}`] = value;
  // One tag per taint key: of two effects of a key, the stronger one wins.
  for (const { key, value, effect } of [...taints].sort((a, b) => strength(a) - strength(b))) {
    tags[`${TEMPLATE}taint/${key}`] = `${value}:${KUBERNETES_EFFECT[effect]}`;
  }
  const { gpus, neuronDevices, neuronCores, efaInterfaces } = hardware;
  const devices = {
    "nvidia.com/gpu": gpus * sharesPerGpu(settings),
    "aws.amazon.com/neuron": neuronDevices,
    "aws.amazon.com/neuroncore": neuronCores,
    "vpc.amazonaws.com/efa": settings.efa ? efaInterfaces : 0,
  };
  for (const [name, count] of Object.entries({ ...devices, ...allocatableOf(settings, density) })) {
    if (count) tags[`${TEMPLATE}resources/${name}`] = String(count);
  }
  return tags;
}

const strength = ({ effect }: Taint) => ["PREFER_NO_SCHEDULE", "NO_SCHEDULE", "NO_EXECUTE"].indexOf(effect);

/** One tag resource per key on the Auto Scaling group; not propagated to its instances. */
export function tagAutoscalingGroup(scope: Construct, autoscalingGroupName: string, tags: Record<string, string>) {
  for (const [key, value] of Object.entries(tags)) {
    const id = key.startsWith(TEMPLATE) ? `template-${key.slice(TEMPLATE.length)}` : `asg-tag-${key}`;
    const tag = { key, value, propagateAtLaunch: false };
    new AutoscalingGroupTagA(scope, idFrom(id), { autoscalingGroupName, tag });
  }
}
