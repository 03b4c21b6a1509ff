import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { Construct } from "constructs";
import { z } from "zod";
import { bucketPrefix, PrivateBucket } from "../aws/storage/private-bucket";
import { currentRegion } from "../common/current-region";
import type { Statement } from "../common/iam/policy";

/** Settings of the audit trail of the buckets. */
export const auditShape = {
  /** CloudTrail data events of the objects in the two buckets, kept in a separate bucket. */
  audit: z
    .strictObject({
      /** Retention of the records, days, 30 to 3650. */
      retentionDays: z.int().min(30).max(3650).default(365),
      /** Which events are recorded. Training causes mostly reads, and every record costs. */
      events: z.enum(["All", "ReadOnly", "WriteOnly"]).default("All"),
    })
    .optional(),
};
const schema = z.object(auditShape);
type Settings = NonNullable<z.output<typeof schema>["audit"]>;

export interface AuditProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  /** Buckets whose data events are recorded. */
  readonly storage: {
    readonly datasets: { readonly bucketArn: string };
    readonly models: { readonly bucketArn: string };
    /** Key that encrypts the records as it does the buckets, if any. */
    readonly kmsKeyArn?: string;
  };
  /** Let Terraform delete the bucket with its records. */
  readonly forceDestroy: boolean;
  readonly settings: Settings;
}

/** Name of the trail, by which its key knows it. */
export const trailNameOf = (prefix: string): string => `${prefix}-data-access`;

/** CloudTrail trail of the two buckets' objects, and of nothing else, in a separate bucket. */
export class Audit extends Construct {
  readonly trailArn: string;
  readonly bucket: PrivateBucket;

  constructor(scope: Construct, id: string, { prefix, storage, forceDestroy, settings }: AuditProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const region = currentRegion(this);
    const name = trailNameOf(prefix);
    const { datasets, models, kmsKeyArn } = storage;
    // not a reference: the trail depends on the bucket's policy, which names the trail
    const trailArn = `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}`;
    this.bucket = new PrivateBucket(this, "bucket", {
      bucketPrefix: bucketPrefix(prefix, "audit"),
      forceDestroy,
      kmsKeyArn,
      expiration: { days: settings.retentionDays },
      noncurrentVersionDays: 30, // records are never overwritten, so this is a grace period after expiration
      statements: (bucketArn) => cloudtrailWrites(bucketArn, accountId, trailArn),
      tags: { Purpose: "audit" },
    });
    this.trailArn = new Cloudtrail(this, "trail", {
      name,
      s3BucketName: this.bucket.bucketId,
      kmsKeyId: kmsKeyArn,
      enableLogFileValidation: true,
      includeGlobalServiceEvents: false,
      isMultiRegionTrail: false,
      eventSelector: [
        {
          readWriteType: settings.events,
          includeManagementEvents: false,
          dataResource: [
            { type: "AWS::S3::Object", values: [datasets, models].map(({ bucketArn }) => `${bucketArn}/`) },
          ],
        },
      ],
      dependsOn: this.bucket.ready,
    }).arn;
  }
}

/** Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail". */
function cloudtrailWrites(bucketArn: string, accountId: string, trailArn: string): Statement[] {
  const cloudtrail = { Service: "cloudtrail.amazonaws.com" };
  return [
    {
      Sid: "CloudTrailReadsAcl",
      Principal: cloudtrail,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "CloudTrailWrites",
      Principal: cloudtrail,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${accountId}/*`,
      Condition: {
        StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
      },
    },
  ];
}
