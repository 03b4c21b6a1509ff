import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";

export interface DataKeyProps {
  /** Name of the encrypted data, and of the key's alias. */
  name: string;
  /** AWS provider of the key's region; the stack's own when absent. */
  provider?: TerraformProvider;
}

/** KMS key of the buckets of one region. Its key policy is AWS's default, which leaves access to IAM policies. */
export class DataKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, { name, provider }: DataKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: `Objects in the buckets of ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      provider,
    });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId, provider });

    this.keyArn = key.arn;
  }
}
