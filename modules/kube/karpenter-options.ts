import { Token } from "cdktf";
import type { NodeGroupSettings } from "../cluster/group-settings";
import type { NodePool } from "../cluster/node-pool";
import type { Fault } from "../common/settings/faults";
import { imageAlias } from "./karpenter-nodes";

/** Objects that Karpenter makes nodes of, and its chart, whose feature gates are for all pools. */
type Target = "EC2NodeClass" | "NodePool" | "NodeOverlay" | "chart";

/** How Karpenter honours one option of a runner pool. */
interface Treatment {
  /** Where the option appears, itself or as a label or taint derived from it. */
  readonly appearsIn: readonly Target[];
  /** What is wrong with a value that Karpenter cannot honour. */
  readonly fault?: (settings: NodeGroupSettings, subnetIds?: readonly string[]) => string | undefined;
}

/** Facts about instance types, which Karpenter finds out for itself. */
const FACT: Treatment = { appearsIn: [] };

// Bounds of the custom resource definitions. Source: github.com/aws/karpenter-provider-aws v1.14.1, pkg/apis/crds.
/** Characters of `spec.amiSelectorTerms[].alias` of an EC2NodeClass. */
const MAX_ALIAS = 30;
/** Labels in `spec.template.metadata.labels` of a NodePool. */
const MAX_LABELS = 100;
/** Domains that end like this are Karpenter's, in labels and in keys without a domain. */
const OWN_LABEL = /^[^/]*karpenter\.(sh|k8s\.aws)(\/|$)/;
/** Keys that `spec.tags` of an EC2NodeClass may not have, as Karpenter sets them. */
const OWN_TAG =
  /^(kubernetes\.io\/cluster.*|eks:eks-cluster-name|karpenter\.sh\/(nodepool|nodeclaim)|karpenter\.k8s\.aws\/ec2nodeclass)$/s;

/** How Karpenter honours each option; a new option is a type error until it is listed here. */
export const KARPENTER_OPTIONS: Readonly<Record<keyof NodeGroupSettings, Treatment>> = {
  instanceTypes: { appearsIn: ["NodePool"] },
  capacityType: { appearsIn: ["NodePool"] },
  minSize: {
    appearsIn: [],
    fault: ({ minSize }) =>
      minSize > 0 ? `must be 0, as Karpenter starts nodes when pods need them, got ${minSize}` : undefined,
  },
  maxSize: { appearsIn: ["NodePool"] },
  diskSize: { appearsIn: ["EC2NodeClass"] },
  diskIops: { appearsIn: ["EC2NodeClass"] },
  diskThroughput: { appearsIn: ["EC2NodeClass"] },
  diskKmsKeyArn: { appearsIn: ["EC2NodeClass"] },
  imageFamily: { appearsIn: ["EC2NodeClass", "NodePool"] },
  releaseVersion: {
    appearsIn: ["EC2NodeClass"],
    fault: (settings) => {
      const { releaseVersion } = settings;
      if (releaseVersion === undefined) return undefined;
      if (Token.isUnresolved(releaseVersion)) return "must be a release that is known now, such as 1.35.1-20251112";
      const alias = imageAlias(settings);
      return alias.length <= MAX_ALIAS
        ? undefined
        : `must make an alias of at most ${MAX_ALIAS} characters, got ${releaseVersion}, which makes ${alias}`;
    },
  },
  metadataHopLimit: { appearsIn: ["EC2NodeClass"] },
  detailedMonitoring: { appearsIn: ["EC2NodeClass"] },
  subnetIds: {
    appearsIn: ["EC2NodeClass"],
    fault: ({ subnetIds }) =>
      Token.isUnresolved(subnetIds) ? "must be a list whose length is known now; name its items one by one" : undefined,
  },
  subnetIndex: {
    appearsIn: ["EC2NodeClass"],
    fault: ({ subnetIndex }, subnetIds) => {
      if (subnetIndex === undefined || subnetIndex < (subnetIds?.length ?? 0)) return undefined;
      const known = subnetIds ? `the ${subnetIds.length} of subnetIds` : "subnetIds, which are not given";
      return `must be that of one of ${known}, got ${subnetIndex}`;
    },
  },
  perSubnet: { appearsIn: [] }, // Karpenter starts a node in the zone of the pod's volume
  capacityReservationId: { appearsIn: ["EC2NodeClass", "NodePool"] },
  capacityReservationResourceGroupArn: {
    appearsIn: [],
    fault: ({ capacityReservationResourceGroupArn: arn }) =>
      arn === undefined ? undefined : "must be left out; name a reservation in capacityReservationId",
  },
  efa: { appearsIn: ["EC2NodeClass", "NodePool"] }, // by its security group and label
  placementGroup: { appearsIn: ["EC2NodeClass"] },
  placementGroupName: { appearsIn: ["EC2NodeClass"] },
  localStorage: { appearsIn: ["EC2NodeClass"] },
  nodeRepair: {
    appearsIn: ["chart"],
    fault: ({ nodeRepair }) =>
      typeof nodeRepair === "object" ? "must be true or false, since its limits are those of node groups" : undefined,
  },
  gpuSharing: { appearsIn: ["EC2NodeClass", "NodePool", "NodeOverlay", "chart"] },
  architecture: FACT,
  gpuCount: { appearsIn: ["NodeOverlay", "chart"] }, // of types that this project does not know
  neuronDeviceCount: FACT,
  efaNetworkCards: FACT,
  localDiskGb: FACT,
  labels: { appearsIn: ["NodePool"] },
  taints: { appearsIn: ["NodePool"] },
};

/** Settings of a pool that Karpenter cannot honour. */
export function karpenterFaults({ settings, labels }: NodePool, subnetIds?: readonly string[]): Fault[] {
  const faults = Object.entries(KARPENTER_OPTIONS).flatMap(([option, { fault }]): Fault[] => {
    const message = fault?.(settings, subnetIds);
    return message === undefined ? [] : [{ path: [option], message }];
  });
  for (const key of Object.keys(labels).filter((key) => OWN_LABEL.test(key))) {
    faults.push({ path: ["additionalLabels", key], message: "must be left out, since Karpenter sets its own labels" });
  }
  const count = Object.keys(labels).length;
  if (count > MAX_LABELS) {
    const message = `must be at most ${MAX_LABELS} with those of every runner, as a NodePool takes no more, got ${count}`;
    faults.push({ path: ["additionalLabels"], message });
  }
  return faults;
}

/** Tags of instances that Karpenter refuses. */
export const karpenterTagFaults = (tags: Readonly<Record<string, string>>): Fault[] =>
  Object.keys(tags)
    .filter((key) => OWN_TAG.test(key))
    .map((key) => ({ path: [key], message: "must be left out, since Karpenter sets its own tags on its instances" }));
