import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { LogArchive, type LogArchiveProps } from "../../../modules/ml-ec2/log-archive";
import { rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import { build, Data, type DataSettings } from "./data.fixture";

const given = {
  prefix: "ml-dev",
  logGroups: { instance: { logGroupName: "/aws/ec2/ml-dev" }, flow: { logGroupName: "/aws/vpc/ml-dev" } },
  forceDestroy: false,
  settings: { retentionDays: 365 },
};
const alone = (props: Partial<LogArchiveProps> = {}) =>
  synth((stack) => new LogArchive(stack, "archive", { ...given, ...props }));
const role = (name: string) => {
  const { byId } = alone();
  const of = (type: Parameters<typeof byId>[0]): Json =>
    Object.entries(byId(type)).find(([id]) => id.startsWith(`archive_${name}_`))?.[1];
  return {
    name: of(IamRole).name_prefix,
    trusted: JSON.parse(of(IamRole).assume_role_policy).Statement,
    may: JSON.parse(of(IamRolePolicy).policy).Statement,
  };
};

it("leaves no trace by default", () => {
  expect(build().json).not.toMatch(/firehose|archive|subscription/);
});

describe("the stream", () => {
  it("writes batches into the bucket, as they come, encrypted on the way", () => {
    expect(alone().one(KinesisFirehoseDeliveryStream)).toEqual({
      name: "ml-dev-logs",
      destination: "extended_s3",
      server_side_encryption: { enabled: true },
      extended_s3_configuration: {
        role_arn: expect.stringMatching(/^\$\{aws_iam_role\.archive_delivery-role_\w+\.arn\}$/),
        bucket_arn: refTo(S3Bucket, "arn"),
        prefix: "logs/",
        error_output_prefix: "errors/!{firehose:error-output-type}/",
        file_extension: ".gz",
        buffering_interval: 900,
        buffering_size: 64,
      },
      depends_on: [
        expect.stringMatching(/^aws_iam_role_policy\.archive_delivery-role_/),
        expect.stringMatching(/^aws_s3_bucket_ownership_controls\./),
        expect.stringMatching(/^aws_s3_bucket_server_side_encryption_configuration\./),
        expect.stringMatching(/^aws_s3_bucket_versioning\./),
      ],
    });
  });
  it("writes by a role that Firehose takes on for this account, for this bucket only", () => {
    const { name, trusted, may } = role("delivery-role");
    expect(name).toBe("ml-dev-log-delivery-");
    expect(trusted).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "sts:ExternalId": expect.stringMatching(/^\$\{data\.aws_caller_identity\.\w+\.account_id\}$/),
          },
        },
      },
    ]);
    expect(may).toEqual([
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: refTo(S3Bucket, "arn"),
      },
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        Resource: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}\/\*$/),
      },
    ]);
  });
});

describe("the subscriptions", () => {
  it("hand every event of each log group over, when the role has its policy", () => {
    const { byId } = alone();
    const filter = (logGroupName: string) => ({
      name: "ml-dev-archive",
      log_group_name: logGroupName,
      filter_pattern: "",
      destination_arn: refTo(KinesisFirehoseDeliveryStream, "arn"),
      role_arn: expect.stringMatching(/^\$\{aws_iam_role\.archive_subscription-role_\w+\.arn\}$/),
      depends_on: [expect.stringMatching(/^aws_iam_role_policy\.archive_subscription-role_/)],
    });
    const found = Object.entries(byId(CloudwatchLogSubscriptionFilter));
    expect(found.map(([id]) => id.replace(/_\w{8}$/, ""))).toEqual([
      "archive_flow-subscription",
      "archive_instance-subscription",
    ]);
    expect(found.map(([, value]) => value)).toEqual([filter("/aws/vpc/ml-dev"), filter("/aws/ec2/ml-dev")]);
  });
  it("are the same in any order of the groups", () => {
    const { flow, instance } = given.logGroups;
    expect(alone({ logGroups: { flow, instance } }).json).toBe(alone({ logGroups: { instance, flow } }).json);
  });
  it("are by a role that this account's logs take on in this region, for this stream only", () => {
    const { name, trusted, may } = role("subscription-role");
    expect(name).toBe("ml-dev-log-subscription-");
    expect(trusted).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringLike: {
            "aws:SourceArn": expect.stringMatching(
              /^arn:aws:logs:\$\{data\.aws_region\.\w+\.id\}:\$\{data\.aws_caller_identity\.\w+\.account_id\}:\*$/,
            ),
          },
        },
      },
    ]);
    expect(may).toEqual([
      {
        Effect: "Allow",
        Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
        Resource: refTo(KinesisFirehoseDeliveryStream, "arn"),
      },
    ]);
  });
  it("refer to the log group of the machines", () => {
    const { one } = build({ logArchive: {} });
    expect(one(CloudwatchLogSubscriptionFilter).log_group_name).toEqual(refTo(CloudwatchLogGroup, "name"));
  });
});

describe("the bucket", () => {
  it("is one of its own, deleted with what is in it only where asked", () => {
    expect(alone().one(S3Bucket)).toEqual({
      bucket_prefix: "ml-dev-logs-",
      force_destroy: false,
      tags: { Purpose: "logs" },
    });
    expect(alone({ forceDestroy: true }).one(S3Bucket).force_destroy).toBe(true);
    expect(alone({ prefix: "p".repeat(37) }).one(S3Bucket).bucket_prefix).toMatch(/^p{22}-[0-9a-f]{8}-logs-$/);
  });
  it.each([
    [{}, 365],
    [{ retentionDays: 1 }, 1],
    [{ retentionDays: 3650 }, 3650],
  ])("keeps copies, by %j, for %i days, and for 30 more as old versions", (logArchive, days) => {
    const { byId } = build({ logArchive });
    const lifecycle = Object.entries(byId(S3BucketLifecycleConfiguration)).find(([id]) =>
      id.startsWith("data_log-archive_"),
    );
    const rules = Object.fromEntries(lifecycle?.[1].rule.map((rule: Json) => [rule.id, rule]));
    expect(rules.expiration.expiration).toEqual([{ days }]);
    expect(rules.noncurrent.noncurrent_version_expiration).toEqual([{ noncurrent_days: 30 }]);
  });
});

it("tells the ARN of its stream", () => {
  const { outputs } = synth((stack) => {
    const { deliveryStreamArn } = new LogArchive(stack, "archive", given);
    new TerraformOutput(stack, "arn", { value: deliveryStreamArn, staticId: true });
  });
  expect(outputs.arn.value).toEqual(refTo(KinesisFirehoseDeliveryStream, "arn"));
});

rejects<unknown>(
  "test/data",
  [
    ["logArchive", { logArchive: true }, "got true"],
    ["logArchive", { logArchive: null }, "got null"],
    ["logArchive.retentionDays", { logArchive: { retentionDays: 0 } }, "at least 1", "got 0"],
    ["logArchive.retentionDays", { logArchive: { retentionDays: 3651 } }, "at most 3650", "got 3651"],
    ["logArchive.retentionDays", { logArchive: { retentionDays: 1.5 } }, "whole number", "got 1.5"],
    ["logArchive.retentionDays", { logArchive: { retentionDays: "365" } }, '"365"'],
    ["logArchive.retentionDay", { logArchive: { retentionDay: 1 } }, "did you mean retentionDays?"],
    ["logArchives", { logArchives: {} }, "did you mean logArchive?"],
  ],
  (stack, settings) => new Data(stack, "data", settings as DataSettings),
);
