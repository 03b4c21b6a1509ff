import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface VolumeKeyGrantProps {
  /** Key that encrypts the volumes. */
  readonly keyArn: string;
  /** Role that creates the volumes; the service-linked role of EC2 Auto Scaling when absent. */
  readonly roleArn?: string;
}

/** What EC2 does with a key on behalf of who starts an instance. */
const OPERATIONS = [
  "CreateGrant",
  "Decrypt",
  "DescribeKey",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
];

/**
 * Grant on a customer managed key for a role that is not ours to give a policy. Source: EC2 Auto Scaling User Guide,
 * "Required AWS KMS key policy for use with encrypted volumes". It has no name: KMS would give two stacks one and the same
 * grant by it, and the first to go would take it from the other.
 */
export class VolumeKeyGrant extends Construct {
  /** What must wait for it: whatever starts instances. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { keyArn, roleArn }: VolumeKeyGrantProps) {
    super(scope, id);
    const granteePrincipal = roleArn ?? this.autoScalingRole();
    this.ready = [new KmsGrant(this, "grant", { keyId: keyArn, granteePrincipal, operations: OPERATIONS })];
  }

  private autoScalingRole(): string {
    const { partition } = new DataAwsPartition(this, "partition");
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const path = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    return `arn:${partition}:iam::${accountId}:role/${path}`;
  }
}
