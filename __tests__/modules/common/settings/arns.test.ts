import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  bucketArnSchema,
  certificateArnSchema,
  ecsClusterArnSchema,
  kmsKeyArnSchema,
  principalArnSchema,
  roleArnSchema,
  samlProviderArnSchema,
  targetGroupArnSchema,
  topicArnSchema,
} from "../../../../modules/common/settings/arns";

const account = "111122223333";
const key = `arn:aws:kms:us-east-1:${account}:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f`;
const role = `arn:aws:iam::${account}:role/team/Platform`;
const certificate = `arn:aws:acm:us-east-1:${account}:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f`;
const saml = `arn:aws:iam::${account}:saml-provider/`;
const topic = `arn:aws:sns:us-east-1:${account}:`;
const ecs = `arn:aws:ecs:us-east-1:${account}:`;
const group = `arn:aws:elasticloadbalancing:us-east-1:${account}:targetgroup/`;
const user = `arn:aws:iam::${account}:user/ci@example.com`;

describe.each([
  [
    "kmsKeyArnSchema",
    kmsKeyArnSchema,
    [key, key.replace("aws", "aws-cn")],
    [key.replace("key/", "alias/"), "mine", role],
  ],
  ["roleArnSchema", roleArnSchema, [role, role.replace("aws", "aws-us-gov")], [user, key, `arn:aws:iam::1:role/x`]],
  [
    "principalArnSchema",
    principalArnSchema,
    [role, user],
    [
      `arn:aws:sts::${account}:assumed-role/Platform/me`,
      `arn:aws:iam::${account}:group/x`,
      `arn:aws:iam::${account}:root`,
    ],
  ],
  [
    "certificateArnSchema",
    certificateArnSchema,
    [certificate, certificate.replace("aws", "aws-cn")],
    [certificate.replace("acm", "iam"), certificate.replace(account, "1"), "cert", key],
  ],
  [
    "samlProviderArnSchema",
    samlProviderArnSchema,
    [`${saml}staff`, `${saml}${"x".repeat(128)}`],
    [saml, `${saml}${"x".repeat(129)}`, `${saml}a b`, role],
  ],
  [
    "topicArnSchema",
    topicArnSchema,
    [`${topic}alerts`, `${topic}${"x".repeat(256)}`],
    [topic, `${topic}${"x".repeat(257)}`, `${topic}a b`, role],
  ],
  [
    "bucketArnSchema",
    bucketArnSchema,
    ["arn:aws:s3:::abc", "arn:aws-cn:s3:::a.b-1", `arn:aws:s3:::${"x".repeat(63)}`],
    ["arn:aws:s3:::ab", `arn:aws:s3:::${"x".repeat(64)}`, "arn:aws:s3:::abc/*", "arn:aws:s3:::-ab", "abc", key],
  ],
  [
    "ecsClusterArnSchema",
    ecsClusterArnSchema,
    [`${ecs}cluster/d`, `${ecs}cluster/${"x".repeat(255)}`],
    [`${ecs}cluster/`, `${ecs}cluster/${"x".repeat(256)}`, `${ecs}task/dask/1`, "dask", key],
  ],
  [
    "targetGroupArnSchema",
    targetGroupArnSchema,
    [`${group}dask/0123456789abcdef`],
    [`${group}dask/0123456789abcde`, `${group}dask`, `${group}dask/0123456789ABCDEF`, "dask", key],
  ],
] as const)("%s", (_, schema, good, bad) => {
  it.each(good)("accepts %s", (arn) => {
    expect(schema.safeParse(arn).success).toBe(true);
  });
  it.each(bad)("refuses %s", (arn) => {
    expect(schema.safeParse(arn).error?.issues[0]?.message).toMatch(/^must be the ARN of /);
  });
  it("lets a token pass", () => {
    expect(schema.safeParse(Token.asString({ resolve: () => "late" })).success).toBe(true);
  });
});
