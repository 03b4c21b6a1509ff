import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { z } from "zod";
import { policy, type Statement } from "../../common/iam/policy";
import { parseProps } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { AccessLogBucket, accessLogsShape } from "../storage/access-log-bucket";
import {
  bucketNameSchema,
  bucketPrefix,
  noncurrentDaysSchema,
  noncurrentKeptSchema,
  PrivateBucket,
} from "../storage/private-bucket";

const schema = z.strictObject({
  /** Globally unique name of the bucket; never generated, as backends must know it beforehand. */
  bucket: bucketNameSchema,
  /** Retention of overwritten states, days, 1 to 3650. */
  noncurrentVersionDays: noncurrentDaysSchema.default(365),
  /** Number of newest overwritten versions kept beyond that, 1 to 100. */
  noncurrentVersionsKept: noncurrentKeptSchema.default(100),
  /** Make Terraform refuse plans that would delete the bucket or its key. */
  preventDestroy: z.boolean().default(true),
  /** Server access logs in a bucket of their own, which tell who read or wrote a state; none when absent. */
  accessLogs: z.strictObject({ retentionDays: accessLogsShape.retentionDays }).optional(),
  /** Tags on the buckets and the key. */
  tags: tagsSchema.optional(),
});
export type StateBucketProps = z.input<typeof schema>;

/** Bucket and KMS key for the Terraform state of other stacks. */
export class StateBucket extends Construct {
  readonly bucketName: string;
  readonly bucketId: string;
  readonly bucketArn: string;
  readonly kmsKeyArn: string;
  /** Alias of the key, `alias/<bucket>`, which backends can know beforehand. */
  readonly kmsAliasName: string;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    const { preventDestroy, accessLogs, tags, ...settings } = parseProps(this, schema, props);

    const account = new DataAwsCallerIdentity(this, "account", {}).accountId;
    const key = new KmsKey(this, "key", {
      description: `Terraform state in ${settings.bucket}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policy(allowAccount(account)),
      tags,
      lifecycle: preventDestroy ? { preventDestroy } : undefined,
    });
    const alias = new KmsAlias(this, "alias", { name: `alias/${settings.bucket}`, targetKeyId: key.keyId });
    const logs =
      accessLogs &&
      new AccessLogBucket(this, "access-logs", {
        ...accessLogs,
        bucketPrefix: bucketPrefix(settings.bucket, "logs"),
        writer: "s3",
        preventDestroy,
        tags,
      });
    const bucket = new PrivateBucket(this, "bucket", {
      ...settings,
      accessLogsBucket: logs?.bucketName,
      preventDestroy,
      tags,
      kmsKeyArn: key.arn,
      statements: (arn) => [denyWeakerEncryption(arn)],
    });

    this.bucketName = bucket.bucketName;
    this.bucketId = bucket.bucketId;
    this.bucketArn = bucket.bucketArn;
    this.kmsKeyArn = key.arn;
    this.kmsAliasName = alias.name;
  }
}

/** Delegates the key to the account's IAM policies, so that the loss of a role never locks up the state. */
const allowAccount = (account: string): Statement => ({
  Sid: "AccountAdministersKey",
  Principal: { AWS: account },
  Action: "kms:*",
  Resource: "*",
});

/**
 * Denies writes that request another encryption than KMS, as a backend with `encrypt` but without `kms_key_id` does (AES256).
 * Writes without a request get the bucket's key. The requested key is not compared: backends may name it by id, ARN or alias.
 */
const denyWeakerEncryption = (bucketArn: string): Statement => ({
  Sid: "DenyWeakerEncryption",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  Resource: `${bucketArn}/*`,
  Condition: {
    Null: { "s3:x-amz-server-side-encryption": "false" },
    StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
  },
});
