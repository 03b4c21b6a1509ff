import { types } from "../../modules/aws/ec2/data/instance-types.json";

/**
 * What the cluster autoscaler makes of an Auto Scaling group. Source: github.com/kubernetes/autoscaler,
 * cluster-autoscaler-1.36.1, cloudprovider/aws/aws_manager.go (getAsgTemplate, buildNodeFromTemplate, extract*FromAsg),
 * aws_util.go (transformInstanceType), utils/taints/taints.go and processors/customresources/gpu_processor.go.
 */

/** An Auto Scaling group with what of it is read. */
export interface ScalingGroup {
  /** Of which the first counts. */
  instanceTypes: readonly string[];
  /** Of which the first counts. */
  zones: readonly string[];
  tags: Readonly<Record<string, string>>;
}

/** A node: the template of an empty group, or one that is there. */
export interface Node {
  labels: Record<string, string>;
  taints: { key: string; value: string; effect: string }[];
  /** CPUs, bytes and counts, by the resource's name. */
  allocatable: Record<string, number>;
}

/** A pod, as far as the autoscaler asks where it fits. */
export interface Pod {
  requests: Readonly<Record<string, number>>;
  nodeSelector?: Readonly<Record<string, string>>;
  tolerations?: readonly { key?: string; operator?: string; value?: string; effect?: string }[];
}

export const TEMPLATE = "k8s.io/cluster-autoscaler/node-template";
const UNITS: Record<string, number> = { "": 1, m: 1e-3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** A quantity of Kubernetes; undefined where it is none, as the autoscaler passes over it. */
export function quantityOf(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d+)(m|Ki|Mi|Gi)?$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? Number.NaN);
}

/** What follows `prefix` in the keys of the tags that hold it. */
const under = (tags: ScalingGroup["tags"], prefix: string): [string, string][] =>
  Object.entries(tags).flatMap(([key, value]) => {
    const name = key.split(prefix)[1];
    return name ? [[name, value] as [string, string]] : [];
  });

/** The node that the autoscaler expects of a group without nodes. */
export function templateOf({ instanceTypes: [first = ""], zones: [zone = ""], tags }: ScalingGroup): Node {
  const type = (types as Record<string, { architecture: string; vcpus: number; memoryMib: number; gpus?: number }>)[
    first
  ];
  if (!type) throw new Error(`the autoscaler knows no instance type ${first}`);
  const resources = under(tags, `${TEMPLATE}/resources/`).flatMap(([name, text]) => {
    const quantity = quantityOf(text);
    return quantity === undefined ? [] : [[name, quantity] as const];
  });
  const taints = under(tags, `${TEMPLATE}/taint/`).flatMap(([key, text]) => {
    const [, value = "", effect] = /^(.*?):(NoSchedule|NoExecute|PreferNoSchedule)$/.exec(text) ?? [];
    return effect === undefined ? [] : [{ key, value, effect }];
  });
  return {
    allocatable: {
      pods: 110,
      cpu: type.vcpus,
      memory: type.memoryMib * 2 ** 20,
      "nvidia.com/gpu": type.gpus ?? 0,
      ...Object.fromEntries(resources),
    },
    labels: {
      "kubernetes.io/arch": type.architecture === "arm64" ? "arm64" : "amd64",
      "kubernetes.io/os": "linux",
      "node.kubernetes.io/instance-type": first,
      "topology.kubernetes.io/region": zone.slice(0, -1),
      "topology.kubernetes.io/zone": zone,
      "topology.ebs.csi.aws.com/zone": zone,
      ...Object.fromEntries(under(tags, `${TEMPLATE}/label/`)),
    },
    taints: taints.filter(({ key }) => !key.startsWith("startup-taint.cluster-autoscaler.kubernetes.io/")),
  };
}

/** Whether the autoscaler would raise a group of such nodes for the pod. */
export const fits = ({ requests, nodeSelector = {}, tolerations = [] }: Pod, { allocatable, labels, taints }: Node) =>
  Object.entries({ pods: 1, ...requests }).every(([name, count]) => count <= (allocatable[name] ?? 0)) &&
  Object.entries(nodeSelector).every(([key, value]) => labels[key] === value) &&
  taints.every(
    ({ key, value, effect }) =>
      effect === "PreferNoSchedule" ||
      tolerations.some(
        (one) =>
          (one.key === undefined || one.key === key) &&
          (one.effect === undefined || one.effect === effect) &&
          (one.operator === "Exists" || (one.value ?? "") === value),
      ),
  );

const GPU_RESOURCES = ["nvidia.com/gpu", "habana.ai/gaudi", "gpu.intel.com/xe", "amd.com/gpu", "microsoft.com/directx"];

/** Whether the autoscaler takes a node that Kubernetes calls ready for one that still starts, and waits for it. */
export const isAwaited = ({ labels, allocatable }: Pick<Node, "labels" | "allocatable">) =>
  "k8s.amazonaws.com/accelerator" in labels && GPU_RESOURCES.every((name) => !allocatable[name]);
