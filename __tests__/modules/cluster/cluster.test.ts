import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import type { Cluster, ClusterProps } from "../../../modules/cluster/cluster";
import { errorOf } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import { cluster, lean, make, rejectsCluster, wrong } from "./cluster.fixture";

/** Value of a field of the cluster, as the JSON has it. */
const field = (read: (cluster: Cluster) => unknown, settings: Partial<ClusterProps> = {}) =>
  synth((stack) => new TerraformOutput(stack, "field", { value: read(make(stack, settings)), staticId: true })).outputs
    .field.value;
/** Names of AWS's policies on the nodes' role. */
const nodePolicies = (settings: Partial<ClusterProps> = {}) =>
  lean(settings)
    .all(IamRolePolicyAttachment)
    .filter(({ role }: Json) => role.includes("cluster_node-role_"))
    .map(({ policy_arn }) => policy_arn.replace("arn:aws:iam::aws:policy/", ""))
    .sort();

describe("fields", () => {
  const oidc = "identity[0].oidc[0].issuer";
  it.each<[keyof Cluster, unknown]>([
    ["clusterName", refTo(EksCluster, "name")],
    ["clusterArn", refTo(EksCluster, "arn")],
    ["clusterVersion", "1.35"],
    ["clusterEndpoint", refTo(EksCluster, "endpoint")],
    ["clusterCertificateAuthorityData", refTo(EksCluster, "certificate_authority[0].data")],
    ["clusterPrimarySecurityGroupId", refTo(EksCluster, "vpc_config[0].cluster_security_group_id")],
    ["clusterSecurityGroupId", expect.stringMatching(/^\$\{aws_security_group\.cluster_security_cluster_\w+\.id\}$/)],
    ["nodeSecurityGroupId", expect.stringMatching(/^\$\{aws_security_group\.cluster_security_node_\w+\.id\}$/)],
    ["zonalShift", false],
    ["clientPorts", [50050, 50051, 50100, 50101]],
    ["clusterOidcIssuerUrl", refTo(EksCluster, oidc)],
    ["oidcProviderArn", refTo(IamOpenidConnectProvider, "arn")],
    ["nodeRoleArn", expect.stringMatching(/^\$\{aws_iam_role\.cluster_node-role_\w+\.arn\}$/)],
    ["nodeRoleName", expect.stringMatching(/^\$\{aws_iam_role\.cluster_node-role_\w+\.name\}$/)],
  ])("%s", (name, expected) => {
    expect(field((made) => made[name])).toEqual(expected);
  });
  it("zonalShift is the setting", () => {
    expect(field((made) => made.zonalShift, { zonalShift: true })).toBe(true);
  });
  it("oidcProvider is the issuer without https://", () => {
    expect(field((made) => made.oidcProvider)).toMatch(
      /^\$\{trimprefix\(aws_eks_cluster\.[\w-]+\.identity\[0\]\.oidc\[0\]\.issuer, "https:\/\/"\)\}$/,
    );
  });
  it("ready is everything that workloads wait for", () => {
    const administrators = { me: "arn:aws:iam::123456789012:role/Me" };
    const use = (made: Cluster) => new S3Bucket(made, "workload", { dependsOn: made.ready });
    const { all, one } = cluster({ administrators }, use);
    const types = (one(S3Bucket).depends_on as string[]).map((id) => id.split(".")[0]);
    const count = (type: string) => types.filter((found) => found === type).length;
    expect([count("aws_eks_node_group"), count("aws_eks_addon")]).toEqual([5, 5]);
    expect([count("aws_eks_access_entry"), count("aws_eks_access_policy_association")]).toEqual([1, 1]);
    expect([all(EksNodeGroup).length, all(EksAddon).length]).toEqual([5, 5]);
  });
});

describe("the OIDC provider", () => {
  it("trusts STS for the cluster's issuer without a thumbprint", () => {
    expect(lean().one(IamOpenidConnectProvider)).toMatchObject({
      url: refTo(EksCluster, "identity[0].oidc[0].issuer"),
      client_id_list: ["sts.amazonaws.com"],
    });
    expect(lean().json).not.toMatch(/thumbprint|tls_certificate/);
  });
  it("can be off; then to ask for it is an error that says so, and the issuer is still known", () => {
    const off = { oidcProvider: false };
    expect(lean(off).all(IamOpenidConnectProvider)).toEqual([]);
    const error = errorOf(() => cluster(off, (made) => made.oidcProviderArn));
    expect([error.name, error.message]).toEqual([
      "InputError",
      "test/cluster: oidcProvider: must be on for this, got off",
    ]);
    expect(field((made) => made.clusterOidcIssuerUrl, off)).toMatch(/issuer\}$/);
  });
});

describe("the nodes' role", () => {
  it("is EC2's to take on and has what nodes need", () => {
    expect(nodePolicies()).toEqual([
      "AmazonEC2ContainerRegistryPullOnly",
      "AmazonEKSWorkerNodePolicy",
      "AmazonEKS_CNI_Policy",
    ]);
    const role = lean()
      .all(IamRole)
      .find(({ name_prefix }) => name_prefix === "ml-node-");
    expect(JSON.parse(role.assume_role_policy).Statement).toEqual([
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ]);
  });
  it("lets Session Manager in when asked", () => {
    expect(nodePolicies({ sessionManager: true })).toContain("AmazonSSMManagedInstanceCore");
  });
  it("has its policies before nodes join", () => {
    const awaited = (lean().one(EksNodeGroup).depends_on as string[]).filter((id) => /node-role/.test(id));
    expect(awaited).toHaveLength(3);
  });
});

it("gives prefixes, and not names, to all that is global in an account or shared by two clusters", () => {
  const { all } = cluster();
  for (const resource of [...all(IamRole), ...all(SecurityGroup)]) {
    expect(resource).not.toHaveProperty("name");
    expect(resource.name_prefix).toMatch(/^(eks-)?ml-/);
  }
  const [one, two] = ["dev-a", "dev-b"].map((name) => cluster({ name }));
  const shared = (made: typeof one) => [
    ...(made?.all(CloudwatchLogGroup) ?? []).map(({ name }) => name),
    ...(made?.all(EksCluster) ?? []).map(({ name }) => name),
    ...(made?.json.match(/alias\/eks\/[\w-]+/g) ?? []),
  ];
  expect(shared(one)).toHaveLength(3);
  expect(shared(one).filter((name) => shared(two).includes(name))).toEqual([]);
});
it("keeps every name within its limit, and apart, for the longest cluster and pool names", () => {
  const pools = ["a", "b"].map((last) => ({
    suffix: "x".repeat(39) + last,
    category: "cpu" as const,
    instanceTypes: ["m5.large"],
    minSize: 0,
    maxSize: 1,
  }));
  for (const name of ["c".repeat(29), "c".repeat(100)]) {
    const { all } = cluster({ name, runnerPools: pools });
    const roles = all(IamRole).map(({ name_prefix }) => name_prefix);
    const groups = all(EksNodeGroup).map(({ node_group_name_prefix }) => node_group_name_prefix);
    expect(roles.every((prefix) => prefix.length <= 38)).toBe(true); // IAM 64, less the provider's 26
    expect(groups.every((prefix) => prefix.length <= 37)).toBe(true); // EKS 63, less the provider's 26
    expect(new Set(roles).size).toBe(3);
    expect(new Set(groups).size).toBe(6);
  }
});
it("emits nothing by default that AWS provider 5.100 does not know", () => {
  const { json, parsed } = cluster();
  expect(json).not.toMatch(/control_plane_scaling_config|availability_mode|deletion_protection|target_role_arn/);
  const resources = Object.values<Json>(parsed.resource).flatMap((type) => Object.values<Json>(type));
  expect(resources.filter((resource) => "region" in resource)).toEqual([]);
});
it("is the same twice", () => {
  expect(cluster().json).toBe(cluster().json);
  expect(cluster().all(AutoscalingGroupTagA).length).toBeGreaterThan(0);
});

rejectsCluster(
  ["oidcProvider", wrong({ oidcProvider: "arn" }), "boolean", "arn"],
  ["sessionManager", wrong({ sessionManager: 1 }), "boolean"],
  ["vpc_id", wrong({ vpc_id: "vpc-1" }), "unknown key"],
  ["clusterVersion", wrong({ clusterVersion: "1.35" }), "unknown key"],
  ["name", { name: "-x", version: "1.22" }, "version: must be at least 1.30"],
);
