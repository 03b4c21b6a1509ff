import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import type { Statement } from "../../common/iam/policy";
import { refuse } from "../../common/settings/faults";
import { parseProps } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { bucketNamePart, PrivateBucket } from "./private-bucket";

/** What a user chooses of a bucket that is made for access logs. */
export const accessLogsShape = {
  /** Days, 1 to 3650, that a log stays; 365 by default. */
  retentionDays: z.int().min(1).max(3650).default(365),
  /** Whether Terraform may delete the bucket with the logs in it. */
  forceDestroy: z.boolean().default(false),
};
export const accessLogsSchema = z.strictObject(accessLogsShape);

const schema = z
  .strictObject({
    /** Beginning of the name; the provider appends 26 characters, so at most 37. */
    bucketPrefix: bucketNamePart.max(37),
    /**
     * Who writes: S3 about other buckets of the account and region, Elastic Load Balancing about its load balancers, or
     * CloudWatch's log delivery, which CloudFront uses from us-east-1.
     */
    writer: z.enum(["s3", "elastic-load-balancing", "log-delivery"]),
    /** Name of the delivery source in us-east-1; with the writer log-delivery only. */
    deliverySource: z
      .string()
      .regex(/^[\w-]{1,60}$/, "must have 1 to 60 letters, digits, underscores and hyphens") // CloudWatch Logs API reference, PutDeliverySource
      .optional(),
    /** Whether Terraform refuses every plan that would delete the bucket. */
    preventDestroy: z.boolean().default(false),
    /** Tags on the bucket. */
    tags: tagsSchema.optional(),
    ...accessLogsShape,
  })
  .superRefine(({ forceDestroy, preventDestroy, writer, deliverySource }, ctx) => {
    if (forceDestroy && preventDestroy) {
      refuse(ctx, "forceDestroy", "must be false where preventDestroy is true, got true");
    }
    if ((writer === "log-delivery") !== (deliverySource !== undefined)) {
      const rule = writer === "log-delivery" ? "is required with" : "must be left out without";
      refuse(ctx, "deliverySource", `${rule} the writer log-delivery, got ${deliverySource ?? "nothing"}`);
    }
  });
export type AccessLogBucketProps = z.input<typeof schema>;

/**
 * Bucket for access logs, into which one service of AWS's writes. S3 encrypts it by its own key: no other is supported
 * for such logs (S3 User Guide, "Enabling Amazon S3 server access logging"; Application Load Balancers guide, "Enable
 * access logs").
 */
export class AccessLogBucket extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** What must be there before the service is told to write. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, input: AccessLogBucketProps) {
    super(scope, id);
    const { writer, deliverySource = "", retentionDays, ...props } = parseProps(this, schema, input);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const bucket = new PrivateBucket(this, "bucket", {
      ...props,
      expiration: { days: retentionDays },
      noncurrentVersionDays: 30, // nobody overwrites a log, so these are days of grace after the end
      statements: (bucketArn) => [STATEMENTS[writer](bucketArn, accountId, deliverySource)],
    });

    this.bucketName = bucket.bucketId;
    this.bucketArn = bucket.bucketArn;
    this.ready = bucket.ready;
  }
}

/** Who may write, and where. */
const STATEMENTS: Record<
  AccessLogBucketProps["writer"],
  (bucketArn: string, accountId: string, deliverySource: string) => Statement
> = {
  // Source: Amazon S3 User Guide, "Enabling Amazon S3 server access logging", bucket policy
  s3: (bucketArn, accountId) => ({
    Sid: "S3Writes",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${bucketArn}/*`,
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  }),
  // Source: Application Load Balancers guide, "Enable access logs", step 2; load balancers of other accounts write
  // beneath their own account's number
  "elastic-load-balancing": (bucketArn, accountId) => ({
    Sid: "LoadBalancersWrite",
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${bucketArn}/AWSLogs/${accountId}/*`,
  }),
  // Source: CloudWatch Logs User Guide, "Logging that requires additional permissions [V2]", logs sent to S3
  "log-delivery": (bucketArn, accountId, deliverySource) => ({
    Sid: "LogDeliveryWrites",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${bucketArn}/AWSLogs/${accountId}/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId, "s3:x-amz-acl": "bucket-owner-full-control" },
      ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${accountId}:delivery-source:${deliverySource}` },
    },
  }),
};
