import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { TerraformOutput, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { asset, putFile, userData } from "../../../../modules/aws/ec2/user-data";
import { errorOf } from "../../../support/bad-input";
import { synth } from "../../../support/synth";

const make = (script: string) => userData("test/host: key", script, "must be shorter");
const shell = (name: string) => `\${${name}}`;

it("reads a file of the assets without the end of its last line", () => {
  expect(asset("nat", "nat.service")).toMatch(/^\[Unit\]\n[\s\S]*\n\[Install\]\nWantedBy=multi-user\.target$/);
});
it("writes a call that puts a file", () => {
  expect(putFile("/etc/x", "600 root", "a\n$b")).toBe("put /etc/x 600 root <<'EOF'\na\n$b\nEOF");
});
it("leaves references to Terraform, and what the shell expands to the shell", () => {
  const { outputs } = synth((stack) => {
    const { arn } = new S3Bucket(stack, "bucket", {});
    new TerraformOutput(stack, "script", { staticId: true, value: make(`${arn} ${shell("x:-1")} $y %{http_code}\n`) });
  });
  expect(outputs.script.value).toBe(`${shell("aws_s3_bucket.bucket.arn")} $${shell("x:-1")} $y %%{http_code}\n`);
});

describe("the limit of EC2", () => {
  it("is kept to the byte, and not to the character", () => {
    expect(make("x".repeat(16_384))).toHaveLength(16_384);
    expect(make("é".repeat(8192))).toHaveLength(8192);
    const message = "test/host: key: must be shorter: EC2 takes 16384 bytes of user data, got 16385";
    expect(errorOf(() => make("x".repeat(16_385)))).toMatchObject({ name: "InputError", message });
    expect(errorOf(() => make(`${"é".repeat(8192)}x`))).toMatchObject({ name: "InputError", message });
  });
  it("is for what the machine gets, without escapes", () => {
    expect(make(shell("x").repeat(4096))).toHaveLength(5 * 4096);
  });
  it("counts what Terraform will put in place of a reference", () => {
    const reference = Token.asString({ later: true });
    expect(() => make(reference + "x".repeat(16_384 - 160))).not.toThrow();
    expect(() => make(reference + "x".repeat(16_384 - 159))).toThrow(/got 16385$/);
  });
});
