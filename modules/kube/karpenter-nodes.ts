import { factsOf, sizeOf } from "../aws/ec2/instance-types";
import { efaInterfaces } from "../cluster/efa";
import { bottlerocketReplicas, sharesOn } from "../cluster/gpu-sharing";
import type { NodeGroupSettings } from "../cluster/group-settings";
import { KUBERNETES_EFFECT } from "../cluster/labels";
import { instanceTags, type NodePool } from "../cluster/node-pool";
import { timeSlicingUserData } from "../cluster/user-data";
import { boundedName } from "../common/names";
import type { KubeObject } from "./custom-objects";

/** What all of Karpenter's nodes have in common. */
export interface KarpenterNodes {
  readonly clusterName: string;
  readonly nodeRoleName: string;
  readonly nodeSecurityGroupId: string;
  /** Subnet ids; found by the tag karpenter.sh/discovery when absent. */
  readonly subnetIds?: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly consolidation: "WhenEmpty" | "WhenEmptyOrUnderutilized";
  readonly consolidateAfterMinutes: number;
  readonly expireAfterHours: number | "Never";
}

/** What is created for the nodes of one pool alone. */
export interface KarpenterPool {
  /** Security group of its EFA traffic. */
  readonly efaSecurityGroupId?: string;
  /** Placement group, the user's or one of its own. */
  readonly placementGroupName?: string;
}

/** Name of the pool's objects, in the lower case that Kubernetes requires. */
export const karpenterName = ({ name }: Pick<NodePool, "name">): string => boundedName(63, name.toLowerCase());

/**
 * EC2NodeClass and NodePool of one pool, for the same nodes as a managed node group with its settings, with
 * its NodeOverlays.
 */
export function karpenterObjects(pool: NodePool, nodes: KarpenterNodes, own: KarpenterPool = {}): KubeObject[] {
  const name = karpenterName(pool);
  return [
    { apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: { name }, spec: nodeClass(pool, nodes, own) },
    { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name }, spec: nodePool(pool, nodes) },
    ...nodeOverlays(pool),
  ];
}

/**
 * What Karpenter does not know of the pool's GPUs: that they are shared, and the GPUs of types that EC2 counts none of, such
 * as g6f. Without, it starts a node for each pod, or none. One object for all types with as many; their kind is a feature
 * that is off by default.
 */
export function nodeOverlays(pool: NodePool): KubeObject[] {
  const { instanceTypes, gpuSharing, gpuCount = 0 } = pool.settings;
  const sharesOf = (type: string) => (factsOf(type).gpus ?? gpuCount) * sharesOn(type, gpuSharing);
  const told = instanceTypes.filter((type) => gpuSharing || (factsOf(type).gpus === undefined && gpuCount > 0));
  const name = karpenterName(pool);
  return [...new Set(told.map(sharesOf))]
    .sort((a, b) => a - b)
    .map((shares) => ({
      apiVersion: "karpenter.sh/v1alpha1",
      kind: "NodeOverlay",
      metadata: { name: `${name}-${shares}` },
      spec: {
        requirements: [
          { key: "karpenter.sh/nodepool", operator: "In", values: [name] },
          {
            key: "node.kubernetes.io/instance-type",
            operator: "In",
            values: told.filter((type) => sharesOf(type) === shares).sort(),
          },
        ],
        capacity: { "nvidia.com/gpu": String(shares) },
      },
    }));
}

function nodeClass(pool: NodePool, nodes: KarpenterNodes, { efaSecurityGroupId, placementGroupName }: KarpenterPool) {
  const { settings, hardware } = pool;
  const { capacityReservationId } = settings;
  const replicas = bottlerocketReplicas(settings);
  return {
    amiSelectorTerms: [{ alias: imageAlias(settings) }],
    role: nodes.nodeRoleName,
    subnetSelectorTerms: subnets(settings, nodes),
    securityGroupSelectorTerms: [nodes.nodeSecurityGroupId, efaSecurityGroupId ?? []].flat().map((id) => ({ id })),
    // else Karpenter adds one on each network card from the first, as soon as a pod asks for EFA
    ...(settings.efa && hardware.firstEfaCard > 0 && { networkInterfaces: efaInterfaces(hardware) }),
    blockDeviceMappings: blockDevices(settings),
    metadataOptions: {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: settings.metadataHopLimit,
    },
    detailedMonitoring: settings.detailedMonitoring,
    ...(settings.localStorage && { instanceStorePolicy: "RAID0" }),
    ...(placementGroupName !== undefined && { placementGroupSelector: { name: placementGroupName } }),
    ...(capacityReservationId !== undefined && { capacityReservationSelectorTerms: [{ id: capacityReservationId }] }),
    ...(replicas !== undefined && { userData: timeSlicingUserData(replicas) }),
    tags: instanceTags(pool, nodes.clusterName, nodes.tags),
  };
}

function nodePool(pool: NodePool, nodes: KarpenterNodes) {
  const { labels, taints, settings } = pool;
  return {
    template: {
      metadata: { labels },
      spec: {
        nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: karpenterName(pool) },
        requirements: [
          { key: "node.kubernetes.io/instance-type", operator: "In", values: [...settings.instanceTypes].sort() },
          { key: "karpenter.sh/capacity-type", operator: "In", values: [capacityType(settings)] },
        ],
        ...(taints.length > 0 && {
          taints: taints.map(({ key, value, effect }) => ({
            key,
            ...(value !== "" && { value }),
            effect: KUBERNETES_EFFECT[effect],
          })),
        }),
        expireAfter: nodes.expireAfterHours === "Never" ? "Never" : `${nodes.expireAfterHours}h`,
      },
    },
    limits: { nodes: String(settings.maxSize), ...cpuLimit(settings) },
    disruption: { consolidationPolicy: nodes.consolidation, consolidateAfter: `${nodes.consolidateAfterMinutes}m` },
  };
}

/**
 * CPUs of `maxSize` nodes of the largest type. For pods that come together Karpenter counts them at once, and nodes only
 * when they are there; of types that differ in size there may still be more for a while. Nothing for a type that is not
 * known. Source: sigs.k8s.io/karpenter v1.14.1, pkg/controllers/provisioning/scheduling/scheduler.go, subtractMax.
 */
function cpuLimit({ instanceTypes, maxSize }: NodeGroupSettings) {
  const vcpus = instanceTypes.map((type) => sizeOf(type)?.vcpus ?? Number.NaN);
  const most = Math.max(...vcpus);
  return Number.isNaN(most) ? {} : { cpu: String(maxSize * most) };
}

/** Karpenter's alias of the image: the latest, or the pool's release for the cluster's Kubernetes version. */
export function imageAlias({
  imageFamily,
  releaseVersion,
}: Pick<NodeGroupSettings, "imageFamily" | "releaseVersion">): string {
  if (releaseVersion === undefined) return `${imageFamily}@latest`;
  // 1.35.1-20251112 of Amazon Linux is v20251112; 1.49.0-713f44ce of Bottlerocket is v1.49.0
  const [version, build] = releaseVersion.split("-");
  return `${imageFamily}@v${imageFamily === "al2023" ? build : version}`;
}

/** Karpenter calls capacity reserved whether it is a capacity block or an on-demand reservation. */
function capacityType({ capacityType: option, capacityReservationId }: NodeGroupSettings): string {
  if (capacityReservationId !== undefined) return "reserved";
  return option === "SPOT" ? "spot" : "on-demand";
}

function subnets({ subnetIds, subnetIndex }: NodeGroupSettings, nodes: KarpenterNodes) {
  const ids = subnetIndex === undefined ? (subnetIds ?? nodes.subnetIds) : [nodes.subnetIds?.[subnetIndex] ?? ""];
  return ids ? ids.map((id) => ({ id })) : [{ tags: { "karpenter.sh/discovery": nodes.clusterName } }];
}

/** The volumes of a node group's launch template, as Karpenter spells them. */
function blockDevices({ imageFamily, diskSize, diskIops, diskThroughput, diskKmsKeyArn }: NodeGroupSettings) {
  const volume = {
    volumeType: "gp3",
    encrypted: true,
    deleteOnTermination: true,
    ...(diskKmsKeyArn !== undefined && { kmsKeyID: diskKmsKeyArn }),
  };
  const data = {
    ...volume,
    volumeSize: `${diskSize}Gi`,
    ...(diskIops !== undefined && { iops: diskIops }),
    ...(diskThroughput !== undefined && { throughput: diskThroughput }),
  };
  if (imageFamily === "al2023") return [{ deviceName: "/dev/xvda", rootVolume: true, ebs: data }];
  return [
    { deviceName: "/dev/xvda", ebs: { ...volume, volumeSize: "4Gi" } }, // the size of the image's own
    { deviceName: "/dev/xvdb", rootVolume: true, ebs: data },
  ];
}
