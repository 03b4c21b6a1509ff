import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { AccessLogBucket, type AccessLogBucketProps } from "../../../../modules/aws/storage/access-log-bucket";
import { rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";

const GIVEN: AccessLogBucketProps = { bucketPrefix: "logs-", writer: "s3" };
const make = (more: Partial<AccessLogBucketProps> = {}) =>
  synth((stack) => new AccessLogBucket(stack, "logs", { ...GIVEN, ...more }));
const statements = (writer: AccessLogBucketProps["writer"], deliverySource?: string): Json[] =>
  JSON.parse(make({ writer, deliverySource }).one(S3BucketPolicy).policy).Statement;
const expiration = (more = {}): Json =>
  make(more)
    .one(S3BucketLifecycleConfiguration)
    .rule.find(({ id }: Json) => id === "expiration").expiration;
const ACCOUNT = expect.stringMatching(/^\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}$/);

it("is encrypted by S3's own key, the only one that such logs may have", () => {
  const { rule } = make().one(S3BucketServerSideEncryptionConfigurationA);
  expect(rule).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
});
it("lets S3 write about the account's own buckets, and nobody else", () => {
  expect(statements("s3").slice(1)).toEqual([
    {
      Sid: "S3Writes",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: expect.stringMatching(/^\$\{aws_s3_bucket\.[\w-]+\.arn\}\/\*$/),
      Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
    },
  ]);
});
it("lets load balancers write beneath the account's number, and nobody else", () => {
  expect(statements("elastic-load-balancing").slice(1)).toEqual([
    {
      Sid: "LoadBalancersWrite",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: expect.stringMatching(
        /^\$\{aws_s3_bucket\.[\w-]+\.arn\}\/AWSLogs\/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}\/\*$/,
      ),
    },
  ]);
});
it("lets one source of log deliveries write beneath the account's number, and nobody else", () => {
  expect(statements("log-delivery", "site-access").slice(1)).toEqual([
    {
      Sid: "LogDeliveryWrites",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: expect.stringMatching(
        /^\$\{aws_s3_bucket\.[\w-]+\.arn\}\/AWSLogs\/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}\/\*$/,
      ),
      Condition: {
        StringEquals: { "aws:SourceAccount": ACCOUNT, "s3:x-amz-acl": "bucket-owner-full-control" },
        ArnLike: {
          "aws:SourceArn": expect.stringMatching(
            /^arn:aws:logs:us-east-1:\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:delivery-source:site-access$/,
          ),
        },
      },
    },
  ]);
  expect(statements("log-delivery", "x".repeat(60))).toHaveLength(2);
});
it("keeps a log for a year, or as long as it is told", () => {
  expect(expiration()).toEqual([{ days: 365 }]);
  for (const days of [1, 3650]) expect(expiration({ retentionDays: days })).toEqual([{ days }]);
});
it("keeps its logs when it is destroyed, unless it is told to let them go", () => {
  expect(make().one(S3Bucket)).toMatchObject({ bucket_prefix: "logs-", force_destroy: false });
  expect(make({ forceDestroy: true }).one(S3Bucket).force_destroy).toBe(true);
  expect(make({ preventDestroy: true }).one(S3Bucket).lifecycle).toEqual({ prevent_destroy: true });
});
it("says what it is called and what to wait for", () => {
  const { outputs } = synth((stack) => {
    const { bucketName, bucketArn, ready } = new AccessLogBucket(stack, "logs", GIVEN);
    new TerraformOutput(stack, "made", { staticId: true, value: [bucketName, bucketArn], dependsOn: ready });
  });
  expect(outputs.made.value).toEqual([refTo(S3Bucket, "id"), refTo(S3Bucket, "arn")]);
  expect(outputs.made.depends_on.join()).toContain("aws_s3_bucket_ownership_controls.");
});
rejects<Partial<AccessLogBucketProps>>(
  "test/logs",
  [
    ["deliverySource", { writer: "log-delivery" }, "is required", "got nothing"],
    ["deliverySource", { deliverySource: "site" }, "left out without the writer log-delivery", "got site"],
    ["deliverySource", { writer: "log-delivery", deliverySource: "" }, "1 to 60"],
    ["deliverySource", { writer: "log-delivery", deliverySource: "x".repeat(61) }, "1 to 60"],
    ["bucketPrefix", { bucketPrefix: "x".repeat(38) }, "37"],
    ["writer", { writer: "cloudtrail" as never }, "cloudtrail"],
    ["retentionDays", { retentionDays: 0 }, "1", "0"],
    ["retentionDays", { retentionDays: 3651 }, "3650", "3651"],
    ["forceDestroy", { forceDestroy: true, preventDestroy: true }, "must be false where preventDestroy is true"],
  ],
  (scope, props) => new AccessLogBucket(scope, "logs", { ...GIVEN, ...props }),
);
