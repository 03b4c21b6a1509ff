import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { TerraformStack, Testing } from "cdktf";
import { describe, expect, it } from "vitest";
import type { ClusterProps } from "../../../modules/cluster/cluster";
import { refTo } from "../../support/synth";
import { LEAN, lean, make, rejectsCluster, wrong } from "./cluster.fixture";

const eks = (settings: Partial<ClusterProps> = {}) => lean(settings).one(EksCluster);
const denials = (settings: Partial<ClusterProps> = {}) =>
  lean(settings)
    .all(IamRolePolicy)
    .map(({ policy }) => JSON.parse(policy).Statement[0])
    .filter(({ Effect }) => Effect === "Deny");

describe("the cluster", () => {
  it("has the version 1.35 under standard support by default", () => {
    expect(eks()).toMatchObject({ name: "ml", version: "1.35", upgrade_policy: { support_type: "STANDARD" } });
  });
  it("takes versions from 1.30 to 1.39 and extended support", () => {
    expect(eks({ version: "1.30" }).version).toBe("1.30");
    expect(eks({ version: "1.39" }).version).toBe("1.39");
    expect(eks({ version: "1.36", supportType: "EXTENDED" })).toMatchObject({
      version: "1.36",
      upgrade_policy: { support_type: "EXTENDED" },
    });
  });
  it("warns of a version whose support ends", () => {
    const warnings = (settings: Partial<ClusterProps>) =>
      make(new TerraformStack(Testing.app(), "test"), { ...LEAN, ...settings })
        .node.findAll()
        .flatMap(({ node }) => node.metadata.map(({ data }) => String(data)))
        .filter((text) => text.includes("support of Kubernetes"));
    expect(warnings({ version: "1.34" })).toEqual([expect.stringContaining("ends on 2026-12-02")]);
    expect(warnings({})).toEqual([]);
  });
  it("knows its users by access entries alone, and not by who made it", () => {
    expect(eks().access_config).toEqual({
      authentication_mode: "API",
      bootstrap_cluster_creator_admin_permissions: false,
    });
    expect(lean().json).not.toContain("kubernetes_config_map");
  });
  it("leaves add-ons to managed ones", () => {
    expect(eks().bootstrap_self_managed_addons).toBe(false);
  });
  it.each(["a", "9_x-Y", "x".repeat(100)])("takes the name %s", (name) => {
    expect(eks({ name }).name).toBe(name);
  });
  it("leaves no trace of options that are off", () => {
    const traces = ["control_plane_scaling_config", "deletion_protection", "zonal_shift_config", "region"];
    expect(Object.keys(eks()).filter((key) => traces.includes(key))).toEqual([]);
  });
  it("has the options that are asked for", () => {
    const tiers = ["standard", "tier-xl", "tier-2xl", "tier-4xl", "tier-8xl"] as const;
    for (const tier of tiers) {
      expect(eks({ controlPlaneScalingTier: tier }).control_plane_scaling_config).toEqual({ tier });
    }
    expect(eks({ deletionProtection: true }).deletion_protection).toBe(true);
    expect(eks({ zonalShift: true }).zonal_shift_config).toEqual({ enabled: true });
  });
});

describe("its log", () => {
  it("is kept 90 days in a group that exists before the cluster", () => {
    const { one } = lean();
    expect(one(CloudwatchLogGroup)).toMatchObject({ name: "/aws/eks/ml/cluster", retention_in_days: 90 });
    expect(one(EksCluster).enabled_cluster_log_types).toEqual(["api", "audit", "authenticator"]);
    expect(one(EksCluster).depends_on).toContainEqual(expect.stringContaining("aws_cloudwatch_log_group."));
  });
  it.each([0, 1, 3653] as const)("is kept %s days when asked", (logRetentionDays) => {
    expect(lean({ logRetentionDays }).one(CloudwatchLogGroup).retention_in_days).toBe(logRetentionDays);
  });
  it("holds the types that are asked for, in any order", () => {
    expect(eks({ logTypes: ["scheduler", "controllerManager"] }).enabled_cluster_log_types).toEqual([
      "controllerManager",
      "scheduler",
    ]);
  });
  it("is not made again by EKS when it is deleted", () => {
    expect(denials()).toEqual([{ Effect: "Deny", Action: "logs:CreateLogGroup", Resource: "*" }]);
  });
  it("can be off altogether", () => {
    const { one, all } = lean({ logTypes: [] });
    expect(all(CloudwatchLogGroup)).toEqual([]);
    expect(one(EksCluster)).not.toHaveProperty("enabled_cluster_log_types");
    expect(denials({ logTypes: [] })).toEqual([]);
  });
});

describe("its role", () => {
  it("is EKS' to take on, has the one policy it needs, and has it before the cluster is there", () => {
    const { byId, one } = lean({ kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k" });
    expect(one(EksCluster).role_arn).toEqual(refTo(IamRole, "arn"));
    const id = one(EksCluster).role_arn.split(".")[1];
    const role = byId(IamRole)[id];
    expect(role.name_prefix).toBe("ml-cluster-");
    expect(JSON.parse(role.assume_role_policy).Statement).toEqual([
      { Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ]);
    const attached = Object.entries(byId(IamRolePolicyAttachment)).filter(([, { role }]) => role.includes(`.${id}.`));
    expect(attached.map(([, { policy_arn }]) => policy_arn)).toEqual([
      "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
    ]);
    expect(one(EksCluster).depends_on).toContain(`aws_iam_role_policy_attachment.${attached[0]?.[0]}`);
  });
});

rejectsCluster(
  ["name", { name: "-x" }, "a letter or digit first", "-x"],
  ["name", { name: "_x" }],
  ["name", { name: "a b" }, "a b"],
  ["name", { name: "x".repeat(101) }, "at most 100", "101"],
  ["name", { name: "" }, "1 to 100"],
  ["name", wrong({ name: undefined }), "is required"],
  ["version", { version: "1.22" }, "at least 1.30", "1.22"],
  ["version", { version: "1.29" }, "at least 1.30", "1.29"],
  ["version", { version: "1.40" }, "at most 1.39", "1.40"],
  ["version", { version: "1.35.1" }, "such as 1.35", "1.35.1"],
  ["version", { version: "2.34" }],
  ["version", wrong({ version: 1.35 }), "string"],
  ["supportType", wrong({ supportType: "LONG" }), "STANDARD, EXTENDED", "LONG"],
  ["logTypes[1]", wrong({ logTypes: ["api", "kubelet"] }), "controllerManager", "kubelet"],
  ["logTypes", { logTypes: ["api", "api"] }, "once"],
  ["logRetentionDays", wrong({ logRetentionDays: 91 }), "one of", "91"],
  ["logRetentionDays", wrong({ logRetentionDays: -1 })],
  ["controlPlaneScalingTier", wrong({ controlPlaneScalingTier: "xl" }), "tier-xl", '"xl"'],
  ["deletionProtection", wrong({ deletionProtection: "true" }), "boolean"],
  ["zonalShift", wrong({ zonalShift: 1 }), "boolean"],
  ["verison", wrong({ verison: "1.35" }), "did you mean version?"],
);
