import type { ITerraformDependable } from "cdktf";
import { z } from "zod";
import { orToken, reference } from "../common/settings/props";
import { tagsSchema } from "../common/settings/tags";

/** What a node group needs of its cluster; an existing cluster can be described by hand. */
export interface NodeGroupCluster {
  readonly clusterName: string;
  /** Kubernetes version of the nodes, such as 1.35. */
  readonly clusterVersion: string;
  readonly nodeSecurityGroupId: string;
  readonly nodeRoleArn: string;
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** With `cluster-autoscaler`, tags on the Auto Scaling groups describe the nodes of an empty group. */
  readonly autoscaler: "cluster-autoscaler" | "karpenter" | "none";
  /** Whether vpc-cni assigns /28 prefixes to nodes, which lets more pods onto them. */
  readonly prefixDelegation: boolean;
  /** Tags of the instances, their volumes and network interfaces. */
  readonly instanceTags: Record<string, string>;
  /** Tags of the Auto Scaling groups alone. */
  readonly autoscalingGroupTags: Record<string, string>;
  /** What must exist before nodes join: network add-ons and access. */
  readonly dependsOn: ITerraformDependable[];
}

const text = z.string().min(1);
const clusterShape = {
  clusterName: text,
  clusterVersion: orToken(z.string().regex(/^\d+\.\d+$/)),
  nodeSecurityGroupId: text,
  nodeRoleArn: text,
  vpcId: text,
  subnetIds: orToken(z.array(text).min(1)),
  autoscaler: z.enum(["cluster-autoscaler", "karpenter", "none"]),
  prefixDelegation: z.boolean(),
  instanceTags: tagsSchema,
  autoscalingGroupTags: tagsSchema,
  dependsOn: z.array(z.custom<ITerraformDependable>()),
} satisfies Record<keyof NodeGroupCluster, z.ZodType>;

/** A cluster, which may be a construct: only the fields that are read are checked. */
export const nodeGroupClusterSchema = reference<NodeGroupCluster>(
  "an EKS cluster",
  "clusterName",
  "clusterVersion",
  "nodeSecurityGroupId",
  "nodeRoleArn",
  "vpcId",
  "subnetIds[]",
  "autoscaler",
  "prefixDelegation{}",
  "instanceTags{}",
  "autoscalingGroupTags{}",
  "dependsOn{}",
).superRefine((cluster, ctx) => {
  const { error } = orToken(z.object(clusterShape)).safeParse(cluster);
  for (const issue of error?.issues ?? []) ctx.addIssue({ ...issue, continue: false });
});
