import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { expect, it } from "vitest";
import { refTo } from "../../../support/synth";
import { build } from "./website.fixture";

const stack = build();

it("gathers what is written into the bucket and deleted from it", () => {
  const { event_pattern } = stack.one(CloudwatchEventRule);
  expect(JSON.parse(event_pattern)).toEqual({
    source: ["aws.s3"],
    "detail-type": ["Object Created", "Object Deleted"],
    detail: { bucket: { name: [refTo(S3Bucket, "bucket")] } },
  });
});
it("hands many changes over at once, and takes back those that failed", () => {
  expect(stack.one(LambdaEventSourceMapping)).toMatchObject({
    event_source_arn: refTo(SqsQueue, "arn"),
    function_name: refTo(LambdaFunction, "arn"),
    batch_size: 1000,
    maximum_batching_window_in_seconds: 20,
    function_response_types: ["ReportBatchItemFailures"],
    scaling_config: { maximum_concurrency: 2 },
  });
});
it("hides a change for longer than the function may take with all its tries", () => {
  const queue = stack.all(SqsQueue).find(({ redrive_policy }) => redrive_policy);
  const { timeout } = stack.one(LambdaFunction);
  expect(queue.visibility_timeout_seconds).toBeGreaterThanOrEqual(6 * timeout + 20);
  expect(JSON.parse(queue.redrive_policy).maxReceiveCount).toBe(10);
});
it("may do nothing but this", () => {
  const work = stack.all(IamRolePolicy).find(({ name }) => name === "work");
  expect(JSON.parse(work.policy).Statement).toEqual([
    {
      Effect: "Allow",
      Sid: "Invalidate",
      Action: "cloudfront:CreateInvalidation",
      Resource: refTo(CloudfrontDistribution, "arn"),
    },
    {
      Effect: "Allow",
      Sid: "Changes",
      Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
      Resource: refTo(SqsQueue, "arn"),
    },
  ]);
});
it("is told what never changes, and when to take the whole site", () => {
  const { environment } = build({ immutableFolders: ["lib"] }).one(LambdaFunction);
  expect(JSON.parse(environment.variables.INVALIDATION)).toEqual({
    distributionId: refTo(CloudfrontDistribution, "id"),
    immutable: expect.stringMatching(/^\^lib\/\|/),
    mostPaths: 50,
  });
});
