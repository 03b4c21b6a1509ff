import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudwatchLogDelivery } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery";
import { CloudwatchLogDeliveryDestination } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination";
import { CloudwatchLogDeliverySource } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-source";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { expect, it } from "vitest";
import { refTo } from "../../../support/synth";
import { build } from "./website.fixture";

const stack = build();

it("delivers the distribution's requests into its bucket, which is ready before", () => {
  expect(stack.one(CloudwatchLogDeliverySource)).toEqual({
    name: "dev-site-access",
    log_type: "ACCESS_LOGS",
    resource_arn: refTo(CloudfrontDistribution, "arn"),
  });
  expect(stack.one(CloudwatchLogDeliveryDestination)).toMatchObject({
    name: "dev-site-access",
    output_format: "json",
    delivery_destination_configuration: [{ destination_resource_arn: refTo(S3Bucket, "arn") }],
    depends_on: expect.arrayContaining([expect.stringMatching(/^aws_s3_bucket_ownership_controls\./)]),
  });
  expect(stack.one(CloudwatchLogDelivery)).toEqual({
    delivery_source_name: refTo(CloudwatchLogDeliverySource, "name"),
    delivery_destination_arn: refTo(CloudwatchLogDeliveryDestination, "arn"),
  });
});
it("lets this source alone write, for this account", () => {
  const policy = Object.entries(stack.byId(S3BucketPolicy)).find(([id]) => id.includes("access-log"))?.[1].policy;
  const [, writes] = JSON.parse(policy).Statement;
  expect(writes).toMatchObject({
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: "s3:PutObject",
    Condition: {
      ArnLike: {
        "aws:SourceArn": expect.stringMatching(/^arn:aws:logs:us-east-1:.*:delivery-source:dev-site-access$/),
      },
    },
  });
  expect(writes.Resource).toMatch(/\/AWSLogs\/\$\{data\.aws_caller_identity\..*\.account_id\}\/\*$/);
});
