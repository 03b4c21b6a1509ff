import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { z } from "zod";
import { policy, type Statement } from "../../common/iam/policy";
import { parseProps } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { bucketNameSchema, noncurrentDaysSchema, noncurrentKeptSchema, PrivateBucket } from "../storage/private-bucket";

const schema = z.strictObject({
  /** Whole name of the bucket, unique in all of AWS; a backend must know it beforehand, so it is never generated. */
  bucket: bucketNameSchema,
  /** Days, 1 to 3650, that an overwritten state stays. */
  noncurrentVersionDays: noncurrentDaysSchema.default(365),
  /** Newest overwritten versions of each state, 1 to 100, that stay beyond these days. */
  noncurrentVersionsKept: noncurrentKeptSchema.default(100),
  /** Whether Terraform refuses every plan that would delete the bucket or its key. */
  preventDestroy: z.boolean().default(true),
  /** Tags on the bucket and the key. */
  tags: tagsSchema.optional(),
});
export type StateBucketProps = z.input<typeof schema>;

/** Bucket and key that hold the Terraform state of other stacks. */
export class StateBucket extends Construct {
  readonly bucketName: string;
  readonly bucketId: string;
  readonly bucketArn: string;
  readonly kmsKeyArn: string;
  /** Name of the key that a backend can know beforehand: `alias/<bucket>`. */
  readonly kmsAliasName: string;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    const { preventDestroy, tags, ...settings } = parseProps(this, schema, props);

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
    const bucket = new PrivateBucket(this, "bucket", {
      ...settings,
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

/** Leaves the key to the account's IAM policies, so that the loss of one role never locks the state up. */
const allowAccount = (account: string): Statement => ({
  Sid: "AccountAdministersKey",
  Principal: { AWS: account },
  Action: "kms:*",
  Resource: "*",
});

/**
 * Refuses a write that asks for another encryption than KMS, as a backend with `encrypt` but without `kms_key_id` does
 * (it asks for AES256, which would pass the key by). A write that asks for nothing gets the bucket's key. The key that
 * a write names is not compared: a backend may name it by id, ARN or alias.
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
