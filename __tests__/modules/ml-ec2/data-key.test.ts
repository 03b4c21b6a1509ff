import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { DataKey } from "../../../modules/ml-ec2/data-key";
import { refTo, synth } from "../../support/synth";
import { replicaProvider } from "./data.fixture";

it("is one key that changes each year, with an alias, and stays for a month when deleted", () => {
  const { one, outputs } = synth((stack) => {
    const { keyArn } = new DataKey(stack, "key", { name: "ml-dev-data" });
    new TerraformOutput(stack, "arn", { value: keyArn, staticId: true });
  });
  expect(one(KmsKey)).toEqual({
    description: "Objects in the buckets of ml-dev-data",
    enable_key_rotation: true,
    deletion_window_in_days: 30,
  });
  expect(one(KmsAlias)).toEqual({ name: "alias/ml-dev-data", target_key_id: refTo(KmsKey, "key_id") });
  expect(outputs.arn.value).toEqual(refTo(KmsKey, "arn"));
});
it("is made in another region by its provider", () => {
  const { one } = synth((stack) => new DataKey(stack, "key", { name: "copy", provider: replicaProvider(stack) }));
  for (const type of [KmsKey, KmsAlias]) expect(one(type).provider).toBe("aws.replica");
});
it("lets one trail of its region and account encrypt with it, and otherwise the account decide", () => {
  const { one } = synth((stack) => new DataKey(stack, "key", { name: "ml-dev-data", trailName: "ml-dev-data-access" }));
  const [account, encrypts, looks] = JSON.parse(one(KmsKey).policy).Statement;
  expect(account).toMatchObject({ Action: "kms:*", Resource: "*" });
  expect(account.Principal.AWS).toMatch(/^arn:\$\{data\.aws_partition\..*:iam::\$\{.*account_id\}:root$/);
  const { "aws:SourceArn": trail } = encrypts.Condition.StringEquals;
  expect(trail).toMatch(/:trail\/ml-dev-data-access$/);
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  expect(encrypts).toMatchObject({
    Principal,
    Action: "kms:GenerateDataKey*",
    Condition: { StringEquals: { "kms:EncryptionContext:aws:cloudtrail:arn": trail } },
  });
  expect(looks).toMatchObject({
    Principal,
    Action: "kms:DescribeKey",
    Condition: { StringEquals: { "aws:SourceArn": trail } },
  });
});
