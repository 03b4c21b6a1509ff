import { expect, it } from "vitest";
import { volumeKeyStatements } from "../../../../modules/aws/kms/volume-key";

const key = (name: string) => `arn:aws:kms:us-east-1:123456789012:key/${name}`;

it("lets volumes be created under each key once, and grants be made by AWS's services alone", () => {
  const Resource = [key("a"), key("b")];
  expect(volumeKeyStatements([key("b"), undefined, key("a"), key("b")])).toEqual([
    {
      Sid: "UseVolumeKeys",
      Action: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      Resource,
    },
    {
      Sid: "GrantVolumeKeys",
      Action: "kms:CreateGrant",
      Resource,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ]);
});
it("has nothing to say without a key", () => {
  expect(volumeKeyStatements([])).toEqual([]);
  expect(volumeKeyStatements([undefined])).toEqual([]);
});
