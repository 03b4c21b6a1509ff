import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { z } from "zod";
import { policy } from "../common/iam/policy";
import { kmsKeyArnSchema, principalArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";

/** Inputs of the cluster about the encryption of its secrets. */
export const encryptionShape = {
  /** Symmetric KMS key in the cluster's region that encrypts Kubernetes secrets; created when absent. It cannot be changed later. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** ARNs of IAM roles or users that administer the created key, in addition to those allowed by IAM policies. */
  kmsKeyAdministrators: z.array(principalArnSchema).default([]),
};

/** Rules across {@link encryptionShape}. */
export function checkEncryption(
  { kmsKeyArn, kmsKeyAdministrators }: { kmsKeyArn?: string; kmsKeyAdministrators: string[] },
  ctx: z.RefinementCtx,
) {
  if (kmsKeyArn !== undefined && kmsKeyAdministrators.length > 0) {
    const message = "must be left out with kmsKeyArn, whose key policy names its administrators";
    refuse(ctx, "kmsKeyAdministrators", message);
  }
}

/** Actions of a key administrator: all but using the key. */
const ADMINISTRATION = [
  "Create*",
  "Describe*",
  "Enable*",
  "List*",
  "Put*",
  "Update*",
  "Revoke*",
  "Disable*",
  "Get*",
  "Delete*",
  "TagResource",
  "UntagResource",
  "ScheduleKeyDeletion",
  "CancelKeyDeletion",
  "RotateKeyOnDemand",
].map((action) => `kms:${action}`);

/** Key that encrypts the secrets of one cluster. */
export class EncryptionKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, { name, administrators }: { name: string; administrators: string[] }) {
    super(scope, id);

    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const managed = administrators.length === 0 ? [] : [administration([...administrators].sort())];
    const key = new KmsKey(this, "key", {
      description: `Kubernetes secrets of the EKS cluster ${name}`,
      enableKeyRotation: true,
      policy: policy(
        // The account itself, so that losing a role or user does not lock the key; this also enables IAM policies.
        { Sid: "Account", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "kms:*", Resource: "*" },
        ...managed,
      ),
    });
    new KmsAlias(this, "alias", { name: `alias/eks/${name}`, targetKeyId: key.keyId });

    this.keyArn = key.arn;
  }
}

const administration = (administrators: string[]) => ({
  Sid: "Administrators",
  Principal: { AWS: administrators },
  Action: ADMINISTRATION,
  Resource: "*",
});
