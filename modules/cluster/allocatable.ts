import { type Size, sizeOf } from "../aws/ec2/instance-types";
import type { NodeGroupSettings } from "./group-settings";

/** What pods of a node can have at least, as quantities of Kubernetes by the names of the resources. */
export type Allocatable = Partial<Record<"cpu" | "memory" | "pods" | "ephemeral-storage", string>>;

/** What a cluster says of the number of pods on a node. */
export interface PodDensity {
  /** Whether nodes get addresses by /28 prefixes. */
  readonly prefixDelegation: boolean;
}

type Group = Pick<NodeGroupSettings, "instanceTypes" | "imageFamily" | "diskSize" | "localStorage" | "localDiskGb">;

/**
 * What every instance type of a group leaves to pods, DaemonSets among them: its capacity less what kubelet reserves and what
 * it evicts pods for. CPU, memory and pods are left out where this project does not know one of the types.
 */
export function allocatableOf(group: Group, density: PodDensity): Allocatable {
  const sizes = group.instanceTypes.flatMap((type) => {
    const size = sizeOf(type);
    return size ? [{ ...size, prefixed: density.prefixDelegation && !XEN.test(type) }] : [];
  });
  const storage = { "ephemeral-storage": `${usableGib(diskGib(group))}Gi` };
  if (sizes.length < group.instanceTypes.length) return storage;
  const least = (quantity: (size: NodeSize) => number) => Math.max(0, Math.min(...sizes.map(quantity)));
  return {
    cpu: `${least((size) => size.vcpus * 1000 - reservedCpu(size))}m`,
    memory: `${least((size) => kernelMemory(size) - reservedMemory(size, group, density) - EVICTION_MIB)}Mi`,
    pods: String(least(podsOf)),
    ...storage,
  };
}

/** Size of a node, and whether its addresses are prefixes. */
interface NodeSize extends Size {
  readonly prefixed: boolean;
}

/**
 * Types on Xen, which take no prefixes (EKS user guide, "Assign more IP addresses to Amazon EKS nodes with prefixes").
 * Source: EC2 Instance Types guide, "Amazon EC2 instances built on the AWS Nitro System".
 */
const XEN = /^(c[134]|d2|f1|g[23]s?|h1|i[23]|m[1-4]|p[23]|r[34]|t[12]|x1e?)\.(?!metal)/;

/** Addresses for pods, and two pods of the host's network. Source: github.com/awslabs/amazon-eks-ami, nodeadm, eni_max_pods.go. */
const addressedPods = ({ interfaces, addresses }: Size, perAddress = 1) =>
  interfaces * (addresses - 1) * perAddress + 2;

/** EKS user guide, "How maxPods is determined": what EKS allows on a node of a managed node group, with prefixes too. */
const mostPods = ({ vcpus }: Size) => (vcpus < 30 ? 110 : 250);

/** A prefix has 16 addresses in the place of one. EKS takes the least number of all types of a group. */
const podsOf = (size: NodeSize) => Math.min(addressedPods(size, size.prefixed ? 16 : 1), mostPods(size));

/** 6 % of the first core, 1 % of the second, 0.5 % of the next two and 0.25 % of the others: nodeadm, config.go; so Bottlerocket. */
const reservedCpu = ({ vcpus }: Size) => {
  const millicores = [60, 10, 5, 5].slice(0, vcpus).reduce((total, share) => total + share, 0);
  return millicores + Math.floor(Math.max(0, vcpus - 4) * 2.5);
};

/**
 * 255 MiB and 11 for each pod. nodeadm (config.go) counts the pods that have addresses, whatever EKS allows; Bottlerocket
 * (schnauzer, kube_reserve_memory) those that EKS allows, which are more with prefixes.
 */
function reservedMemory(size: Size, { imageFamily }: Group, { prefixDelegation }: PodDensity): number {
  const prefixed = prefixDelegation && imageFamily === "bottlerocket" ? mostPods(size) : 0;
  return 255 + 11 * Math.max(addressedPods(size), prefixed);
}

/** `memory.available` of kubelet's evictionHard: nodeadm, config.go, and kubelet's own default. */
const EVICTION_MIB = 100;

/**
 * Memory that the kernel reports, MiB: firmware and kernel take 256 MiB, 7.5 % of the first 64 GiB and 5 % of the rest at most.
 * 7.5 % is Karpenter's VM_MEMORY_OVERHEAD_PERCENT; the other two bound what its project measured of 656 types on Bottlerocket,
 * which takes most (github.com/aws/karpenter-provider-aws at 33450d8f82de, zz_generated.memory_overhead.go).
 */
function kernelMemory({ memoryMib }: Size): number {
  const first = Math.min(memoryMib, 64 * 1024);
  return Math.floor(memoryMib - 256 - first * 0.075 - (memoryMib - first) * 0.05);
}

/** Size of the file system of kubelet and containerd, GiB; local disks are sold by GB. */
function diskGib({ diskSize, localStorage, instanceTypes, localDiskGb = 0 }: Group): number {
  if (!localStorage) return diskSize;
  return (Math.min(...instanceTypes.map((type) => sizeOf(type)?.nvmeGb ?? localDiskGb)) * 1e9) / 2 ** 30;
}

/** kubelet keeps a tenth free and 1 GiB for itself (nodeadm, config.go), and XFS takes up to 2 GiB for its log. */
const usableGib = (gib: number) => Math.floor(gib * 0.9) - 3;
