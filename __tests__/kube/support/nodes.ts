import { allocatableOf } from "../../../modules/cluster/allocatable";
import { sharesPerGpu } from "../../../modules/cluster/gpu-sharing";
import { KUBERNETES_EFFECT } from "../../../modules/cluster/labels";
import type { NodePool } from "../../../modules/cluster/node-pool";
import type { Json } from "../../support/synth";

/** A node of a pool as it looks once its device plugins have announced what it has; kwok keeps it ready. */
export function nodeOf(pool: NodePool, name: string): Json {
  const { labels, taints, settings } = pool;
  const [type = ""] = settings.instanceTypes;
  const allocatable = { ...allocatableOf(settings, { prefixDelegation: false }), ...announced(pool) };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": pool.hardware.architecture === "arm64" ? "arm64" : "amd64",
        "node.kubernetes.io/instance-type": type,
        "topology.kubernetes.io/region": "us-west-2",
        "topology.kubernetes.io/zone": "us-west-2a",
        ...labels,
      },
    },
    spec: {
      taints: taints.map(({ key, value, effect }) => ({
        key,
        ...(value !== "" && { value }),
        effect: KUBERNETES_EFFECT[effect],
      })),
    },
    status: {
      allocatable,
      capacity: allocatable,
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }],
    },
  };
}

function announced({ hardware, settings }: NodePool): Record<string, string> {
  const devices = {
    "nvidia.com/gpu": hardware.gpus * sharesPerGpu(settings),
    "aws.amazon.com/neuron": hardware.neuronDevices,
    "aws.amazon.com/neuroncore": hardware.neuronCores ?? 0,
    "vpc.amazonaws.com/efa": settings.efa ? (hardware.efaInterfaces ?? 0) : 0,
  };
  return Object.fromEntries(Object.entries(devices).flatMap(([name, count]) => (count ? [[name, String(count)]] : [])));
}
