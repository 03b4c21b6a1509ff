import type { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { Annotations, Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { awsPolicyArn, ManagedRole } from "../common/iam/managed-role";
import { trust } from "../common/iam/policy";
import { idFrom } from "../common/names";
import type { Openings } from "../common/openings";
import { checkedBy } from "../common/settings/checked-by";
import { present } from "../common/settings/present";
import { parseProps } from "../common/settings/props";
import { Access, accessEntries, accessShape, checkAccess } from "./access";
import { Addons, addonNames, addonsShape, checkAddons, hasPrefixes } from "./addons";
import { AutoMode, autoModeSchema } from "./auto-mode";
import { checkNetwork, checkReach, networkShape } from "./cluster-network";
import { ControlPlane, controlPlaneShape } from "./control-plane";
import { checkEncryption, encryptionShape } from "./encryption-key";
import { checkEndpoint, endpointShape } from "./endpoint";
import { checkGroups, checkSubnets, checkTags, groupsShape, isManaged, nodeGroupsOf, resolvePools } from "./groups";
import { NodeGroup } from "./node-group";
import type { NodeGroupCluster } from "./node-group-cluster";
import { isOpen, type NodePool } from "./node-pool";
import { checkOpenings, openingsOf, SecurityGroups, securityShape } from "./security-groups";

const schema = z
  .strictObject({
    ...controlPlaneShape,
    ...networkShape,
    ...endpointShape,
    ...securityShape,
    ...accessShape,
    ...encryptionShape,
    ...groupsShape,
    /** Allow Session Manager sessions on the nodes. */
    sessionManager: z.boolean().default(false),
    ...addonsShape,
    /** Create an IAM OIDC provider, for controllers that get their AWS permissions by IRSA. */
    oidcProvider: z.boolean().default(true),
    /** EKS Auto Mode: EKS manages nodes, load balancers and volumes. Only the node groups in the settings are then created. */
    autoMode: autoModeSchema.optional(),
  })
  .superRefine((settings, ctx) => {
    checkNetwork(settings, ctx);
    checkReach(settings, ctx);
    checkEndpoint(settings, ctx);
    checkOpenings(settings, ctx);
    checkAccess(settings, ctx);
    checkEncryption(settings, ctx);
    checkGroups(settings, ctx);
    checkSubnets(settings, nodeSubnets(settings), ctx);
    checkTags(settings, { ...settings, prefixDelegation: hasPrefixes(settings) }, ctx);
    checkAddons(settings, ctx);
  });
export type ClusterProps = z.input<typeof schema>;
/** Settings of a cluster, without its name and network. */
export type ClusterSettings = Omit<ClusterProps, "name" | "network">;
/** Checks these settings, without what follows from the network. */
export const clusterSettings = checkedBy(schema, {
  name: "any",
  network: {
    vpcId: "any",
    vpcCidrBlocks: ["198.18.0.0/16"],
    privateSubnetIds: ["subnet-ffffffffffffffff0", "subnet-ffffffffffffffff1"], // after which nobody names a group
  },
});
type Settings = z.output<typeof schema>;

/** EKS cluster with its node groups and add-ons, ready for workloads. */
export class Cluster extends Construct {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly clusterVersion: string;
  readonly clusterEndpoint: string;
  /** Whether Application Recovery Controller may shift traffic out of an impaired zone. */
  readonly zonalShift: boolean;
  /** Base64 of the PEM certificate of the Kubernetes API. */
  readonly clusterCertificateAuthorityData: string;
  /** Security group created by EKS, of the control plane and of Auto Mode's nodes. */
  readonly clusterPrimarySecurityGroupId: string;
  /** Security group of the control plane, created here. */
  readonly clusterSecurityGroupId: string;
  /** Security group of the nodes of all node groups. */
  readonly nodeSecurityGroupId: string;
  /**
   * Security groups of the pods, which are those of their nodes, by a name each: `nodes`, and `auto-nodes` with Auto Mode,
   * whose nodes use the group that EKS creates. What pods are to reach, such as a database or files, must let in each.
   */
  readonly podSecurityGroupIds: Record<string, string>;
  /** TCP ports on the nodes that are open to clients. */
  readonly clientPorts: number[];
  /** What the security groups let in already. */
  readonly openings: Openings;
  /** Issuer of the service accounts' tokens, with https://. */
  readonly clusterOidcIssuerUrl: string;
  /** The same without https://, for conditions of IAM policies. */
  readonly oidcProvider: string;
  /** Role of the nodes of all node groups. */
  readonly nodeRoleArn: string;
  readonly nodeRoleName: string;
  /** Role that creates the volumes of claims: the EBS CSI driver's, or the cluster's own where Auto Mode runs all nodes; undefined without both. */
  readonly volumeRoleArn: string | undefined;
  /** Name of that driver, for storage classes. */
  readonly volumeDriver: "ebs.csi.aws.com" | "ebs.csi.eks.amazonaws.com";
  /** Node groups by name. */
  readonly nodeGroups: Record<string, NodeGroup>;
  /** What workloads in the same stack must wait for: nodes, add-ons and access. */
  readonly ready: ITerraformDependable[];
  readonly #oidc: IamOpenidConnectProvider | undefined;
  readonly #auto: AutoMode | undefined;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, version, network } = settings;

    const security = new SecurityGroups(this, "security", {
      ...settings,
      vpcId: network.vpcId,
      vpcCidrBlocks: network.vpcCidrBlocks,
      nodeTags: settings.autoscaler === "karpenter" ? { "karpenter.sh/discovery": name } : {},
    });
    this.#auto = settings.autoMode && new AutoMode(this, "auto-mode", { name, ...settings.autoMode });
    const { cluster, roleArn } = new ControlPlane(this, "control-plane", {
      ...settings,
      subnetIds: settings.controlPlaneSubnetIds ?? network.privateSubnetIds,
      securityGroupId: security.clusterSecurityGroupId,
      autoMode: this.#auto,
    });
    const entries = accessEntries(settings);
    const access = new Access(this, "access", { clusterName: cluster.name, entries });
    if (Object.keys(entries).length === 0) {
      Annotations.of(this).addWarning(
        "Nobody can use the Kubernetes API of this cluster, not even its creator: list principals in administrators or accessEntries.",
      );
    }
    if (this.#auto && settings.autoMode?.nodePools.length === 0) this.#auto.admitNodes(cluster.name);
    if (settings.oidcProvider) {
      const url = issuer(cluster);
      this.#oidc = new IamOpenidConnectProvider(this, "oidc", { url, clientIdList: ["sts.amazonaws.com"] });
    }

    const nodeRole = new ManagedRole(this, "node-role", {
      name: `${name}-node`,
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      policyArns: nodePolicies(settings),
    });
    const pools = resolvePools(settings);
    const subnetIds = nodeSubnets(settings);
    const managed = pools
      .filter((pool) => isManaged(pool, settings.autoscaler))
      .flatMap((pool) => nodeGroupsOf(pool, subnetIds));
    const primaryGroupId = cluster.vpcConfig.clusterSecurityGroupId;
    if (this.#auto) security.admitAutoNodeClients(primaryGroupId);
    if (this.#auto && managed.length > 0) security.joinAutoNodes(primaryGroupId);
    const addons = new Addons(this, "addons", { ...settings, clusterName: cluster.name, clusterVersion: version });
    const { before, after } = addonNames(settings, {
      groups: managed.length > 0,
      open: managed.some(isOpen),
      nodeRepair: pools.some(({ settings }) => settings.nodeRepair !== false),
    });
    const beforeNodes = addons.install(before, []);
    const nodeGroups = this.nodes(managed, {
      clusterName: cluster.name,
      clusterVersion: version,
      nodeSecurityGroupId: security.nodeSecurityGroupId,
      nodeRoleArn: nodeRole.arn,
      vpcId: network.vpcId,
      subnetIds,
      autoscaler: settings.autoscaler,
      prefixDelegation: hasPrefixes(settings),
      instanceTags: settings.instanceTags,
      autoscalingGroupTags: settings.autoscalingGroupTags,
      dependsOn: [...beforeNodes, ...nodeRole.policies, ...security.rules],
    });
    const open = Object.values(nodeGroups).filter(({ pool }) => isOpen(pool));
    const afterNodes = addons.install(
      after,
      open.map(({ resource }) => resource),
    );

    this.clusterName = cluster.name;
    this.clusterArn = cluster.arn;
    this.clusterVersion = version;
    this.clusterEndpoint = cluster.endpoint;
    this.zonalShift = settings.zonalShift;
    this.clusterCertificateAuthorityData = cluster.certificateAuthority.get(0).data;
    this.clusterPrimarySecurityGroupId = primaryGroupId;
    this.clusterSecurityGroupId = security.clusterSecurityGroupId;
    this.nodeSecurityGroupId = security.nodeSecurityGroupId;
    this.podSecurityGroupIds = {
      nodes: security.nodeSecurityGroupId,
      ...(this.#auto && { "auto-nodes": primaryGroupId }),
    };
    this.clientPorts = settings.clientPorts;
    this.openings = openingsOf({ ...settings, vpcCidrBlocks: network.vpcCidrBlocks });
    this.clusterOidcIssuerUrl = issuer(cluster);
    this.oidcProvider = Fn.trimprefix(issuer(cluster), "https://");
    this.nodeRoleArn = nodeRole.arn;
    this.nodeRoleName = nodeRole.name;
    const allAuto = this.#auto !== undefined && pools.length === 0;
    this.volumeDriver = allAuto ? "ebs.csi.eks.amazonaws.com" : "ebs.csi.aws.com";
    this.volumeRoleArn = allAuto ? roleArn : addons.ebsDriverRoleArn;
    this.nodeGroups = nodeGroups;
    const nodes = Object.values(nodeGroups).map(({ resource }) => resource);
    this.ready = [cluster, ...beforeNodes, ...nodes, ...afterNodes, ...access.grants];
  }

  /** ARN of the IAM OIDC provider; throws if `oidcProvider` is off. */
  get oidcProviderArn(): string {
    return present(this, "oidcProvider", this.#oidc).arn;
  }

  /** Role for the NodeClasses of your own node pools; throws if `autoMode` is off. */
  get autoNodeRoleName(): string {
    return present(this, "autoMode", this.#auto).nodeRole.name;
  }

  private nodes(pools: NodePool[], cluster: NodeGroupCluster): Record<string, NodeGroup> {
    const scope = new Construct(this, "groups"); // keeps the groups' names apart from the ids of the cluster's parts
    return Object.fromEntries(
      pools.map(({ name, kind, settings }) => [
        name,
        new NodeGroup(scope, idFrom(name), { name, kind, cluster, settings }),
      ]),
    );
  }
}

const nodeSubnets = ({ nodeSubnetIds, network }: Pick<Settings, "nodeSubnetIds" | "network">): string[] =>
  nodeSubnetIds ?? network.privateSubnetIds;

const issuer = (cluster: EksCluster) => cluster.identity.get(0).oidc.get(0).issuer;

/**
 * Policies of the node role. vpc-cni uses this role unless it has its own: a node needs vpc-cni to become ready, which then
 * does not wait for the Pod Identity agent on the same node. The metadata service's hop limit of 1 keeps pods from using
 * the role.
 */
function nodePolicies({ addons, sessionManager }: Settings): Record<string, string> {
  const cni = addons["vpc-cni"];
  const names = {
    worker: "AmazonEKSWorkerNodePolicy",
    registry: "AmazonEC2ContainerRegistryPullOnly",
    ...(cni === false || cni?.podIdentity ? {} : { cni: "AmazonEKS_CNI_Policy" }),
    ...(sessionManager && { "session-manager": "AmazonSSMManagedInstanceCore" }),
  };
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, awsPolicyArn(name)]));
}
