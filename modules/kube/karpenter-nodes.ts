import { Token } from "cdktf";
import { KUBERNETES_EFFECT } from "../cluster/labels";
import { timeSlicingUserData } from "../cluster/user-data";
import { boundedName } from "../common/names";
import type { KubeObject } from "./custom-objects";
import type { NodePool } from "./pool-scheduling";

/** What all nodes of Karpenter's have in common. */
export interface KarpenterNodes {
  readonly clusterName: string;
  readonly nodeRoleName: string;
  readonly nodeSecurityGroupId: string;
  /** Subnets by id; by the tag karpenter.sh/discovery when absent. */
  readonly subnetIds?: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly consolidation: "WhenEmpty" | "WhenEmptyOrUnderutilized";
  readonly consolidateAfterMinutes: number;
  readonly expireAfterHours: number | "Never";
}

/** Name of the pool's objects: Kubernetes takes lower case only. */
export const karpenterName = ({ name }: Pick<NodePool, "name">): string => boundedName(63, name.toLowerCase());

/** What of a pool's settings Karpenter cannot carry out: the key, and what it must be. */
export function karpenterFaults({ settings, labels }: NodePool, subnetIds?: readonly string[]): [string, string][] {
  const { minSize, efa, placementGroup, nodeRepair, subnetIndex, capacityReservationResourceGroupArn } = settings;
  const faults: [string, string][] = [];
  if (settings.subnetIds && Token.isUnresolved(settings.subnetIds)) {
    faults.push(["subnetIds", "must be a list whose length is known now; name its items one by one"]);
  }
  if (minSize > 0) faults.push(["minSize", `must be 0, as Karpenter starts nodes when pods need them, got ${minSize}`]);
  if (efa) faults.push(["efa", "must be false, got true; a group in additionalNodeGroups may have it"]);
  if (placementGroup) faults.push(["placementGroup", "must be left out, got true; name one in placementGroupName"]);
  if (typeof nodeRepair === "object")
    faults.push(["nodeRepair", "must be true or false, since its limits are those of node groups"]);
  if (capacityReservationResourceGroupArn !== undefined) {
    faults.push([
      "capacityReservationResourceGroupArn",
      "must be left out; name a reservation in capacityReservationId",
    ]);
  }
  if (subnetIndex !== undefined && !(subnetIndex < (subnetIds?.length ?? 0))) {
    const had = subnetIds ? `the ${subnetIds.length} of subnetIds` : "subnetIds, which are not given";
    faults.push(["subnetIndex", `must be that of one of ${had}, got ${subnetIndex}`]);
  }
  const own = Object.keys(labels).find((key) => /^(.*\.)?karpenter\.(sh|k8s\.aws)\//.test(key));
  if (own) faults.push([`additionalLabels.${own}`, "must be left out, since Karpenter sets its own labels"]);
  return faults;
}

/** EC2NodeClass and NodePool of one pool: the same nodes as the node group that its settings would make. */
export function karpenterObjects(pool: NodePool, nodes: KarpenterNodes): KubeObject[] {
  const name = karpenterName(pool);
  return [
    { apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: { name }, spec: nodeClass(pool, nodes) },
    { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name }, spec: nodePool(pool, nodes) },
  ];
}

function nodeClass({ name, settings }: NodePool, nodes: KarpenterNodes) {
  const { imageFamily, gpuSharing, placementGroupName, capacityReservationId } = settings;
  const turns = imageFamily === "bottlerocket" ? gpuSharing?.timeSlicing : undefined;
  return {
    amiSelectorTerms: [{ alias: imageAlias(settings) }],
    role: nodes.nodeRoleName,
    subnetSelectorTerms: subnets(settings, nodes),
    securityGroupSelectorTerms: [{ id: nodes.nodeSecurityGroupId }],
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
    ...(turns !== undefined && { userData: timeSlicingUserData(turns) }),
    tags: { Name: `${nodes.clusterName}-${name}`, ...nodes.tags },
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
    limits: { nodes: String(settings.maxSize) },
    disruption: { consolidationPolicy: nodes.consolidation, consolidateAfter: `${nodes.consolidateAfterMinutes}m` },
  };
}

type Settings = NodePool["settings"];

/** Karpenter's name of the image; its newest unless the pool names a release, of which the Kubernetes version is the cluster's. */
function imageAlias({ imageFamily, releaseVersion }: Settings): string {
  if (releaseVersion === undefined) return `${imageFamily}@latest`;
  // 1.34.1-20251112 of Amazon Linux is v20251112; 1.49.0-713f44ce of Bottlerocket is v1.49.0
  const [version, build] = releaseVersion.split("-");
  return `${imageFamily}@v${imageFamily === "al2023" ? build : version}`;
}

/** A reservation is a third way to buy: Karpenter calls it so whether it is a capacity block or an on-demand one. */
function capacityType({ capacityType: bought, capacityReservationId }: Settings): string {
  if (capacityReservationId !== undefined) return "reserved";
  return bought === "SPOT" ? "spot" : "on-demand";
}

function subnets({ subnetIds, subnetIndex }: Settings, nodes: KarpenterNodes) {
  const ids = subnetIndex === undefined ? (subnetIds ?? nodes.subnetIds) : [nodes.subnetIds?.[subnetIndex] ?? ""];
  return ids ? ids.map((id) => ({ id })) : [{ tags: { "karpenter.sh/discovery": nodes.clusterName } }];
}

/** The volumes of a node group's launch template, as Karpenter spells them. */
function blockDevices({ imageFamily, diskSize, diskIops, diskThroughput, diskKmsKeyArn }: Settings) {
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
