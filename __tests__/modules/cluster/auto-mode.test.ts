import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { expect, it } from "vitest";
import type { Cluster, ClusterProps } from "../../../modules/cluster/cluster";
import { errorOf } from "../../support/bad-input";
import { refTo } from "../../support/synth";
import { cluster, rejectsCluster, wrong } from "./cluster.fixture";

const auto = (settings: Partial<ClusterProps> = {}) => cluster({ autoMode: {}, ...settings });
/** Names of AWS's policies on the role whose prefix is this. */
const policiesOf = ({ byId }: ReturnType<typeof cluster>, prefix: string) => {
  const [id] = Object.entries(byId(IamRole)).find(([, { name_prefix }]) => name_prefix === prefix) ?? [];
  return Object.values(byId(IamRolePolicyAttachment))
    .filter(({ role }) => role === `\${aws_iam_role.${id}.name}`)
    .map(({ policy_arn }) => policy_arn.split("/").pop())
    .sort();
};

it("turns on compute, load balancing and block storage together", () => {
  expect(auto().one(EksCluster)).toMatchObject({
    compute_config: { enabled: true, node_pools: ["general-purpose", "system"], node_role_arn: refTo(IamRole, "arn") },
    kubernetes_network_config: { elastic_load_balancing: { enabled: true } },
    storage_config: { block_storage: { enabled: true } },
    bootstrap_self_managed_addons: false,
  });
  expect(auto({ serviceIpv4Cidr: "172.20.0.0/16" }).one(EksCluster).kubernetes_network_config).toEqual({
    service_ipv4_cidr: "172.20.0.0/16",
    elastic_load_balancing: { enabled: true },
  });
});
it("is said to be off by all three of its switches, which the provider would else leave as they are", () => {
  const { json, one } = cluster();
  expect(json).not.toContain("auto-mode");
  expect(one(EksCluster)).toMatchObject({
    compute_config: { enabled: false },
    storage_config: { block_storage: { enabled: false } },
    kubernetes_network_config: { elastic_load_balancing: { enabled: false } },
  });
  expect(policiesOf(cluster(), "ml-cluster-")).toEqual(["AmazonEKSClusterPolicy"]);
});
it("gives the cluster's role the four policies more, and sessions with tags", () => {
  const all = auto();
  expect(policiesOf(all, "ml-cluster-")).toEqual([
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
  ]);
  const role = all.all(IamRole).find(({ name_prefix }) => name_prefix === "ml-cluster-");
  expect(JSON.parse(role.assume_role_policy).Statement[0].Action).toEqual(["sts:AssumeRole", "sts:TagSession"]);
});
it("gives its nodes a role of their own with the least rights", () => {
  const all = auto();
  expect(policiesOf(all, "ml-auto-node-")).toEqual([
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodeMinimalPolicy",
  ]);
  const [id] = Object.entries(all.byId(IamRole)).find(([, role]) => role.name_prefix === "ml-auto-node-") ?? [];
  expect(all.one(EksCluster).compute_config.node_role_arn).toBe(`\${aws_iam_role.${id}.arn}`);
  expect(all.all(EksAccessEntry)).toEqual([]);
});
it("makes no node group but those that are asked for", () => {
  expect(auto().all(EksNodeGroup)).toEqual([]);
  const asked = auto({
    systemGroups: { scheduler: {}, default: { minSize: 0, taints: [{ key: "a", effect: "NO_SCHEDULE" }] } },
    runnerPools: [{ suffix: "x", category: "cpu", instanceTypes: ["m5.large"], minSize: 0, maxSize: 1 }],
  });
  expect(asked.all(EksNodeGroup)).toHaveLength(3);
  expect(auto({ systemGroups: { default: false } }).all(EksNodeGroup)).toEqual([]);
});
it("lets nodes of the user's own pools in where EKS has none", () => {
  const { one } = auto({ autoMode: { nodePools: [] } });
  expect(one(EksCluster).compute_config).toEqual({ enabled: true });
  expect(one(EksAccessEntry)).toMatchObject({ type: "EC2", principal_arn: refTo(IamRole, "arn") });
  expect(one(EksAccessPolicyAssociation)).toMatchObject({
    principal_arn: refTo(EksAccessEntry, "principal_arn"),
    policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
    access_scope: { type: "cluster" },
  });
});
it("takes one pool, and either order of both", () => {
  expect(auto({ autoMode: { nodePools: ["system"] } }).one(EksCluster).compute_config.node_pools).toEqual(["system"]);
  expect(auto({ autoMode: { nodePools: ["system", "general-purpose"] } }).json).toBe(auto().json);
});
it("exposes the name of its nodes' role, and throws without one", () => {
  let name = "";
  const use = (made: Cluster) => {
    name = made.autoNodeRoleName;
  };
  cluster({ autoMode: {} }, use);
  expect(name).toContain("Token");
  expect(errorOf(() => cluster({}, use)).message).toBe("test/cluster: autoMode: must be on for this, got off");
});
rejectsCluster(
  ["autoMode.nodePools[0]", wrong({ autoMode: { nodePools: ["gpu"] } }), "general-purpose, system", "gpu"],
  ["autoMode.nodePools", { autoMode: { nodePools: ["system", "system"] } }, "once"],
  ["autoMode.pools", wrong({ autoMode: { pools: [] } }), "unknown key"],
  ["autoMode", wrong({ autoMode: true }), "object"],
);
