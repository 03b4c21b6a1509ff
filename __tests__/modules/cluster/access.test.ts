import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { TerraformStack, Testing, Token } from "cdktf";
import { expect, it } from "vitest";
import type { ClusterSettings } from "../../../modules/cluster/cluster";
import { refTo } from "../../support/synth";
import { LEAN, lean, make, rejectsCluster, wrong } from "./cluster.fixture";

type Entries = NonNullable<ClusterSettings["accessEntries"]>;
const ARN = "arn:aws:iam::123456789012:role/Platform";
const POLICY = "arn:aws:eks::aws:cluster-access-policy";
const entry = (settings: Partial<Entries[string]>) => ({ accessEntries: { dev: { principalArn: ARN, ...settings } } });
const warnings = (settings: ClusterSettings) =>
  make(new TerraformStack(Testing.app(), "test"), { ...LEAN, ...settings }).node.metadata.map(({ data }) => data);

it("lets administrators do everything", () => {
  const { one } = lean({ administrators: { platform: ARN } });
  expect(one(EksAccessEntry)).toMatchObject({
    cluster_name: refTo(EksCluster, "name"),
    principal_arn: ARN,
    type: "STANDARD",
    kubernetes_groups: [], // left out, the provider would keep the groups of before
  });
  expect(one(EksAccessPolicyAssociation)).toMatchObject({
    cluster_name: refTo(EksCluster, "name"),
    principal_arn: refTo(EksAccessEntry, "principal_arn"),
    policy_arn: `${POLICY}/AmazonEKSClusterAdminPolicy`,
    access_scope: { type: "cluster" },
  });
});
it("gives an entry as many associations as it has policies, each in its scope", () => {
  const policies: Entries[string]["policies"] = [
    { policy: "AmazonEKSViewPolicy" },
    { policy: `${POLICY}/AmazonEKSEditPolicy`, scope: "namespace", namespaces: ["b-*", "a"] },
    { policy: "AmazonEKSAdminViewPolicy", scope: "cluster" },
  ];
  const { all } = lean(entry({ policies }));
  const made = all(EksAccessPolicyAssociation).map(({ policy_arn, access_scope }) => [policy_arn, access_scope]);
  expect(Object.fromEntries(made)).toEqual({
    [`${POLICY}/AmazonEKSViewPolicy`]: { type: "cluster" },
    [`${POLICY}/AmazonEKSEditPolicy`]: { type: "namespace", namespaces: ["a", "b-*"] },
    [`${POLICY}/AmazonEKSAdminViewPolicy`]: { type: "cluster" },
  });
  expect(made).toHaveLength(3);
});
it("passes on groups and a user name", () => {
  const { one, all } = lean(entry({ kubernetesGroups: ["b", "a"], userName: "dev:{{SessionName}}" }));
  expect(one(EksAccessEntry)).toMatchObject({ kubernetes_groups: ["a", "b"], user_name: "dev:{{SessionName}}" });
  expect(all(EksAccessPolicyAssociation)).toEqual([]);
});
it.each(["EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX"] as const)(
  "lets nodes of type %s in",
  (type) => {
    expect(lean(entry({ type })).one(EksAccessEntry).type).toBe(type);
  },
);
it("takes a principal that is made elsewhere, and users", () => {
  const late = Token.asString({ resolve: () => ARN });
  expect(lean({ administrators: { a: late, b: late } }).all(EksAccessEntry)).toHaveLength(2);
  expect(lean(entry({ principalArn: late, type: "EC2_LINUX" })).one(EksAccessEntry).principal_arn).toBe(ARN);
  const user = "arn:aws:iam::123456789012:user/team/jo";
  expect(lean({ administrators: { jo: user } }).one(EksAccessEntry).principal_arn).toBe(user);
});
it("makes no entry that is not asked for, such as one of the nodes' role", () => {
  expect(lean().all(EksAccessEntry)).toEqual([]);
});
it("keeps its resources whatever is added before them or in what order", () => {
  const ids = (...keys: string[]) => {
    const accessEntries = Object.fromEntries(
      keys.map((key) => [key, { principalArn: `${ARN}-${key}`, policies: [{ policy: "AmazonEKSViewPolicy" }] }]),
    );
    return lean({ accessEntries }).byId(EksAccessPolicyAssociation);
  };
  expect(ids("b", "a", "c")).toEqual(ids("c", "a", "b"));
  expect(ids("a", "b", "c")).toMatchObject(ids("b", "c"));
});
it("warns where nobody could use the API, and only there", () => {
  expect(warnings({})).toEqual([expect.stringMatching(/Nobody can use .* administrators or accessEntries/)]);
  expect(warnings({ administrators: { platform: ARN } })).toEqual([]);
  expect(warnings(entry({}))).toEqual([]);
});

rejectsCluster(
  ["administrators.me", { administrators: { me: "Platform" } }, "IAM role or user", "Platform"],
  ["administrators.me", { administrators: { me: "arn:aws:sts::123456789012:assumed-role/Platform/jo" } }],
  ["administrators.me", { administrators: { me: "arn:aws:iam::123456789012:root" } }],
  ["administrators.b", { administrators: { a: ARN, b: ARN } }, "administrators.a", "same principal", ARN],
  ["accessEntries.a", { administrators: { a: ARN }, accessEntries: { a: { principalArn: `${ARN}2` } } }, "same name"],
  ["accessEntries.b", { administrators: { a: ARN }, accessEntries: { b: { principalArn: ARN } } }, "same principal"],
  ["administrators", wrong({ administrators: [ARN] }), "record"],
  ["accessEntries.dev.principalArn", wrong(entry({ principalArn: undefined })), "string"],
  ["accessEntries.dev.principalArn", wrong({ accessEntries: { dev: { principalArn: 7, type: "EC2" } } }), "got 7"],
  ["accessEntries.dev.type", wrong(entry({ type: "ADMIN" as "EC2" })), "EC2_LINUX", "ADMIN"],
  [
    "accessEntries.dev.principalArn",
    entry({ type: "EC2", principalArn: "arn:aws:iam::123456789012:user/jo" }),
    "a role",
  ],
  [
    "accessEntries.dev.policies",
    entry({ type: "EC2_LINUX", policies: [{ policy: "AmazonEKSViewPolicy" }] }),
    "EC2_LINUX",
  ],
  ["accessEntries.dev.kubernetesGroups", entry({ type: "EC2_LINUX", kubernetesGroups: ["a"] }), "left out"],
  ["accessEntries.dev.userName", entry({ type: "HYBRID_LINUX", userName: "a" }), "left out"],
  ["accessEntries.dev.kubernetesGroups[0]", entry({ kubernetesGroups: ["system:masters"] }), "system:"],
  ["accessEntries.dev.userName", entry({ userName: "system:admin" }), "must not begin"],
  ["accessEntries.dev.userName", entry({ userName: "eks:x" }), "must not begin"],
  ["accessEntries.dev.userName", entry({ userName: "dev{{SessionName}}" }), "colon"],
  [
    "accessEntries.dev.policies[0].policy",
    entry({ policies: [{ policy: "AdministratorAccess" }] }),
    "AmazonEKSViewPolicy",
  ],
  [
    "accessEntries.dev.policies[0].policy",
    entry({ policies: [{ policy: "arn:aws:iam::aws:policy/AmazonEKSViewPolicy" }] }),
  ],
  [
    "accessEntries.dev.policies",
    entry({ policies: [{ policy: "AmazonEKSViewPolicy" }, { policy: `${POLICY}/AmazonEKSViewPolicy` }] }),
    "AmazonEKSViewPolicy twice",
  ],
  [
    "accessEntries.dev.policies[0].namespaces",
    entry({ policies: [{ policy: "AmazonEKSViewPolicy", scope: "namespace" }] }),
    "at least one",
    "got none",
  ],
  [
    "accessEntries.dev.policies[0].namespaces",
    entry({ policies: [{ policy: "AmazonEKSViewPolicy", namespaces: ["a"] }] }),
    "left out",
  ],
  [
    "accessEntries.dev.policies[0].namespaces[0]",
    entry({ policies: [{ policy: "AmazonEKSViewPolicy", scope: "namespace", namespaces: ["A"] }] }),
    "dev-*",
  ],
  ["accessEntries.dev.groups", wrong({ accessEntries: { dev: { principalArn: ARN, groups: [] } } }), "unknown key"],
);
