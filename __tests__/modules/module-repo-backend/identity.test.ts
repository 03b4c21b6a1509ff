import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamAccessKey } from "@cdktf/provider-aws/lib/iam-access-key";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { IamUserPolicy } from "@cdktf/provider-aws/lib/iam-user-policy";
import { describe, expect, it } from "vitest";
import {
  ModuleRepoBackend,
  type ModuleRepoBackendSettings,
} from "../../../modules/module-repo-backend/module-repo-backend";
import { rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";

const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const given = {
  exadeployId: "demo",
  network: { vpcId: "vpc-1", databaseSubnetGroupName: "db-subnets" },
  cluster: { clusterName: "demo-cluster", nodeSecurityGroupId: "sg-nodes" },
};
const build = (settings: ModuleRepoBackendSettings = {}) =>
  synth((stack) => new ModuleRepoBackend(stack, "repo", { ...given, ...settings }));
const staticKey = { credentials: "static-key" } as const;

const onBucket = [
  {
    Effect: "Allow",
    Action: [
      "s3:GetObject",
      "s3:PutObject",
      "s3:DeleteObject",
      "s3:AbortMultipartUpload",
      "s3:ListMultipartUploadParts",
    ],
    Resource: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}\/\*$/),
  },
  { Effect: "Allow", Action: "s3:ListBucket", Resource: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}$/) },
];
const onKey = { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyArn };
const statements = ({ policy }: Json) => JSON.parse(policy).Statement;

describe("pod identity", () => {
  it("is the default: one role that EKS hands to the chart's service account, and no user", () => {
    const { one, all } = build();
    expect(one(EksPodIdentityAssociation)).toMatchObject({
      cluster_name: "demo-cluster",
      namespace: "default",
      service_account: "exadeploy",
      role_arn: refTo(IamRole, "arn"),
    });
    expect(JSON.parse(one(IamRole).assume_role_policy).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      },
    ]);
    expect(one(IamRole).name_prefix).toBe("demo-module-repo-");
    for (const type of [IamUser, IamUserPolicy, IamAccessKey]) expect(all(type)).toEqual([]);
  });
  it("serves another service account where asked", () => {
    const { one } = build({ namespace: "exa", serviceAccount: "module-repository" });
    expect(one(EksPodIdentityAssociation)).toMatchObject({ namespace: "exa", service_account: "module-repository" });
  });
  it("allows six actions on the bucket, and the use of the key where there is one", () => {
    expect(statements(build().one(IamRolePolicy))).toEqual(onBucket);
    expect(statements(build({ kmsKeyArn }).one(IamRolePolicy))).toEqual([...onBucket, onKey]);
  });
});

describe("static key", () => {
  it("is one user with one key, and no role", () => {
    const { one, all } = build(staticKey);
    expect(one(IamUser)).toMatchObject({ name: "demo-user", path: "/exafunction/" });
    expect(one(IamAccessKey).user).toEqual(refTo(IamUser, "name"));
    for (const type of [IamRole, IamRolePolicy, EksPodIdentityAssociation]) expect(all(type)).toEqual([]);
  });
  it("allows the same", () => {
    expect(build(staticKey).one(IamUserPolicy).user).toEqual(refTo(IamUser, "name"));
    expect(statements(build(staticKey).one(IamUserPolicy))).toEqual(onBucket);
    expect(statements(build({ ...staticKey, kmsKeyArn }).one(IamUserPolicy))).toEqual([...onBucket, onKey]);
  });
});

it.each(["a", "x".repeat(63), "1-a"])("accepts the namespace %s", (namespace) => {
  expect(build({ namespace }).one(EksPodIdentityAssociation).namespace).toBe(namespace);
});
it.each(["a", "x".repeat(253), "a.b-c"])("accepts the service account %s", (serviceAccount) => {
  expect(build({ serviceAccount }).one(EksPodIdentityAssociation).service_account).toBe(serviceAccount);
});

rejects<unknown>(
  "test/repo",
  [
    ["credentials", { credentials: "irsa" }, "pod-identity, static-key", '"irsa"'],
    ["credentials", { credentials: { kind: "pod-identity" } }, "pod-identity, static-key"],
    ["namespace", { namespace: "" }, "must have lower-case", '""'],
    ["namespace", { namespace: "x".repeat(64) }, "at most 63 characters", "got 64"],
    ["namespace", { namespace: "Default" }, "lower-case", '"Default"'],
    ["namespace", { namespace: "a.b" }, "lower-case", '"a.b"'],
    ["namespace", { namespace: "a-" }, "a letter or digit at both ends", '"a-"'],
    ["serviceAccount", { serviceAccount: "" }, '""'],
    ["serviceAccount", { serviceAccount: "x".repeat(254) }, "at most 253 characters", "got 254"],
    ["serviceAccount", { serviceAccount: "exa_deploy" }, "lower-case", '"exa_deploy"'],
    ["serviceAcount", { serviceAcount: "a" }, "did you mean serviceAccount?"],
  ],
  (stack, props) => new ModuleRepoBackend(stack, "repo", { ...given, ...(props as object) }),
);
