import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import type { Construct } from "constructs";
import type { z } from "zod";
import { idFrom } from "../common/names";
import { refuse } from "../common/settings/faults";
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

/** What tags of a pool's Auto Scaling groups depend on besides the pool. */
export interface TagSources extends PodDensity {
  /** Node autoscaler, which reads template tags if it is `cluster-autoscaler`. */
  readonly autoscaler: string;
  /** The caller's own tags, which win. */
  readonly autoscalingGroupTags: Readonly<Record<string, string>>;
}

/** All tags of a pool's Auto Scaling groups. */
export const asgTags = (pool: NodePool, cluster: TagSources): Record<string, string> => ({
  ...(cluster.autoscaler === "cluster-autoscaler" && templateTags(pool, cluster)),
  ...cluster.autoscalingGroupTags,
});

/** An Auto Scaling group takes 50 tags (EC2 Auto Scaling quotas), of which EKS itself sets five. */
const MAX_ASG_TAGS = 45;

/** Refuses more tags than a group takes, by the path of the setting that adds most of them. */
export function checkAsgTags(
  pool: NodePool,
  cluster: TagSources,
  paths: Readonly<Record<"labels" | "taints" | "autoscalingGroupTags", (string | number)[]>>,
  ctx: z.RefinementCtx,
): void {
  const count = Object.keys(asgTags(pool, cluster)).length;
  if (count <= MAX_ASG_TAGS) return;
  const { labels, taints } = pool.settings;
  const most = [
    { path: paths.labels, adds: Object.keys(labels).length },
    { path: paths.taints, adds: taints.length },
    { path: paths.autoscalingGroupTags, adds: Object.keys(cluster.autoscalingGroupTags).length },
  ].reduce((a, b) => (b.adds > a.adds ? b : a));
  const sum = "with those of labels, taints, devices and autoscalingGroupTags";
  const message = `must leave at most ${MAX_ASG_TAGS} tags on the Auto Scaling group of ${pool.name}, ${sum}, got ${count}`;
  refuse(ctx, most.path, message);
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
