import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../stacks/environment";
import { publishedOutputs, synthApp } from "../support/synth";

const build = (state: EnvironmentSettings["state"]) =>
  synthApp(defineEnvironment({ name: "ops", region: "us-west-2", state })).stack("ops-state");

describe("the stack of the state bucket", () => {
  const stack = build({ kind: "s3", bucket: "our-state" });

  it("makes the bucket of the settings and a key, which Terraform refuses to destroy", () => {
    const own = stack.all(S3Bucket).find(({ bucket }) => bucket === "our-state");
    expect(own).toMatchObject({ lifecycle: { prevent_destroy: true } });
    expect(stack.one(KmsKey)).toMatchObject({ enable_key_rotation: true, lifecycle: { prevent_destroy: true } });
  });
  it("keeps a record of who read or wrote a state", () => {
    expect(stack.one(S3BucketLoggingA).target_bucket).toMatch(/^\$\{aws_s3_bucket\.state_access-logs_bucket\w+\.id\}$/);
  });
  it("names the key as the other stacks' backend asks for it", () => {
    expect(stack.json).toContain('"name": "alias/our-state"');
  });
  it("keeps its own state on this machine", () => {
    expect(stack.parsed.terraform.backend.local.path).toMatch(/state\/ops\/ops-state\.tfstate$/);
  });
  it("publishes bucket and key", () => {
    expect(publishedOutputs(stack)).toEqual(["state_bucket", "state_kms_key_arn"]);
  });
});
it("stands in the bucket's region", () => {
  const { provider } = build({ kind: "s3", bucket: "our-state", region: "eu-west-1" }).parsed;
  expect(provider.aws[0].region).toBe("eu-west-1");
  expect(build({ kind: "s3", bucket: "our-state" }).parsed.provider.aws[0].region).toBe("us-west-2");
});
