import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { expect, it } from "vitest";
import { VolumeKeyGrant, type VolumeKeyGrantProps } from "../../../../modules/aws/kms/volume-key-grant";
import { synth } from "../../../support/synth";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/disks";
const ROLE = "arn:aws:iam::123456789012:role/driver";
const grant = (props: Partial<VolumeKeyGrantProps> = {}) =>
  synth((stack) => new VolumeKeyGrant(stack, "grant", { keyArn: KEY, ...props })).one(KmsGrant);

it("lets EC2 Auto Scaling use a key, by its service-linked role in the partition and the account of the stack", () => {
  expect(grant()).toEqual({
    key_id: KEY,
    grantee_principal: expect.stringMatching(
      /^arn:\$\{data\.aws_partition\.\w+\.partition\}:iam::\$\{data\.aws_caller_identity\.\w+\.account_id\}:role\/aws-service-role\/autoscaling\.amazonaws\.com\/AWSServiceRoleForAutoScaling$/,
    ),
    operations: [
      "CreateGrant",
      "Decrypt",
      "DescribeKey",
      "Encrypt",
      "GenerateDataKey",
      "GenerateDataKeyWithoutPlaintext",
      "ReEncryptFrom",
      "ReEncryptTo",
    ],
  });
});
it("is for another role where one is named", () => {
  expect(grant({ roleArn: ROLE }).grantee_principal).toBe(ROLE);
});
