import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketAcl } from "@cdktf/provider-aws/lib/s3-bucket-acl";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { bucketPrefix, PrivateBucket, type PrivateBucketProps } from "../../../../modules/aws/storage/private-bucket";
import { rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";

const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const build = (props: PrivateBucketProps = { bucket: "team-models" }) =>
  synth((stack) => new PrivateBucket(stack, "data", props));
const named = (props: Omit<PrivateBucketProps, "bucket" | "bucketPrefix">) =>
  build({ bucket: "team-models", ...props });
const rules = (props: Omit<PrivateBucketProps, "bucket" | "bucketPrefix"> = {}): Json =>
  Object.fromEntries(
    named(props)
      .one(S3BucketLifecycleConfiguration)
      .rule.map((rule: Json) => [rule.id, rule]),
  );
const sse = (props = {}) => named(props).one(S3BucketServerSideEncryptionConfigurationA).rule;

it("is seven resources by default, each of them on the bucket, and no ACL", () => {
  const { parsed, all } = build();
  const kinds = Object.keys(parsed.resource).sort();
  expect(kinds).toEqual([
    "aws_s3_bucket",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
  ]);
  expect(all(S3BucketAcl)).toEqual([]);
  for (const kind of kinds.slice(1)) {
    const resources: Json[] = Object.values(parsed.resource[kind]);
    expect(resources).toEqual([expect.objectContaining({ bucket: refTo(S3Bucket, "id") })]);
  }
});
it("logs who asked for what into another bucket, under its own name, when one is named", () => {
  const { one, all } = named({ accessLogsBucket: "team-logs" });
  expect(one(S3BucketLoggingA)).toMatchObject({
    bucket: refTo(S3Bucket, "id"),
    target_bucket: "team-logs",
    target_prefix: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.bucket\}\/$/),
  });
  expect(all(S3BucketNotification)).toEqual([]);
});
it("tells EventBridge of its objects when asked to", () => {
  const { one, all } = named({ eventBridge: true });
  expect(one(S3BucketNotification)).toMatchObject({ bucket: refTo(S3Bucket, "id"), eventbridge: true });
  expect(all(S3BucketLoggingA)).toEqual([]);
});
it("bears the name given, or begins with the prefix given", () => {
  expect(build().one(S3Bucket).bucket).toBe("team-models");
  expect(build().one(S3Bucket)).not.toHaveProperty("bucket_prefix");
  expect(build({ bucketPrefix: "models-" }).one(S3Bucket).bucket_prefix).toBe("models-");
  expect(build({ bucketPrefix: "models-" }).one(S3Bucket)).not.toHaveProperty("bucket");
  const made = synth((stack) => new PrivateBucket(stack, "data", { bucket: new S3Bucket(stack, "other").bucket }));
  expect(made.byId(S3Bucket)).toHaveProperty("data_bucket_F0368B94.bucket", refTo(S3Bucket, "bucket"));
});
it.each(["abc", "a1-b", "x".repeat(63), "0-9"])("accepts the name %s", (bucket) => {
  expect(build({ bucket }).one(S3Bucket).bucket).toBe(bucket);
});
it("accepts a prefix of one and of 37 characters", () => {
  for (const bucketPrefix of ["a", "p".repeat(37)]) build({ bucketPrefix });
});
it.each([
  ["ml-dev", "models", "ml-dev-models-"],
  ["x".repeat(29), "models", `${"x".repeat(29)}-models-`],
  ["x".repeat(30), "models", expect.stringMatching(/^x{20}-[0-9a-f]{8}-models-$/)],
])("begins with the name %s and the noun %s, within 37 characters", (name, noun, expected) => {
  expect(bucketPrefix(name, noun)).toEqual(expected);
  expect(bucketPrefix(name, noun).length).toBeLessThanOrEqual(37);
  expect(build({ bucketPrefix: bucketPrefix(name, noun) }).one(S3Bucket).bucket_prefix).toEqual(expected);
});
it("is not deleted with objects in it, unless asked", () => {
  expect(build().one(S3Bucket).force_destroy).toBe(false);
  expect(named({ forceDestroy: true }).one(S3Bucket).force_destroy).toBe(true);
});
it("is never deleted where that is asked", () => {
  expect(build().one(S3Bucket)).not.toHaveProperty("lifecycle");
  expect(named({ preventDestroy: true }).one(S3Bucket).lifecycle).toEqual({ prevent_destroy: true });
});
it("belongs to its owner alone and is closed to the public", () => {
  const { one } = build();
  expect(one(S3BucketOwnershipControls).rule).toEqual({ object_ownership: "BucketOwnerEnforced" });
  expect(one(S3BucketPublicAccessBlock)).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
});
it("changes access one step after the other, and the lifecycle after versioning", () => {
  const { one, byId } = build();
  const after = (type: Parameters<typeof byId>[0]) => [`${type.tfResourceType}.${Object.keys(byId(type))[0]}`];
  expect(one(S3BucketPolicy).depends_on).toEqual(after(S3BucketPublicAccessBlock));
  expect(one(S3BucketOwnershipControls).depends_on).toEqual(after(S3BucketPolicy));
  expect(one(S3BucketLifecycleConfiguration).depends_on).toEqual(after(S3BucketVersioningA));
});

describe("policy", () => {
  const statements = (props = {}): Json[] => JSON.parse(named(props).one(S3BucketPolicy).policy).Statement;

  it("refuses every request without TLS, on the bucket and on its objects", () => {
    const arn = "\\$\\{aws_s3_bucket\\.\\w+\\.arn\\}";
    expect(statements()).toEqual([
      {
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [expect.stringMatching(`^${arn}$`), expect.stringMatching(`^${arn}/\\*$`)],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
  it("takes the owner's statements, made from the bucket's ARN, after its own", () => {
    const found = statements({
      statements: (arn: string) => [{ Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: arn }],
    });
    expect(found.map(({ Action }) => Action)).toEqual(["s3:*", "s3:DeleteBucket"]);
    expect(found[1]?.Resource).toEqual(refTo(S3Bucket, "arn"));
  });
});

describe("encryption", () => {
  it("is S3's own by default, without a bucket key", () => {
    expect(sse()).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
  });
  it("is KMS with a bucket key where a key is given", () => {
    expect(sse({ kmsKeyArn })).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: kmsKeyArn },
        bucket_key_enabled: true,
      },
    ]);
  });
});

describe("versions", () => {
  it("are kept by default; off leaves no trace", () => {
    expect(build().one(S3BucketVersioningA).versioning_configuration).toEqual({ status: "Enabled" });
    const off = named({ versioning: false });
    expect(off.all(S3BucketVersioningA)).toEqual([]);
    expect(off.one(S3BucketLifecycleConfiguration)).not.toHaveProperty("depends_on");
  });
  it("are made no more where they are suspended, which is told to S3 before the lifecycle", () => {
    const { one, byId } = named({ versioning: "suspended" });
    expect(one(S3BucketVersioningA).versioning_configuration).toEqual({ status: "Suspended" });
    const [id] = Object.keys(byId(S3BucketVersioningA));
    expect(one(S3BucketLifecycleConfiguration).depends_on).toEqual([`aws_s3_bucket_versioning.${id}`]);
  });
  it("expire 90 days after they were replaced, with the markers of deletions", () => {
    expect(rules().noncurrent).toEqual({
      id: "noncurrent",
      status: "Enabled",
      filter: [{ prefix: "" }],
      expiration: [{ expired_object_delete_marker: true }],
      noncurrent_version_expiration: [{ noncurrent_days: 90 }],
    });
  });
  it.each([1, 3650])("expire after %i days where asked", (noncurrentVersionDays) => {
    expect(rules({ noncurrentVersionDays }).noncurrent.noncurrent_version_expiration).toEqual([
      { noncurrent_days: noncurrentVersionDays },
    ]);
  });
  it.each([1, 100])("leave the newest %i where asked", (noncurrentVersionsKept) => {
    expect(rules({ noncurrentVersionsKept }).noncurrent.noncurrent_version_expiration).toEqual([
      { noncurrent_days: 90, newer_noncurrent_versions: noncurrentVersionsKept },
    ]);
  });
  it("move to another storage class where asked, up to the day before they expire", () => {
    const moved = rules({ noncurrentTransition: { days: 89, storageClass: "STANDARD_IA" } });
    expect(moved.noncurrent.noncurrent_version_transition).toEqual([
      { noncurrent_days: 89, storage_class: "STANDARD_IA" },
    ]);
  });
});

describe("lifecycle", () => {
  it("has two rules by default, one of which drops uploads left unfinished for a week", () => {
    expect(Object.keys(rules())).toEqual(["abort-multipart", "noncurrent"]);
    expect(rules()["abort-multipart"]).toEqual({
      id: "abort-multipart",
      status: "Enabled",
      filter: [{ prefix: "" }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    });
  });
  it.each([
    [1, "GLACIER"],
    [1, "DEEP_ARCHIVE"],
    [1, "GLACIER_IR"],
    [1, "INTELLIGENT_TIERING"],
    [30, "STANDARD_IA"],
    [30, "ONEZONE_IA"],
    [3650, "GLACIER"],
  ] as const)("moves objects after %i days to %s where asked", (days, storageClass) => {
    expect(rules({ transition: { days, storageClass } }).transition).toEqual({
      id: "transition",
      status: "Enabled",
      filter: [{ prefix: "" }],
      transition: [{ days, storage_class: storageClass }],
    });
  });
  it.each([1, 3650])("deletes objects after %i days where asked", (days) => {
    expect(rules({ expiration: { days } }).expiration).toEqual({
      id: "expiration",
      status: "Enabled",
      filter: [{ prefix: "" }],
      expiration: [{ days }],
    });
  });
  it("deletes no empty objects where asked", () => {
    expect(rules({ expiration: { days: 7, exceptEmpty: true } }).expiration).toEqual({
      id: "expiration",
      status: "Enabled",
      filter: [{ object_size_greater_than: 0 }],
      expiration: [{ days: 7 }],
    });
  });
  it("deletes objects from the day after they moved", () => {
    const moved = rules({ transition: { days: 30, storageClass: "GLACIER" }, expiration: { days: 31 } });
    expect(Object.keys(moved)).toEqual(["abort-multipart", "noncurrent", "transition", "expiration"]);
  });
});

it("is made by another provider as a whole where asked", () => {
  const { parsed } = synth((stack) => {
    const provider = new AwsProvider(stack, "replica", { alias: "replica", region: "us-west-2" });
    new PrivateBucket(stack, "data", { bucket: "team-models", provider });
  });
  const resources = Object.values<Json>(parsed.resource).flatMap((byName) => Object.values<Json>(byName));
  expect(resources.map(({ provider }) => provider)).toEqual(Array(7).fill("aws.replica"));
  expect(build().json).not.toContain('"provider": "aws');
});
it("names what must be there before objects are written", () => {
  const waits = (props = {}) =>
    synth((stack) => {
      const { ready } = new PrivateBucket(stack, "data", { bucket: "team-models", ...props });
      new S3Bucket(stack, "waiting", { dependsOn: ready });
    })
      .byId(S3Bucket)
      .waiting.depends_on.map((address: string) => address.split(".")[0]);
  const closed = ["aws_s3_bucket_ownership_controls", "aws_s3_bucket_server_side_encryption_configuration"];
  expect(waits()).toEqual([...closed, "aws_s3_bucket_versioning"]);
  expect(waits({ versioning: false })).toEqual(closed);
});
it("puts tags on the bucket, and none by default", () => {
  expect(build().one(S3Bucket)).not.toHaveProperty("tags");
  expect(named({ tags: { Purpose: "models" } }).one(S3Bucket).tags).toEqual({ Purpose: "models" });
});
it("tells its name, id, ARN and region by reference", () => {
  const { outputs } = synth((stack) => {
    const { bucketName, bucketId, bucketArn, bucketRegion } = new PrivateBucket(stack, "data", { bucketPrefix: "m-" });
    for (const [name, value] of Object.entries({ bucketName, bucketId, bucketArn, bucketRegion })) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
  });
  expect(outputs).toEqual({
    bucketName: { value: refTo(S3Bucket, "bucket") },
    bucketId: { value: refTo(S3Bucket, "id") },
    bucketArn: { value: refTo(S3Bucket, "arn") },
    bucketRegion: { value: refTo(S3Bucket, "region") },
  });
});

rejects<unknown>(
  "test/data",
  [
    ["bucket", {}, "or bucketPrefix", "got neither"],
    ["bucket", { bucket: "abc", bucketPrefix: "abc-" }, "not both", "got both"],
    ["bucket", { bucket: "ab" }, "at least 3 characters", '"ab"'],
    ["bucket", { bucket: "x".repeat(64) }, "at most 63 characters", "got 64"],
    ["bucket", { bucket: "Models" }, "lower-case", '"Models"'],
    ["bucket", { bucket: "my.models" }, "lower-case", '"my.models"'],
    ["bucket", { bucket: "my_models" }, "lower-case", '"my_models"'],
    ["bucket", { bucket: "-models" }, "first", '"-models"'],
    ["bucket", { bucket: "models-" }, "must end with", '"models-"'],
    ["bucket", { bucket: "xn--models" }, "must not begin with", '"xn--models"'],
    ["bucket", { bucket: "sthree-models" }, "must not begin with", "sthree-"],
    ["bucket", { bucket: "amzn-s3-demo-models" }, "must not begin with", "amzn-s3-demo-"],
    ["bucket", { bucket: "models-s3alias" }, "must not end with", "-s3alias"],
    ["bucket", { bucket: "models--ol-s3" }, "must not end with", "--ol-s3"],
    ["bucket", { bucket: "models--x-s3" }, "must not end with", "--x-s3"],
    ["bucket", { bucket: "models--table-s3" }, "must not end with", "--table-s3"],
    ["bucket", { bucket: 7 }, "string", "got 7"],
    ["bucketPrefix", { bucketPrefix: "p".repeat(38) }, "at most 37 characters", "got 38"],
    ["bucketPrefix", { bucketPrefix: "" }, "first", '""'],
    ["bucketPrefix", { bucketPrefix: "Models-" }, "lower-case", '"Models-"'],
    ["bucketPrefix", { bucketPrefix: "xn--m" }, "must not begin with"],
    ["forceDestroy", { bucket: "abc", forceDestroy: "yes" }, "boolean", '"yes"'],
    ["forceDestroy", { bucket: "abc", forceDestroy: true, preventDestroy: true }, "preventDestroy", "got true"],
    ["versioning", { bucket: "abc", versioning: "Enabled" }, "boolean", '"Enabled"'],
    ["kmsKeyArn", { bucket: "abc", kmsKeyArn: "alias/models" }, "ARN of a KMS key", '"alias/models"'],
    ["kmsKeyArn", { bucket: "abc", kmsKeyArn: kmsKeyArn.replace("key/", "alias/") }, "ARN of a KMS key"],
    ["noncurrentVersionDays", { bucket: "abc", noncurrentVersionDays: 0 }, "at least 1", "got 0"],
    ["noncurrentVersionDays", { bucket: "abc", noncurrentVersionDays: 3651 }, "at most 3650", "got 3651"],
    ["noncurrentVersionDays", { bucket: "abc", noncurrentVersionDays: 1.5 }, "whole number", "got 1.5"],
    ["noncurrentVersionsKept", { bucket: "abc", noncurrentVersionsKept: 0 }, "at least 1", "got 0"],
    ["noncurrentVersionsKept", { bucket: "abc", noncurrentVersionsKept: 101 }, "at most 100", "got 101"],
    ["transition.days", { bucket: "abc", transition: { days: 0, storageClass: "GLACIER" } }, "at least 1", "got 0"],
    ["transition.days", { bucket: "abc", transition: { days: 3651, storageClass: "GLACIER" } }, "at most 3650"],
    ["transition.days", { bucket: "abc", transition: { days: 29, storageClass: "STANDARD_IA" } }, "30", "got 29"],
    ["transition.days", { bucket: "abc", transition: { days: 29, storageClass: "ONEZONE_IA" } }, "30", "got 29"],
    ["transition.storageClass", { bucket: "abc", transition: { days: 30, storageClass: "COLD" } }, "DEEP_ARCHIVE"],
    [
      "noncurrentTransition.days",
      { bucket: "abc", noncurrentVersionDays: 60, noncurrentTransition: { days: 60, storageClass: "GLACIER" } },
      "less than noncurrentVersionDays (60)",
      "got 60",
    ],
    ["expiration.days", { bucket: "abc", expiration: { days: 0 } }, "at least 1", "got 0"],
    ["expiration.days", { bucket: "abc", expiration: { days: 3651 } }, "at most 3650", "got 3651"],
    ["expiration.days", { bucket: "abc", expiration: {} }, "is required"],
    ["expiration.exceptEmpty", { bucket: "abc", expiration: { days: 1, exceptEmpty: "yes" } }, "boolean", '"yes"'],
    [
      "expiration.days",
      { bucket: "abc", expiration: { days: 30 }, transition: { days: 30, storageClass: "GLACIER" } },
      "more than transition.days (30)",
      "got 30",
    ],
    ["versioning", { bucket: "abc", versioning: "Suspended" }, 'or "suspended"', '"Suspended"'],
    ["provider", { bucket: "abc", provider: "aws.replica" }, "must be an AwsProvider", '"aws.replica"'],
    ["provider", { bucket: "abc", provider: { region: "us-west-2" } }, "must be an AwsProvider"],
    ["statements", { bucket: "abc", statements: [] }, "a function from the bucket's ARN", "got []"],
    ["tags.aws:x", { bucket: "abc", tags: { "aws:x": "1" } }, "must not begin with aws:"],
    ["versionning", { bucket: "abc", versionning: true }, "did you mean versioning?"],
    ["props", undefined, "got nothing"],
  ],
  (stack, props) => new PrivateBucket(stack, "data", props as PrivateBucketProps),
);
