import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { currentRegion } from "../common/current-region";
import { policy } from "../common/iam/policy";

export interface DataKeyProps {
  /** Name of the encrypted data, and of the key's alias. */
  name: string;
  /** AWS provider of the key's region; the stack's own when absent. */
  provider?: TerraformProvider;
  /** Trail of the stack's region and account that encrypts its records with the key; none when absent. */
  trailName?: string;
}

/** KMS key of the buckets of one region. Access is left to IAM policies, except that of CloudTrail. */
export class DataKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, { name, provider, trailName }: DataKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: `Objects in the buckets of ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: trailName === undefined ? undefined : this.withTrail(trailName),
      provider,
    });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId, provider });

    this.keyArn = key.arn;
  }

  /** AWS's default policy, and the trail. Source: CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail". */
  private withTrail(trailName: string): string {
    const { partition } = new DataAwsPartition(this, "partition");
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const trailArn = `arn:${partition}:cloudtrail:${currentRegion(this)}:${accountId}:trail/${trailName}`;
    const StringEquals = { "aws:SourceArn": trailArn };
    const Principal = { Service: "cloudtrail.amazonaws.com" };
    return policy(
      {
        Sid: "Account",
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "CloudTrailEncrypts",
        Principal,
        Action: "kms:GenerateDataKey*",
        Resource: "*",
        Condition: { StringEquals: { ...StringEquals, "kms:EncryptionContext:aws:cloudtrail:arn": trailArn } },
      },
      {
        Sid: "CloudTrailLooks",
        Principal,
        Action: "kms:DescribeKey",
        Resource: "*",
        Condition: { StringEquals },
      },
    );
  }
}
