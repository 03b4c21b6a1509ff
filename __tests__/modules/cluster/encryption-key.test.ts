import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { expect, it } from "vitest";
import type { Json } from "../../support/synth";
import { refTo } from "../../support/synth";
import { lean, rejectsCluster, wrong } from "./cluster.fixture";

const ROLE = "arn:aws:iam::123456789012:role";
const GIVEN = "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-aaaa";
const statements = (settings = {}): Json[] => JSON.parse(lean(settings).one(KmsKey).policy).Statement;
const usage = (settings = {}): Json =>
  lean(settings)
    .all(IamRolePolicy)
    .map(({ policy }) => JSON.parse(policy).Statement[0])
    .find(({ Action }) => Action.includes("kms:Encrypt"));

it("encrypts secrets with a rotating key of the cluster's own", () => {
  const { one } = lean();
  expect(one(EksCluster).encryption_config).toEqual({
    resources: ["secrets"],
    provider: { key_arn: refTo(KmsKey, "arn") },
  });
  expect(one(KmsKey).enable_key_rotation).toBe(true);
  expect(one(KmsAlias)).toMatchObject({ name: "alias/eks/ml", target_key_id: refTo(KmsKey, "key_id") });
  expect(usage()).toEqual({
    Effect: "Allow",
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
    Resource: refTo(KmsKey, "arn"),
  });
});
it("never locks the account out of the key, whoever manages it", () => {
  const account = {
    Sid: "Account",
    Effect: "Allow",
    Principal: {
      AWS: expect.stringMatching(/^arn:aws:iam::\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:root$/),
    },
    Action: "kms:*",
    Resource: "*",
  };
  expect(statements()).toEqual([account]);
  expect(lean().data(DataAwsCallerIdentity)).toHaveLength(1);
  expect(statements({ kmsKeyAdministrators: [`${ROLE}/Keys`] })[0]).toEqual(account);
});
it("lets administrators manage the key but not use it, in any order", () => {
  const [, managed] = statements({ kmsKeyAdministrators: [`${ROLE}/b`, `${ROLE}/a`] });
  expect(managed.Principal.AWS).toEqual([`${ROLE}/a`, `${ROLE}/b`]);
  expect(managed.Action).toContain("kms:ScheduleKeyDeletion");
  expect(
    managed.Action.filter((action: string) => /crypt|\*$/.test(action) && !/:[A-Z][a-z]+\*$/.test(action)),
  ).toEqual([]);
});
it("takes a key that exists, and then makes none", () => {
  const { one, all, data } = lean({ kmsKeyArn: GIVEN });
  expect(one(EksCluster).encryption_config.provider.key_arn).toBe(GIVEN);
  expect(usage({ kmsKeyArn: GIVEN }).Resource).toBe(GIVEN);
  expect([...all(KmsKey), ...all(KmsAlias), ...data(DataAwsCallerIdentity)]).toEqual([]);
});
rejectsCluster(
  ["kmsKeyArn", { kmsKeyArn: "alias/aws/eks" }, "ARN of a KMS key", "alias/aws/eks"],
  ["kmsKeyArn", { kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:alias/mine" }, "not of an alias"],
  ["kmsKeyAdministrators[0]", { kmsKeyAdministrators: ["Keys"] }, "IAM role or user", "Keys"],
  ["kmsKeyAdministrators[1]", { kmsKeyAdministrators: [`${ROLE}/a`, "arn:aws:sts::123456789012:assumed-role/a/b"] }],
  ["kmsKeyAdministrators", { kmsKeyArn: GIVEN, kmsKeyAdministrators: [`${ROLE}/a`] }, "left out with kmsKeyArn"],
  ["kmsKeyAdministrators", wrong({ kmsKeyAdministrators: `${ROLE}/a` }), "array"],
);
