import { Token } from "cdktf";
import { z } from "zod";
import { type PrivateReach, unreached } from "../common/private-reach";
import { cidrSchema, contains, overlaps } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { reference, show } from "../common/settings/props";

/** What a cluster needs of its network: a Network, or an object with these fields. */
export interface ClusterNetwork {
  readonly vpcId: string;
  readonly vpcCidrBlocks: string[];
  readonly privateSubnetIds: string[];
  /** What the private subnets reach outside the VPC; nothing is known of it when absent. */
  readonly privateReach?: PrivateReach;
}

/** Inputs of the cluster about its network. */
export const networkShape = {
  /** Network of the cluster: a Network, or an object with the same fields. */
  network: reference<ClusterNetwork>("a Network", "vpcId", "vpcCidrBlocks[]", "privateSubnetIds[]"),
  /** Subnets of the control plane's network interfaces, in at least two zones; the private ones when absent. */
  controlPlaneSubnetIds: z.array(z.string().min(1)).optional(),
  /** Subnets of the nodes; the private ones when absent. */
  nodeSubnetIds: z.array(z.string().min(1)).min(1).optional(),
  /** CIDR block of Kubernetes services, /12 to /24 in a private range outside the VPC; EKS picks one when absent. It cannot be changed later. */
  serviceIpv4Cidr: cidrSchema(12, 24).optional(),
};

/** Source: EKS API reference, KubernetesNetworkConfigRequest. */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

export const isCidr = (value: unknown): value is string => cidrSchema(0, 32).safeParse(value).success;

/** Rules across the inputs of {@link networkShape}. */
export function checkNetwork(
  settings: { network: ClusterNetwork; controlPlaneSubnetIds?: string[]; serviceIpv4Cidr?: string },
  ctx: z.RefinementCtx,
) {
  const { network, controlPlaneSubnetIds, serviceIpv4Cidr } = settings;
  const { vpcCidrBlocks, privateSubnetIds } = network;

  const blocks = Array.isArray(vpcCidrBlocks) && !Token.isUnresolved(vpcCidrBlocks) ? vpcCidrBlocks : [];
  if (blocks.length === 0 || !blocks.every((block) => Token.isUnresolved(block) || isCidr(block))) {
    const message = `must be a list of blocks such as 10.0.0.0/16, each an element of its own, got ${show(vpcCidrBlocks)}`;
    refuse(ctx, ["network", "vpcCidrBlocks"], message);
  }
  // Source: EKS user guide, "VPC and subnet requirements"
  const [key, subnets] = controlPlaneSubnetIds
    ? [["controlPlaneSubnetIds"], controlPlaneSubnetIds]
    : [["network", "privateSubnetIds"], privateSubnetIds];
  if (!Array.isArray(subnets) || (!Token.isUnresolved(subnets) && new Set(subnets).size < 2)) {
    refuse(ctx, key, `must have at least 2 subnets, in 2 zones, got ${show(subnets)}`);
  }

  if (!isCidr(serviceIpv4Cidr)) return;
  if (!PRIVATE_RANGES.some((range) => contains(range, serviceIpv4Cidr))) {
    refuse(ctx, ["serviceIpv4Cidr"], `must lie in one of ${PRIVATE_RANGES.join(", ")}, got ${serviceIpv4Cidr}`);
  }
  const met = blocks.filter(isCidr).find((block) => overlaps(block, serviceIpv4Cidr));
  if (met) refuse(ctx, ["serviceIpv4Cidr"], `must not overlap the VPC's block ${met}, got ${serviceIpv4Cidr}`);
}

/**
 * Services that nodes call to start and to run pods: the CNI EC2, kubelet ECR, which keeps layers in S3, and the Pod
 * Identity agent. Source: EKS user guide, "Deploy private clusters with limited internet access".
 */
const NODE_SERVICES = ["ec2", "ecr.api", "ecr.dkr", "eks-auth", "s3"];
const SESSION_SERVICES = ["ssm", "ssmmessages"];

/** Refuses private subnets that lead nowhere where nodes need to go. */
export function checkReach(
  settings: { network?: Partial<ClusterNetwork>; nodeSubnetIds?: string[]; sessionManager: boolean },
  ctx: z.RefinementCtx,
): void {
  if (settings.nodeSubnetIds) return; // of which nothing is known
  const needed = [...NODE_SERVICES, ...(settings.sessionManager ? SESSION_SERVICES : [])];
  const missing = unreached(settings.network?.privateReach, needed);
  if (missing.length === 0) return;
  const advice = "give it NAT, or add them to its interfaceEndpoints (and s3Endpoint)";
  refuse(
    ctx,
    "network",
    `must let nodes in its private subnets reach ${missing.join(", ")}: ${advice}, got nat none without them`,
  );
}
