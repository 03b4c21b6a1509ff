import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { Construct } from "constructs";
import { z } from "zod";
import { bucketPrefix, PrivateBucket } from "../aws/storage/private-bucket";
import { currentRegion } from "../common/current-region";
import type { Statement } from "../common/iam/policy";

/** Inputs that concern the record of who used the buckets. */
export const auditShape = {
  /** Record of every use of an object in the two buckets, kept in a bucket of its own; none when absent. */
  audit: z
    .strictObject({
      /** Days, 30 to 3650, that the records stay. */
      retentionDays: z.int().min(30).max(3650).default(365),
      /** Which uses are recorded. Reads are the many in training, and each record costs; all by default. */
      events: z.enum(["All", "ReadOnly", "WriteOnly"]).default("All"),
    })
    .optional(),
};
const schema = z.object(auditShape);
type Settings = NonNullable<z.output<typeof schema>["audit"]>;

export interface AuditProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  /** The buckets whose use is recorded. */
  readonly storage: {
    readonly datasets: { readonly bucketArn: string };
    readonly models: { readonly bucketArn: string };
  };
  /** Whether Terraform may delete the records with their bucket. */
  readonly forceDestroy: boolean;
  readonly settings: Settings;
}

/** CloudTrail of the two buckets' objects, and of nothing else, in a bucket of its own. */
export class Audit extends Construct {
  readonly trailArn: string;
  readonly bucket: PrivateBucket;

  constructor(scope: Construct, id: string, { prefix, storage, forceDestroy, settings }: AuditProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const region = currentRegion(this);
    const name = `${prefix}-data-access`;
    // spelt out and not referred to: the trail waits for the bucket's policy, which names the trail
    const trailArn = `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}`;
    this.bucket = new PrivateBucket(this, "bucket", {
      bucketPrefix: bucketPrefix(prefix, "audit"),
      forceDestroy,
      expiration: { days: settings.retentionDays },
      noncurrentVersionDays: 30, // nobody overwrites a record, so these are days of grace after the end
      statements: (bucketArn) => cloudtrailWrites(bucketArn, accountId, trailArn),
      tags: { Purpose: "audit" },
    });
    const { datasets, models } = storage;
    this.trailArn = new Cloudtrail(this, "trail", {
      name,
      s3BucketName: this.bucket.bucketId,
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
