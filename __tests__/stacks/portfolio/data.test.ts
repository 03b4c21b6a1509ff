import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { BackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { DynamodbResourcePolicy } from "@cdktf/provider-aws/lib/dynamodb-resource-policy";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { errorOf } from "../../support/bad-input";
import { type Json, publishedOutputs, synthApp } from "../../support/synth";
import { portfolioConfigurations } from "./configurations.fixture";

type Portfolio = NonNullable<EnvironmentSettings["portfolio"]>;
const synth = (portfolio: Portfolio = {}) =>
  synthApp(defineEnvironment({ name: "test", region: "eu-west-1", portfolio })).stack("test-portfolio-data");

describe("the data of a portfolio", () => {
  it("is in a table with general indexes, kept from loss and from other eyes", () => {
    const made = synth().one(DynamodbTable);
    expect(made).toMatchObject({
      name: "test-portfolio",
      hash_key: "PK",
      range_key: "SK",
      billing_mode: "PAY_PER_REQUEST",
      ttl: { attribute_name: "TimeToLive", enabled: true },
      stream_enabled: true,
      stream_view_type: "NEW_AND_OLD_IMAGES",
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true },
      deletion_protection_enabled: true,
    });
    const indexes: Json[] = made.global_secondary_index;
    expect(indexes.map(({ name, projection_type }) => [name, projection_type])).toEqual(
      ["GSI1", "GSI2", "GSI3", "GSI4", "GSITYPE"].map((name) => [name, "ALL"]),
    );
    expect(synth().one(DynamodbResourcePolicy).policy).toContain("aws:SecureTransport");
  });
  it("is in a bucket with versions, encryption and TLS, which moves what is old", () => {
    const stack = synth();
    expect(stack.one(S3Bucket)).toMatchObject({ bucket_prefix: "test-portfolio-raw-", force_destroy: false });
    expect(stack.one(S3BucketVersioningA).versioning_configuration).toEqual({ status: "Enabled" });
    expect(JSON.stringify(stack.one(S3BucketServerSideEncryptionConfigurationA).rule)).toContain("AES256");
    expect(JSON.parse(stack.one(S3BucketPolicy).policy).Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ]);
    const rules: Json[] = stack.one(S3BucketLifecycleConfiguration).rule;
    expect(rules.find(({ id }) => id === "transition").transition).toEqual([
      { days: 30, storage_class: "INTELLIGENT_TIERING" },
    ]);
  });
  it("moves raw data as the user says", () => {
    const rules = synth({ rawBucket: { transition: { days: 1, storageClass: "GLACIER_IR" } } }).one(
      S3BucketLifecycleConfiguration,
    ).rule;
    expect(JSON.stringify(rules)).toContain('{"days":1,"storage_class":"GLACIER_IR"}');
    expect(JSON.stringify(rules)).not.toContain("INTELLIGENT_TIERING");
  });
  it("moves no raw data that is gone by then", () => {
    const rules = (days: number) =>
      JSON.stringify(synth({ rawBucket: { expiration: { days } } }).one(S3BucketLifecycleConfiguration).rule);
    expect(rules(30)).not.toContain("INTELLIGENT_TIERING");
    expect(rules(31)).toContain("INTELLIGENT_TIERING");
  });
  it("tells where it is", () => {
    expect(publishedOutputs(synth())).toEqual([
      "dynamodb_stream_arn",
      "dynamodb_table_arn",
      "dynamodb_table_name",
      "raw_bucket_name",
      "sns_topic_arn",
    ]);
    expect(publishedOutputs(synth({ alarms: false, table: { stream: false } }))).toEqual([
      "dynamodb_table_arn",
      "dynamodb_table_name",
      "raw_bucket_name",
    ]);
  });
  it("scales, is backed up and is told of where asked", () => {
    const stack = synthApp(portfolioConfigurations.kept).stack("kept-portfolio-data");
    expect(stack.all(AppautoscalingTarget)).toHaveLength(12);
    expect(stack.one(BackupPlan).name).toBe("kept-portfolio");
    expect(stack.one(S3Bucket).lifecycle).toEqual({ prevent_destroy: true });
    expect(stack.one(SnsTopicSubscription).endpoint).toBe("ops@example.com");
  });
  it.each<[Portfolio, string]>([
    [{ rawBucket: { expiration: { days: 0 } } }, "test: portfolio.rawBucket.expiration.days: must be at least 1"],
    [{ table: { recoveryDays: 36 } }, "test: portfolio.table.recoveryDays: must be at most 35, got 36"],
    [
      { table: { backup: { retentionDays: 30, coldStorageDays: 1 } } },
      "test: portfolio.table.backup.retentionDays: must be at least 90 days more",
    ],
  ])("refuses %j", (portfolio, message) => {
    expect(errorOf(() => synth(portfolio)).message).toContain(message);
  });
});
