import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import { Construct } from "constructs";
import { z } from "zod";
import { bucketPrefix, PrivateBucket } from "../aws/storage/private-bucket";
import { currentRegion } from "../common/current-region";
import { ManagedRole } from "../common/iam/managed-role";
import { policy } from "../common/iam/policy";
import { idFrom } from "../common/names";

/** Settings of the log archive. */
export const logArchiveShape = {
  /** Archive of the log groups in a bucket, where storage is cheap. */
  logArchive: z
    .strictObject({
      /** Retention of the archive, days, 1 to 3650. */
      retentionDays: z.int().min(1).max(3650).default(365),
    })
    .optional(),
};
const schema = z.object(logArchiveShape);
type Settings = NonNullable<z.output<typeof schema>["logArchive"]>;

export interface LogArchiveProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  /** Log groups by a short key, such as `instance`. */
  readonly logGroups: Readonly<Record<string, { readonly logGroupName: string }>>;
  /** Let Terraform delete the bucket with its objects. */
  readonly forceDestroy: boolean;
  /** Key that encrypts the copies and what is on the way to them; AWS's own keys when absent. */
  readonly kmsKeyArn?: string;
  readonly settings: Settings;
}

/** Archive of log groups in a bucket: CloudWatch sends each event to Firehose, which writes them in batches. */
export class LogArchive extends Construct {
  readonly bucket: PrivateBucket;
  readonly deliveryStreamArn: string;

  constructor(scope: Construct, id: string, props: LogArchiveProps) {
    super(scope, id);
    const { prefix, logGroups, forceDestroy, kmsKeyArn, settings } = props;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const region = currentRegion(this);

    this.bucket = new PrivateBucket(this, "bucket", {
      bucketPrefix: bucketPrefix(prefix, "logs"),
      forceDestroy,
      kmsKeyArn,
      expiration: { days: settings.retentionDays },
      noncurrentVersionDays: 30, // copies are never overwritten, so this is a grace period after expiration
      tags: { Purpose: "logs" },
    });
    const delivery = this.deliveryRole(props, accountId);
    const stream = new KinesisFirehoseDeliveryStream(this, "stream", {
      name: `${prefix}-logs`,
      destination: "extended_s3",
      serverSideEncryption: {
        enabled: true,
        ...(kmsKeyArn && { keyType: "CUSTOMER_MANAGED_CMK", keyArn: kmsKeyArn }),
      },
      extendedS3Configuration: {
        roleArn: delivery.arn,
        bucketArn: this.bucket.bucketArn,
        kmsKeyArn,
        prefix: "logs/",
        errorOutputPrefix: "errors/!{firehose:error-output-type}/",
        fileExtension: ".gz", // CloudWatch sends them compressed
        bufferingInterval: 900, // the maximum, for few large objects
        bufferingSize: 64,
      },
      dependsOn: [...delivery.policies, ...this.bucket.ready],
    });
    const subscription = this.subscriptionRole(prefix, `arn:aws:logs:${region}:${accountId}:*`, stream.arn);
    for (const [key, { logGroupName }] of Object.entries(logGroups)) {
      new CloudwatchLogSubscriptionFilter(this, idFrom(`${key}-subscription`), {
        name: `${prefix}-archive`,
        logGroupName,
        filterPattern: "",
        destinationArn: stream.arn,
        roleArn: subscription.arn,
        dependsOn: subscription.policies,
      });
    }

    this.deliveryStreamArn = stream.arn;
  }

  /** Source: Amazon Data Firehose Developer Guide, "Grant Firehose access to an Amazon S3 destination". */
  private deliveryRole({ prefix, kmsKeyArn }: LogArchiveProps, accountId: string): ManagedRole {
    const { bucketArn } = this.bucket;
    return new ManagedRole(this, "delivery-role", {
      name: `${prefix}-log-delivery`,
      assumeRolePolicy: policy({
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": accountId } },
      }),
      policyArns: {},
      policies: {
        deliver: policy(
          {
            Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            Resource: bucketArn,
          },
          { Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], Resource: `${bucketArn}/*` },
          ...(kmsKeyArn ? [{ Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyArn }] : []),
        ),
      },
    });
  }

  /** Source: CloudWatch Logs User Guide, "Subscription filters with Amazon Data Firehose". */
  private subscriptionRole(prefix: string, sourceArn: string, streamArn: string): ManagedRole {
    return new ManagedRole(this, "subscription-role", {
      name: `${prefix}-log-subscription`,
      assumeRolePolicy: policy({
        Principal: { Service: "logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringLike: { "aws:SourceArn": sourceArn } },
      }),
      policyArns: {},
      policies: {
        hand: policy({ Action: ["firehose:PutRecord", "firehose:PutRecordBatch"], Resource: streamArn }),
      },
    });
  }
}
