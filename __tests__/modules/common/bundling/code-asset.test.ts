import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { App, TerraformStack } from "cdktf";
import { expect, it } from "vitest";
import { CodeAsset } from "../../../../modules/common/bundling/code-asset";

/** Synthesizes a whole app into a folder of its own, as only that copies the files. */
function synthesized(content: string, fileName = "gateway.mjs") {
  const outdir = mkdtempSync(join(tmpdir(), "asset-"));
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "stack");
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  const asset = new CodeAsset(stack, "code", { fileName, content: Buffer.from(content) });
  new S3Object(stack, "object", { bucket: "b", key: "k", source: asset.path, sourceHash: asset.digest });
  app.synth();
  const folder = join(outdir, "stacks", "stack");
  return { asset, folder, json: readFileSync(join(folder, "cdk.tf.json"), "utf8") };
}

it("is copied beside the JSON, which names it by a path of its own", () => {
  const { asset, folder, json } = synthesized("hello");
  expect(asset.path).toMatch(/^assets\/code_file_[0-9A-F]{8}\/[0-9a-f]{16}\/gateway\.mjs$/);
  expect(JSON.parse(json).resource.aws_s3_object.object.source).toBe(asset.path);
  expect(readFileSync(join(folder, asset.path), "utf8")).toBe("hello");
  const { resource } = JSON.parse(json);
  expect(JSON.stringify(resource)).not.toContain(tmpdir());
  expect(JSON.stringify(resource)).not.toContain(process.cwd());
});
it("is the same twice, and another where the content is", () => {
  const [first, second, other] = [synthesized("hello"), synthesized("hello"), synthesized("hello!")];
  expect(second.json).toBe(first.json);
  expect(second.asset.digest).toBe("2cf24dba5fb0a30e"); // sha256sum
  expect(other.asset.digest).not.toBe(first.asset.digest);
  expect(other.asset.path).not.toBe(first.asset.path);
});
it("takes bytes as they are", () => {
  const { folder, asset } = synthesized("PK\u0003\u0004", "folder.zip");
  expect(readdirSync(join(folder, asset.path, ".."))).toEqual(["folder.zip"]);
});
