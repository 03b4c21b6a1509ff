import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import type { EksClusterComputeConfig } from "@cdktf/provider-aws/lib/eks-cluster";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../common/collections";
import { awsPolicyArn, ManagedRole } from "../common/iam/managed-role";
import { type Statement, trust } from "../common/iam/policy";
import { lastingSettings } from "../common/lasting-settings";

/** Inputs of EKS Auto Mode. */
export const autoModeSchema = z.strictObject({
  /** Built-in node pools. With an empty list there are only those you define, whose NodeClass must use the cluster's `autoNodeRoleName`. */
  nodePools: z
    .array(z.enum(["general-purpose", "system"]))
    .refine(areDistinct, "must name each pool once")
    .default(["general-purpose", "system"]),
});

/** Additional policies of the cluster role. Source: EKS user guide, "Amazon EKS Auto Mode cluster IAM role". */
export const AUTO_MODE_POLICIES = {
  compute: awsPolicyArn("AmazonEKSComputePolicy"),
  "block-storage": awsPolicyArn("AmazonEKSBlockStoragePolicy"),
  "load-balancing": awsPolicyArn("AmazonEKSLoadBalancingPolicy"),
  networking: awsPolicyArn("AmazonEKSNetworkingPolicy"),
};

/**
 * Lets Auto Mode create volumes and snapshots with tags of one's own. `$${` is how Terraform spells IAM's variables. Source:
 * EKS User Guide, "Amazon EKS Auto Mode cluster IAM role", custom AWS tags.
 */
export const TAGGED_VOLUMES: Statement = {
  Sid: "TaggedVolumes",
  Action: ["ec2:CreateVolume", "ec2:CreateSnapshot"],
  Resource: ["arn:aws:ec2:*:*:volume/*", "arn:aws:ec2:*:*:snapshot/*"],
  Condition: {
    StringEquals: { "aws:RequestTag/eks:eks-cluster-name": "$${aws:PrincipalTag/eks:eks-cluster-name}" },
  },
};

/** Role of the nodes of EKS Auto Mode, with their access to the cluster. */
export class AutoMode extends Construct {
  readonly nodeRole: ManagedRole;
  readonly computeConfig: EksClusterComputeConfig;
  readonly #builtIn: boolean;

  constructor(scope: Construct, id: string, { name, nodePools }: { name: string; nodePools: string[] }) {
    super(scope, id);
    // A separate role: EKS creates an access entry of another type for the role of managed node groups.
    this.nodeRole = new ManagedRole(this, "node-role", {
      name: `${name}-auto-node`,
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      policyArns: {
        worker: awsPolicyArn("AmazonEKSWorkerNodeMinimalPolicy"),
        registry: awsPolicyArn("AmazonEC2ContainerRegistryPullOnly"),
      },
    });
    const pools = [...nodePools].sort();
    this.#builtIn = pools.length > 0;
    this.computeConfig =
      pools.length > 0 ? { enabled: true, nodePools: pools, nodeRoleArn: this.nodeRole.arn } : { enabled: true };
  }

  /**
   * Lifecycle of a cluster that keeps its built-in pools, or keeps to be without: EKS accepts a node role with pools only,
   * and the provider makes another cluster when the role goes.
   */
  lasting(what: string, allowReplacement: boolean) {
    const settings = { "autoMode.nodePools": this.#builtIn ? "built-in pools" : "no built-in pool" };
    return lastingSettings(this, "lasting", { what, settings, allowReplacement });
  }

  /** Lets nodes of user-defined pools join; for its built-in pools EKS does that itself. */
  admitNodes(clusterName: string): void {
    const type = "EC2";
    const { principalArn } = new EksAccessEntry(this, "entry", {
      clusterName,
      principalArn: this.nodeRole.arn,
      type,
      dependsOn: this.nodeRole.policies,
    });
    new EksAccessPolicyAssociation(this, "entry-policy", {
      clusterName,
      principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
      accessScope: { type: "cluster" },
    });
  }
}
