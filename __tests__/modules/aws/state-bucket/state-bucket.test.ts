import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { StateBucket, type StateBucketProps } from "../../../../modules/aws/state-bucket/state-bucket";
import { rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";

const build = (props: Partial<StateBucketProps> = {}) =>
  synth((stack) => new StateBucket(stack, "state", { bucket: "team-state", ...props }));

it("is one bucket of the name given, one key and its alias", () => {
  const { one } = build();
  expect(one(S3Bucket).bucket).toBe("team-state");
  expect(one(KmsAlias)).toMatchObject({ name: "alias/team-state", target_key_id: refTo(KmsKey, "key_id") });
  expect(one(KmsKey).description).toBe("Terraform state in team-state");
});
it("is versioned, encrypted with its own key and closed to the public", () => {
  const { one } = build();
  expect(one(S3BucketVersioningA).versioning_configuration).toEqual({ status: "Enabled" });
  expect(one(S3BucketServerSideEncryptionConfigurationA).rule).toEqual([
    {
      apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: refTo(KmsKey, "arn") },
      bucket_key_enabled: true,
    },
  ]);
  expect(one(S3BucketPublicAccessBlock)).toMatchObject({ block_public_policy: true, restrict_public_buckets: true });
});
it("keeps access logs where it is told to, in a bucket that is no more easily lost", () => {
  expect(build().all(S3BucketLoggingA)).toEqual([]);
  const { one, byId } = build({ accessLogs: { retentionDays: 30 }, tags: { Team: "ml" } });
  const [id, logs] = Object.entries(byId(S3Bucket)).find(([id]) => id.includes("access-logs")) ?? [];
  expect(logs).toMatchObject({
    bucket_prefix: "team-state-logs-",
    lifecycle: { prevent_destroy: true },
    tags: { Team: "ml" },
  });
  expect(one(S3BucketLoggingA)).toMatchObject({
    bucket: expect.not.stringContaining("access-logs"),
    target_bucket: `\${aws_s3_bucket.${id}.id}`,
  });
});
it("rotates its key, and lets 30 days pass before it is gone", () => {
  expect(build().one(KmsKey)).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
});
it("leaves its key to the account, so that no one is locked out", () => {
  const { one, data } = build();
  expect(data(DataAwsCallerIdentity)).toHaveLength(1);
  expect(one(KmsKey)).not.toHaveProperty("bypass_policy_lockout_safety_check");
  expect(JSON.parse(one(KmsKey).policy)).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountAdministersKey",
        Effect: "Allow",
        Principal: { AWS: expect.stringMatching(/^\$\{data\.aws_caller_identity\.\w+\.account_id\}$/) },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
});
it("refuses requests without TLS, and writes that ask for another encryption than KMS", () => {
  const { Statement } = JSON.parse(build().one(S3BucketPolicy).policy);
  expect(Statement.map(({ Sid }: Json) => Sid)).toEqual(["DenyInsecureTransport", "DenyWeakerEncryption"]);
  expect(Statement[1]).toEqual({
    Sid: "DenyWeakerEncryption",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}\/\*$/),
    // both together: a write that names no encryption gets the bucket's own, and must pass
    Condition: {
      Null: { "s3:x-amz-server-side-encryption": "false" },
      StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
    },
  });
});
it("is protected from deletion with its key, unless asked otherwise", () => {
  const protectedOnes = Object.values(build().parsed.resource as Record<string, Json>)
    .flatMap((byId) => Object.values<Json>(byId))
    .filter(({ lifecycle }) => lifecycle);
  expect(protectedOnes).toHaveLength(2);
  for (const type of [S3Bucket, KmsKey]) {
    expect(build().one(type).lifecycle).toEqual({ prevent_destroy: true });
    expect(build({ preventDestroy: false }).one(type)).not.toHaveProperty("lifecycle");
  }
  expect(build().one(S3Bucket).force_destroy).toBe(false);
});
it("keeps old states a year, and the newest hundred for ever", () => {
  const expiry = (props = {}) => {
    const rules: Json[] = build(props).one(S3BucketLifecycleConfiguration).rule;
    return rules.find(({ id }) => id === "noncurrent").noncurrent_version_expiration;
  };
  expect(expiry()).toEqual([{ noncurrent_days: 365, newer_noncurrent_versions: 100 }]);
  expect(expiry({ noncurrentVersionDays: 1, noncurrentVersionsKept: 1 })).toEqual([
    { noncurrent_days: 1, newer_noncurrent_versions: 1 },
  ]);
  expect(expiry({ noncurrentVersionDays: 3650, noncurrentVersionsKept: 100 })).toEqual([
    { noncurrent_days: 3650, newer_noncurrent_versions: 100 },
  ]);
});
it("puts tags on the bucket and the key", () => {
  for (const type of [S3Bucket, KmsKey]) {
    expect(build().one(type)).not.toHaveProperty("tags");
    expect(build({ tags: { Team: "ml" } }).one(type).tags).toEqual({ Team: "ml" });
  }
});
it("tells the bucket, the key and its alias by reference", () => {
  const { outputs } = synth((stack) => {
    const { bucketName, bucketId, bucketArn, kmsKeyArn, kmsAliasName } = new StateBucket(stack, "state", {
      bucket: "team-state",
    });
    for (const [name, value] of Object.entries({ bucketName, bucketId, bucketArn, kmsKeyArn, kmsAliasName })) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
  });
  expect(outputs).toEqual({
    bucketName: { value: refTo(S3Bucket, "bucket") },
    bucketId: { value: refTo(S3Bucket, "id") },
    bucketArn: { value: refTo(S3Bucket, "arn") },
    kmsKeyArn: { value: refTo(KmsKey, "arn") },
    kmsAliasName: { value: refTo(KmsAlias, "name") },
  });
});

rejects<unknown>(
  "test/state",
  [
    ["bucket", {}, "is required", "got nothing"],
    ["bucket", { bucket: "ab" }, "at least 3 characters", '"ab"'],
    ["bucket", { bucket: "x".repeat(64) }, "at most 63 characters", "got 64"],
    ["bucket", { bucket: "Team-State" }, "lower-case", '"Team-State"'],
    ["bucket", { bucket: "team-state-" }, "must end with"],
    ["noncurrentVersionDays", { bucket: "abc", noncurrentVersionDays: 0 }, "at least 1", "got 0"],
    ["noncurrentVersionDays", { bucket: "abc", noncurrentVersionDays: 3651 }, "at most 3650", "got 3651"],
    ["noncurrentVersionsKept", { bucket: "abc", noncurrentVersionsKept: 0 }, "at least 1", "got 0"],
    ["noncurrentVersionsKept", { bucket: "abc", noncurrentVersionsKept: 101 }, "at most 100", "got 101"],
    ["preventDestroy", { bucket: "abc", preventDestroy: "no" }, "boolean", '"no"'],
    ["tags.aws:x", { bucket: "abc", tags: { "aws:x": "1" } }, "must not begin with aws:"],
    ["forceDestroy", { bucket: "abc", forceDestroy: true }, "unknown key"],
    ["props", null, "got null"],
  ],
  (stack, props) => new StateBucket(stack, "state", props as StateBucketProps),
);
