import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import { build, Data, type DataSettings } from "./data.fixture";

const made = (type: Parameters<ReturnType<typeof build>["byId"]>[0], settings: DataSettings = { audit: {} }): Json => {
  const found = Object.entries(build(settings).byId(type)).filter(([id]) => id.startsWith("data_audit_"));
  expect(found).toHaveLength(1);
  return found[0]?.[1];
};
const audited = (audit: DataSettings["audit"]) => ({ audit });

it("leaves no trace by default", () => {
  expect(build().json).not.toMatch(/audit|cloudtrail/i);
  expect(build().data(DataAwsRegion)).toEqual([]);
});

describe("the trail", () => {
  it("records every use of the objects in the two buckets, and nothing else", () => {
    const { event_selector, ...trail } = build({ audit: {} }).one(Cloudtrail);
    const bucket = (noun: string) =>
      expect.stringMatching(`^\\$\\{aws_s3_bucket\\.data_storage_${noun}_bucket_\\w+\\.arn\\}/$`);
    expect(event_selector).toEqual([
      {
        read_write_type: "All",
        include_management_events: false,
        data_resource: [{ type: "AWS::S3::Object", values: [bucket("datasets"), bucket("models")] }],
      },
    ]);
    expect(trail).toEqual({
      name: "ml-dev-data-access",
      s3_bucket_name: expect.stringMatching(/^\$\{aws_s3_bucket\.data_audit_bucket_\w+\.id\}$/),
      enable_log_file_validation: true,
      include_global_service_events: false,
      is_multi_region_trail: false,
      depends_on: [
        expect.stringMatching(/^aws_s3_bucket_ownership_controls\.data_audit_bucket_/),
        expect.stringMatching(/^aws_s3_bucket_server_side_encryption_configuration\.data_audit_bucket_/),
        expect.stringMatching(/^aws_s3_bucket_versioning\.data_audit_bucket_/),
      ],
    });
  });
  it.each(["All", "ReadOnly", "WriteOnly"] as const)("records the events %s where asked", (events) => {
    expect(build(audited({ events })).one(Cloudtrail).event_selector[0].read_write_type).toBe(events);
  });
  it("tells its ARN", () => {
    const { outputs } = synth((stack) => {
      const { audit } = new Data(stack, "data", { audit: {} });
      new TerraformOutput(stack, "arn", { value: audit?.trailArn, staticId: true });
    });
    expect(outputs.arn.value).toEqual(refTo(Cloudtrail, "arn"));
  });
});

describe("the bucket of the records", () => {
  it("is one of its own, which is deleted with what is in it only where the others are", () => {
    expect(made(S3Bucket)).toEqual({
      bucket_prefix: "ml-dev-audit-",
      force_destroy: false,
      tags: { Purpose: "audit" },
    });
    expect(made(S3Bucket, { audit: {}, s3ForceDestroy: true }).force_destroy).toBe(true);
    expect(made(S3Bucket, { audit: {}, projectName: "p".repeat(33) }).bucket_prefix).toMatch(
      /^p{21}-[0-9a-f]{8}-audit-$/,
    );
  });
  it("lets this trail write, and nobody else", () => {
    const { data } = build({ audit: {} });
    expect(data(DataAwsCallerIdentity)).toHaveLength(1);
    const account = "\\$\\{data\\.aws_caller_identity\\.data_audit_account_\\w+\\.account_id\\}";
    const region = "\\$\\{data\\.aws_region\\.data_audit_region_\\w+\\.id\\}";
    const trail = expect.stringMatching(
      `^arn:aws:cloudtrail:${region}:${account}:trail/ml-dev-data-access$`.replaceAll("/", "\\/"),
    );
    const arn = "\\$\\{aws_s3_bucket\\.data_audit_bucket_\\w+\\.arn\\}";
    const [deny, ...allows] = JSON.parse(made(S3BucketPolicy).policy).Statement;
    expect(deny).toMatchObject({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
    expect(allows).toEqual([
      {
        Sid: "CloudTrailReadsAcl",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "s3:GetBucketAcl",
        Resource: expect.stringMatching(`^${arn}$`),
        Condition: { StringEquals: { "aws:SourceArn": trail } },
      },
      {
        Sid: "CloudTrailWrites",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: expect.stringMatching(`^${arn}/AWSLogs/${account}/\\*$`),
        Condition: { StringEquals: { "aws:SourceArn": trail, "s3:x-amz-acl": "bucket-owner-full-control" } },
      },
    ]);
  });
  it.each([
    [{}, 365],
    [{ retentionDays: 30 }, 30],
    [{ retentionDays: 3650 }, 3650],
  ])("keeps them, by %j, for %i days, and for 30 more as old versions", (audit, days) => {
    const rules = Object.fromEntries(
      made(S3BucketLifecycleConfiguration, audited(audit)).rule.map((rule: Json) => [rule.id, rule]),
    );
    expect(rules.expiration.expiration).toEqual([{ days }]);
    expect(rules.noncurrent.noncurrent_version_expiration).toEqual([{ noncurrent_days: 30 }]);
  });
});

rejects<unknown>(
  "test/data",
  [
    ["audit", { audit: true }, "got true"],
    ["audit.retentionDays", { audit: { retentionDays: 29 } }, "at least 30", "got 29"],
    ["audit.retentionDays", { audit: { retentionDays: 3651 } }, "at most 3650", "got 3651"],
    ["audit.retentionDays", { audit: { retentionDays: 40.5 } }, "whole number", "got 40.5"],
    ["audit.retentionDays", { audit: { retentionDays: "90" } }, '"90"'],
    ["audit.events", { audit: { events: "Write" } }, "one of All, ReadOnly, WriteOnly", '"Write"'],
    ["audit.event", { audit: { event: "All" } }, "did you mean events?"],
    ["audits", { audits: {} }, "did you mean audit?"],
  ],
  (stack, settings) => new Data(stack, "data", settings as DataSettings),
);
