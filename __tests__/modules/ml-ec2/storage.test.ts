import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { describe, expect, it } from "vitest";
import { rejects } from "../../support/bad-input";
import { type Json, refTo } from "../../support/synth";
import { build, Data, type DataSettings } from "./data.fixture";

type Built = ReturnType<typeof build>;
/** Each of the two buckets' resource of a type, by the noun of the bucket. */
const each = ({ byId }: Built, type: Parameters<Built["byId"]>[0]): Record<"datasets" | "models", Json> => {
  const found = Object.entries(byId(type));
  expect(found).toHaveLength(2);
  const of = (noun: string) => found.find(([id]) => id.startsWith(`data_storage_${noun}_`))?.[1];
  return { datasets: of("datasets"), models: of("models") };
};
const both = <T>(value: T) => ({ datasets: value, models: value });
const rules = (settings: DataSettings = {}) => {
  const { datasets, models } = each(build(settings), S3BucketLifecycleConfiguration);
  const byId = ({ rule }: Json) => {
    const named = Object.fromEntries(rule.map((one: Json) => [one.id, one]));
    expect(Object.keys(named)).toHaveLength(rule.length); // S3 refuses two rules of one id
    return named as Json;
  };
  return { datasets: byId(datasets), models: byId(models) };
};

describe("the buckets", () => {
  it("tell EventBridge of objects and log who asks for them, where they are told to", () => {
    for (const type of [S3BucketNotification, S3BucketLoggingA]) expect(build().all(type)).toEqual([]);
    const built = build({ s3Events: true, s3AccessLogsBucket: "team-logs" });
    expect(each(built, S3BucketNotification)).toMatchObject(both({ eventbridge: true }));
    expect(each(built, S3BucketLoggingA)).toMatchObject(both({ target_bucket: "team-logs" }));
  });
  it("are two, named after the project and what they hold", () => {
    expect(each(build(), S3Bucket)).toEqual({
      datasets: { bucket_prefix: "ml-dev-datasets-", force_destroy: false, tags: { Purpose: "datasets" } },
      models: { bucket_prefix: "ml-dev-models-", force_destroy: false, tags: { Purpose: "models" } },
    });
  });
  it.each([
    [23, /^p{23}-dev-datasets-$/, /^p{23}-dev-models-$/],
    [24, /^p{18}-[0-9a-f]{8}-datasets-$/, /^p{24}-dev-models-$/],
    [33, /^p{18}-[0-9a-f]{8}-datasets-$/, /^p{20}-[0-9a-f]{8}-models-$/],
  ])("keep the provider's limit of 37 characters for a project of %i", (length, datasets, models) => {
    const made = each(build({ projectName: "p".repeat(length) }), S3Bucket);
    expect(made.datasets.bucket_prefix).toMatch(datasets);
    expect(made.models.bucket_prefix).toMatch(models);
    for (const { bucket_prefix } of Object.values(made)) expect(bucket_prefix.length).toBeLessThanOrEqual(37);
  });
  it("are deleted with what is in them only where asked", () => {
    for (const bucket of Object.values(each(build({ s3ForceDestroy: true }), S3Bucket))) {
      expect(bucket.force_destroy).toBe(true);
    }
  });
  it("are closed to the public, and to all that does not come by TLS", () => {
    const made = build();
    expect(each(made, S3BucketPublicAccessBlock)).toMatchObject(
      both({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      }),
    );
    for (const [noun, { policy, depends_on }] of Object.entries(each(made, S3BucketPolicy))) {
      const arn = `\\$\\{aws_s3_bucket\\.data_storage_${noun}_bucket_\\w+\\.arn\\}`;
      expect(JSON.parse(policy).Statement).toEqual([
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [expect.stringMatching(`^${arn}$`), expect.stringMatching(`^${arn}/\\*$`)],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]);
      expect(depends_on).toEqual([
        expect.stringMatching(`^aws_s3_bucket_public_access_block\\.data_storage_${noun}_public-access_`),
      ]);
    }
  });
  it.each([
    [true, "Enabled"],
    [false, "Suspended"],
  ])("keep versions: %s is %s", (s3Versioning, status) => {
    expect(each(build({ s3Versioning }), S3BucketVersioningA)).toMatchObject(
      both({ versioning_configuration: { status } }),
    );
  });
  it("keep versions by default", () => {
    expect(each(build(), S3BucketVersioningA)).toMatchObject(both({ versioning_configuration: { status: "Enabled" } }));
  });
});

describe("encryption", () => {
  it("is S3's own by default, without a key", () => {
    const made = build();
    expect(each(made, S3BucketServerSideEncryptionConfigurationA)).toMatchObject(
      both({ rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }] }),
    );
    expect(made.all(KmsKey)).toEqual([]);
  });
  it("is by one key of the buckets' own, which changes each year, where asked", () => {
    const made = build({ s3Encryption: "aws:kms" });
    expect(made.one(KmsKey).enable_key_rotation).toBe(true);
    expect(made.one(KmsAlias).name).toBe("alias/ml-dev-data");
    expect(each(made, S3BucketServerSideEncryptionConfigurationA)).toMatchObject(
      both({
        rule: [
          {
            apply_server_side_encryption_by_default: {
              sse_algorithm: "aws:kms",
              kms_master_key_id: refTo(KmsKey, "arn"),
            },
            bucket_key_enabled: true,
          },
        ],
      }),
    );
  });
});

describe("lifecycle", () => {
  const everything = { status: "Enabled", filter: [{ prefix: "" }] };

  it("drops unfinished uploads after a week, in both", () => {
    const abort = { ...everything, abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] };
    for (const found of Object.values(rules())) expect(found["abort-multipart"]).toMatchObject(abort);
  });
  it("moves datasets to Glacier after 90 days, and their old versions after 30 until they are deleted after 90", () => {
    const { datasets } = rules();
    expect(Object.keys(datasets)).toEqual(["abort-multipart", "noncurrent", "transition"]);
    expect(datasets.transition).toEqual({
      id: "transition",
      ...everything,
      transition: [{ days: 90, storage_class: "GLACIER" }],
    });
    expect(datasets.noncurrent).toMatchObject({
      ...everything,
      noncurrent_version_transition: [{ noncurrent_days: 30, storage_class: "GLACIER" }],
      noncurrent_version_expiration: [{ noncurrent_days: 90 }],
    });
  });
  it("moves and deletes models never, but their old versions to infrequent access after 30 days and away after 90", () => {
    const { models } = rules({ s3ExpireDays: 365 });
    expect(Object.keys(models)).toEqual(["abort-multipart", "noncurrent"]);
    expect(models.noncurrent).toMatchObject({
      ...everything,
      noncurrent_version_transition: [{ noncurrent_days: 30, storage_class: "STANDARD_IA" }],
      noncurrent_version_expiration: [{ noncurrent_days: 90 }],
    });
  });
  it.each([30, 3650])("moves datasets after %i days where asked", (s3LifecycleDays) => {
    expect(rules({ s3LifecycleDays }).datasets.transition.transition).toEqual([
      { days: s3LifecycleDays, storage_class: "GLACIER" },
    ]);
  });
  it.each([91, 3650])("deletes datasets after %i days where asked, but not the folders, which are empty", (days) => {
    expect(rules({ s3ExpireDays: days }).datasets.expiration).toEqual({
      id: "expiration",
      status: "Enabled",
      filter: [{ object_size_greater_than: 0 }],
      expiration: [{ days }],
    });
    rules({ s3ExpireDays: 31, s3LifecycleDays: 30 });
  });
  it("waits for versioning, and every rule has a filter", () => {
    for (const [noun, { depends_on, rule }] of Object.entries(
      each(build({ s3ExpireDays: 100 }), S3BucketLifecycleConfiguration),
    )) {
      expect(depends_on).toEqual([
        expect.stringMatching(`^aws_s3_bucket_versioning\\.data_storage_${noun}_versioning_`),
      ]);
      for (const { filter } of rule) expect(filter).toHaveLength(1);
    }
  });
});

describe("folders", () => {
  it("are eight empty objects, four in each bucket", () => {
    const keys: Record<string, string[]> = {};
    for (const { bucket, key, content_type, ...rest } of build().all(S3Object)) {
      const noun = /data_storage_(\w+)_bucket/.exec(bucket)?.[1] ?? "";
      keys[noun] = [...(keys[noun] ?? []), key].sort();
      expect(content_type).toBe("application/x-directory");
      expect(Object.keys(rest).sort()).toEqual(["depends_on", "override_provider"]);
    }
    expect(keys).toEqual({
      datasets: ["external/", "interim/", "processed/", "raw/"],
      models: ["artifacts/", "experiments/", "production/", "trained/"],
    });
  });
  it("bear none of the stack's tags, of which S3 takes ten at most", () => {
    for (const { override_provider } of build().all(S3Object)) {
      expect(override_provider).toEqual({ default_tags: { tags: {} } });
    }
  });
  it("wait until their bucket is closed, encrypted and versioned", () => {
    for (const { bucket, depends_on } of build().all(S3Object)) {
      const noun = /(data_storage_\w+)_bucket/.exec(bucket)?.[1];
      expect(depends_on).toEqual([
        expect.stringMatching(`^aws_s3_bucket_ownership_controls\\.${noun}_`),
        expect.stringMatching(`^aws_s3_bucket_server_side_encryption_configuration\\.${noun}_`),
        expect.stringMatching(`^aws_s3_bucket_versioning\\.${noun}_`),
      ]);
    }
  });
});

rejects<unknown>(
  "test/data",
  [
    ["s3Events", { s3Events: "on" }, "boolean", '"on"'],
    ["s3AccessLogsBucket", { s3AccessLogsBucket: "My_Logs" }, "lower-case", "My_Logs"],
    ["s3Versioning", { s3Versioning: "Enabled" }, "boolean", '"Enabled"'],
    ["s3Encryption", { s3Encryption: "none" }, "one of AES256, aws:kms", '"none"'],
    ["s3Encryption", { s3Encryption: false }, "AES256, aws:kms", "got false"],
    ["s3LifecycleDays", { s3LifecycleDays: 29 }, "at least 30", "got 29"],
    ["s3LifecycleDays", { s3LifecycleDays: 3651 }, "at most 3650", "got 3651"],
    ["s3LifecycleDays", { s3LifecycleDays: 30.5 }, "whole number", "got 30.5"],
    ["s3ExpireDays", { s3ExpireDays: 90 }, "more than s3LifecycleDays (90)", "got 90"],
    ["s3ExpireDays", { s3ExpireDays: 30, s3LifecycleDays: 30 }, "at least 31", "got 30"],
    ["s3ExpireDays", { s3ExpireDays: 3651 }, "at most 3650", "got 3651"],
    ["s3ForceDestroy", { s3ForceDestroy: "yes" }, "boolean", '"yes"'],
    ["projectName", { projectName: "xn--ml" }, "must not begin with xn--", "names of buckets", "got xn--ml"],
    ["projectName", { projectName: "sthree-ml" }, "must not begin with", "sthree-ml"],
    ["s3LifecycleDay", { s3LifecycleDay: 30 }, "did you mean s3LifecycleDays?"],
  ],
  (stack, settings) => new Data(stack, "data", settings as DataSettings),
);
