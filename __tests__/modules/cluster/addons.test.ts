import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { DataAwsEksAddonVersion } from "@cdktf/provider-aws/lib/data-aws-eks-addon-version";
import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { describe, expect, it } from "vitest";
import type { ClusterProps, ClusterSettings } from "../../../modules/cluster/cluster";
import { type Json, refTo } from "../../support/synth";
import { cluster, LEAN, lean, rejectsCluster, wrong } from "./cluster.fixture";

type Addons = NonNullable<ClusterSettings["addons"]>;
const READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const ROLE = "arn:aws:iam::123456789012:role/csi";
const GROUP = { instanceTypes: ["m5.large"], minSize: 1, maxSize: 2 };
const names = (settings: Partial<ClusterProps> = {}) =>
  lean(settings)
    .all(EksAddon)
    .map(({ addon_name }) => addon_name)
    .sort();
const addon = (name: string, settings: Partial<ClusterProps> = {}): Json =>
  lean(settings)
    .all(EksAddon)
    .find(({ addon_name }) => addon_name === name);
const addons = (addons: Addons) => ({ addons });
const cniOnNodes = (settings: Partial<ClusterProps> = {}) =>
  lean(settings)
    .all(IamRolePolicyAttachment)
    .filter(({ policy_arn, role }) => policy_arn.endsWith("/AmazonEKS_CNI_Policy") && role.includes("node-role"));

const manyTags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "x"]));

it("take as many tags as there is room for", () => {
  expect(() => lean({ volumeTags: manyTags(42), instanceTags: manyTags(44) })).not.toThrow();
});

describe("by default", () => {
  it("there are the five that every cluster of node groups needs", () => {
    expect(names()).toEqual(["aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"]);
    expect(addon("coredns")).toMatchObject({
      cluster_name: refTo(EksCluster, "name"),
      resolve_conflicts_on_create: "OVERWRITE",
      resolve_conflicts_on_update: "OVERWRITE",
    });
  });
  it("EKS picks their versions once, so that no plan changes them", () => {
    const { json, data } = lean();
    expect(json).not.toMatch(/addon_version|preserve/);
    expect(data(DataAwsEksAddonVersion)).toEqual([]);
  });
  it("those that nodes need come before every group, the others after every group that takes their pods", () => {
    const { byId } = cluster({ additionalNodeGroups: { open: GROUP } });
    const id = (name: string) =>
      `aws_eks_addon.${Object.entries(byId(EksAddon)).find(([, { addon_name }]) => addon_name === name)?.[0]}`;
    const groups = Object.entries(byId(EksNodeGroup));
    expect(groups).toHaveLength(6);
    for (const [, { depends_on }] of groups) {
      expect(depends_on).toEqual(expect.arrayContaining(["vpc-cni", "kube-proxy", "eks-pod-identity-agent"].map(id)));
    }
    const open = groups.filter(([, { taint }]) => !taint?.length).map(([key]) => `aws_eks_node_group.${key}`);
    expect(open).toHaveLength(2);
    for (const name of ["coredns", "aws-ebs-csi-driver"]) {
      const { depends_on } = Object.values(byId(EksAddon)).find(({ addon_name }) => addon_name === name);
      expect(depends_on.filter((id: string) => id.startsWith("aws_eks_node_group."))).toEqual(open);
    }
    for (const name of ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]) {
      expect(addon(name)).not.toHaveProperty("depends_on");
    }
  });
  it("the EBS driver makes volumes by Pod Identity, once its role may", () => {
    const { byId } = lean();
    const driver = addon("aws-ebs-csi-driver");
    expect(driver.pod_identity_association).toEqual([
      { service_account: "ebs-csi-controller-sa", role_arn: refTo(IamRole, "arn") },
    ]);
    const role = byId(IamRole)[driver.pod_identity_association[0].role_arn.split(".")[1]];
    expect(role.name_prefix).toBe("ml-aws-ebs-csi-driver-");
    expect(JSON.parse(role.assume_role_policy).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      },
    ]);
    const [[key]] = Object.entries(byId(IamRolePolicyAttachment)).filter(
      ([, { policy_arn }]) => policy_arn === "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
    ) as [[string, Json]];
    expect(driver.depends_on).toContain(`aws_iam_role_policy_attachment.${key}`);
  });
  it("the others have no role, and vpc-cni works by the nodes'", () => {
    for (const name of ["vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent"]) {
      expect(addon(name)).not.toHaveProperty("pod_identity_association");
    }
    expect(cniOnNodes()).toHaveLength(1);
  });
});

describe("settings", () => {
  it("pin a version or take the newest", () => {
    expect(addon("coredns", addons({ coredns: { version: "v1.11.4-eksbuild.2" } })).addon_version).toBe(
      "v1.11.4-eksbuild.2",
    );
    const { data } = lean(addons({ coredns: { version: "latest" } }));
    expect(data(DataAwsEksAddonVersion)).toEqual([
      expect.objectContaining({ addon_name: "coredns", kubernetes_version: "1.35", most_recent: true }),
    ]);
    expect(addon("coredns", addons({ coredns: { version: "latest" } })).addon_version).toMatch(
      /^\$\{data\.aws_eks_addon_version\.[\w-]+\.version\}$/,
    );
  });
  it("configure, keep and guard an add-on", () => {
    const made = addon(
      "coredns",
      addons({ coredns: { configuration: { replicaCount: 3 }, preserve: true, resolveConflicts: "PRESERVE" } }),
    );
    expect(made).toMatchObject({
      configuration_values: '{"replicaCount":3}',
      preserve: true,
      resolve_conflicts_on_create: "OVERWRITE",
      resolve_conflicts_on_update: "PRESERVE",
    });
    expect(addon("coredns", addons({ coredns: { resolveConflicts: "NONE" } }))).toMatchObject({
      resolve_conflicts_on_create: "NONE",
      resolve_conflicts_on_update: "NONE",
    });
  });
  it("leave one out, and add others after the nodes", () => {
    expect(names(addons({ coredns: false, "metrics-server": {} }))).toEqual([
      "aws-ebs-csi-driver",
      "eks-pod-identity-agent",
      "kube-proxy",
      "metrics-server",
      "vpc-cni",
    ]);
    expect(addon("metrics-server", addons({ "metrics-server": {} })).depends_on).toEqual([
      expect.stringContaining("aws_eks_node_group."),
    ]);
  });
  it("give an add-on a role of policies, or one that exists", () => {
    const podIdentity = { serviceAccount: "s3-csi-driver-sa", policyArns: { read: READ }, policy: '{"Statement":[]}' };
    const s3 = lean(addons({ "aws-mountpoint-s3-csi-driver": { podIdentity } }));
    expect(s3.all(IamRolePolicyAttachment).map(({ policy_arn }) => policy_arn)).toContain(READ);
    expect(s3.all(IamRolePolicy).map(({ policy }) => policy)).toContain('{"Statement":[]}');
    expect(s3.all(IamRole).map(({ name_prefix }) => name_prefix)).toContain("ml-aws-mountpoint-s3-csi-driver-");
    const given = { podIdentity: { serviceAccount: "ebs-csi-controller-sa", roleArn: ROLE } };
    expect(addon("aws-ebs-csi-driver", addons({ "aws-ebs-csi-driver": given })).pod_identity_association).toEqual([
      { service_account: "ebs-csi-controller-sa", role_arn: ROLE },
    ]);
    expect(lean(addons({ "aws-ebs-csi-driver": given })).json).not.toContain("AmazonEBSCSIDriverPolicy");
  });
  it("take the network's rights from the nodes where vpc-cni has a role of its own, or is absent", () => {
    const podIdentity = { serviceAccount: "aws-node", roleArn: ROLE };
    expect(cniOnNodes(addons({ "vpc-cni": { podIdentity } }))).toEqual([]);
    expect(cniOnNodes(addons({ "vpc-cni": false }))).toEqual([]);
  });
  it("turn prefix delegation on beside what else is configured", () => {
    const configured = addons({ "vpc-cni": { configuration: { enableNetworkPolicy: "true", env: { A: "b" } } } });
    const values = (settings: Partial<ClusterProps>) => JSON.parse(addon("vpc-cni", settings).configuration_values);
    const env = { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" };
    expect(values({ prefixDelegation: true })).toEqual({ env });
    expect(values({ prefixDelegation: true, ...configured })).toEqual({
      enableNetworkPolicy: "true",
      env: { A: "b", ...env },
    });
    expect(lean({ prefixDelegation: true }).json.match(/ENABLE_PREFIX_DELEGATION/g)).toHaveLength(1);
  });
  it("tell the autoscaler of prefixes, whichever setting turns them on", () => {
    const memory = (settings: Partial<ClusterProps>) => {
      const systemGroups = { ...LEAN.systemGroups, default: { imageFamily: "bottlerocket" as const } };
      const tags = cluster({ ...LEAN, systemGroups, ...settings }).all(AutoscalingGroupTagA);
      return tags.find(({ tag }) => tag.key.endsWith("resources/memory"))?.tag.value;
    };
    const configured = (value: string) =>
      addons({ "vpc-cni": { configuration: { env: { ENABLE_PREFIX_DELEGATION: value } } } });
    expect(memory({})).toBe("13906Mi");
    expect(memory({ prefixDelegation: true })).toBe("13334Mi");
    expect(memory(configured("true"))).toBe("13334Mi");
    expect(memory(configured("false"))).toBe("13906Mi");
    expect(memory(addons({ "vpc-cni": false }))).toBe("13906Mi");
  });
  it("write that they have no settings, as the provider would keep those of before", () => {
    expect(addon("vpc-cni").configuration_values).toBe("{}");
  });
  it("puts tags on volumes, under those that the driver's own configuration has", () => {
    const controller = { extraVolumeTags: { Team: "own" }, replicaCount: 1 };
    const configured = addons({ "aws-ebs-csi-driver": { configuration: { controller, node: {} } } });
    const values = (settings: Partial<ClusterProps>) =>
      JSON.parse(addon("aws-ebs-csi-driver", settings).configuration_values);
    const volumeTags = { Team: "ml", Cost: "1" };
    expect(values({ volumeTags })).toEqual({ controller: { extraVolumeTags: volumeTags } });
    expect(values({ volumeTags, ...configured })).toEqual({
      controller: { extraVolumeTags: { Team: "own", Cost: "1" }, replicaCount: 1 },
      node: {},
    });
    expect(addon("aws-ebs-csi-driver").configuration_values).toBe("{}");
  });
});

describe("nodes that are repaired", () => {
  const agent = "eks-node-monitoring-agent";
  it("bring the monitoring agent, and only they", () => {
    expect(names({ additionalNodeGroups: { cpu: { ...GROUP, nodeRepair: true } } })).toContain(agent);
    expect(names({ additionalNodeGroups: { cpu: { ...GROUP, nodeRepair: {} } } })).toContain(agent);
    expect(names({ additionalNodeGroups: { cpu: { ...GROUP, nodeRepair: false } } })).not.toContain(agent);
  });
  it("bring it where Karpenter makes them, too", () => {
    const runnerPools = [{ ...GROUP, suffix: "a", category: "cpu" as const, nodeRepair: true }];
    expect(names({ autoscaler: "karpenter", runnerPools })).toContain(agent);
  });
  it("may do without it when that is said", () => {
    const group = { additionalNodeGroups: { cpu: { ...GROUP, nodeRepair: true } } };
    expect(names({ ...group, ...addons({ [agent]: false }) })).not.toContain(agent);
  });
});

describe("with Auto Mode", () => {
  it("there is none, but those that are asked for", () => {
    expect(names({ autoMode: {} })).toEqual([]);
    expect(names({ autoMode: {}, ...addons({ "metrics-server": {} }) })).toEqual(["metrics-server"]);
    expect(addon("metrics-server", { autoMode: {}, ...addons({ "metrics-server": {} }) })).not.toHaveProperty(
      "depends_on",
    );
  });
  it("node groups bring what their nodes need", () => {
    const tainted = { ...GROUP, taints: [{ key: "a", effect: "NO_SCHEDULE" as const }] };
    const agents = ["eks-pod-identity-agent", "kube-proxy", "vpc-cni"];
    expect(names({ autoMode: {}, additionalNodeGroups: { cpu: tainted } })).toEqual(agents);
    expect(names({ autoMode: {}, additionalNodeGroups: { cpu: GROUP } })).toEqual(
      ["aws-ebs-csi-driver", "coredns", ...agents].sort(),
    );
  });
  it("Pod Identity needs no agent of its own", () => {
    expect(names({ autoMode: {}, ...addons({ "eks-pod-identity-agent": false, "aws-ebs-csi-driver": {} }) })).toEqual([
      "aws-ebs-csi-driver",
    ]);
  });
});

const identity = (podIdentity: object) => wrong(addons({ s3: { podIdentity: podIdentity as never } }));
rejectsCluster(
  ["addons.coredns.version", addons({ coredns: { version: "1.11.4" } }), "latest", "1.11.4"],
  ["addons.coredns.version", addons({ coredns: { version: "newest" } })],
  ["addons.coredns.resolveConflicts", wrong(addons({ coredns: { resolveConflicts: "FORCE" as "NONE" } })), "OVERWRITE"],
  ["addons.coredns.configuration", wrong({ addons: { coredns: { configuration: "{}" } } }), "record", "{}"],
  ["addons.coredns.configuration.f", wrong({ addons: { coredns: { configuration: { f: () => 1 } } } })],
  ["addons.coredns.preserve", wrong({ addons: { coredns: { preserve: 1 } } }), "boolean"],
  ["addons.coredns.verison", wrong({ addons: { coredns: { verison: "v1.2.3" } } }), "did you mean version?"],
  ["addons.coredns", wrong({ addons: { coredns: true } }), "must be false or an object of settings, got true"],
  ["addons.core-dns", addons({ "core-dns": {} }), "did you mean coredns?"],
  ["addons.vpc_cni", addons({ vpc_cni: false }), "did you mean vpc-cni?"],
  ["addons.VPC CNI", addons({ "VPC CNI": {} })],
  ["addons", wrong({ addons: ["coredns"] }), "record"],
  ["addons.s3.podIdentity.roleArn", identity({ serviceAccount: "a" }), "is required", "none"],
  ["addons.s3.podIdentity.roleArn", identity({ serviceAccount: "a", roleArn: ROLE, policy: "{}" }), "left out"],
  ["addons.s3.podIdentity.roleArn", identity({ serviceAccount: "a", roleArn: "csi" }), "ARN of an IAM role", "csi"],
  ["addons.s3.podIdentity.serviceAccount", identity({ roleArn: ROLE }), "is required"],
  ["addons.s3.podIdentity.serviceAccount", identity({ serviceAccount: "A b", roleArn: ROLE }), "A b"],
  ["addons.s3.podIdentity.policyArns.x", identity({ serviceAccount: "a", policyArns: { x: "S3" } }), "S3"],
  ["addons.vpc-cni", { prefixDelegation: true, ...addons({ "vpc-cni": false }) }, "prefixDelegation"],
  ["addons.eks-pod-identity-agent", addons({ "eks-pod-identity-agent": false }), "aws-ebs-csi-driver"],
  [
    "addons.eks-pod-identity-agent",
    addons({
      "eks-pod-identity-agent": false,
      "aws-ebs-csi-driver": false,
      s3: { podIdentity: { serviceAccount: "a", roleArn: ROLE } },
    }),
    "while s3 gets",
  ],
  ["volumeTags", { volumeTags: manyTags(43) }, "at most 42", "got 43"],
  ["volumeTags.a=b", { volumeTags: { "a=b": "c" } }, "no equals sign"],
  ["instanceTags", { instanceTags: manyTags(45) }, "at most 44", "got 45"],
  ["prefixDelegation", wrong({ prefixDelegation: "true" }), "boolean"],
);
