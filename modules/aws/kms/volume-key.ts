import type { Statement } from "../../common/iam/policy";

/**
 * Statements that let a principal create and start EBS volumes under these keys: EC2 uses a key as who calls it. Source: EBS
 * User Guide, "Requirements for Amazon EBS encryption", permissions for users.
 */
export function volumeKeyStatements(keyArns: readonly (string | undefined)[]): Statement[] {
  const keys = [...new Set(keyArns.filter((key) => key !== undefined))].sort();
  if (keys.length === 0) return [];
  return [
    {
      Sid: "UseVolumeKeys",
      Action: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      Resource: keys,
    },
    {
      Sid: "GrantVolumeKeys",
      Action: "kms:CreateGrant",
      Resource: keys,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}
