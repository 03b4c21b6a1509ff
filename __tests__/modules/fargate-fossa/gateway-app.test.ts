import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { afterAll, expect, it } from "vitest";
import { PrivateBucket } from "../../../modules/aws/storage/private-bucket";
import { GatewayApp, type GatewayAppProps } from "../../../modules/fargate-fossa/gateway-app";
import { type BadInput, rejects } from "../../support/bad-input";
import { refTo, synth } from "../../support/synth";

const folder = mkdtempSync(join(tmpdir(), "gateway-app-"));
afterAll(() => rmSync(folder, { recursive: true }));
const entry = join(folder, "main.ts");
const build = (program: string, props: Partial<GatewayAppProps> = {}) => {
  writeFileSync(entry, program);
  const made: GatewayApp[] = [];
  const result = synth((stack) => {
    const bucket = new PrivateBucket(stack, "bucket", { bucketPrefix: "fossa-" });
    made.push(new GatewayApp(stack, "app", { bucket, entry, ...props }));
  });
  return { ...result, app: made[0] as GatewayApp, object: result.one(S3Object) };
};

it("puts the program, in one file, under a key that stays", () => {
  const { object, app, parsed } = build("console.log('one')");
  expect(object).toMatchObject({
    bucket: refTo(S3Bucket, "bucket"),
    key: "gateway/gateway.mjs",
    source: expect.stringMatching(/^assets\/.*\/gateway\.mjs$/),
    source_hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    content_type: "text/javascript",
  });
  expect(object.depends_on).toContain(
    `aws_s3_bucket_versioning.${Object.keys(parsed.resource.aws_s3_bucket_versioning)[0]}`,
  );
  expect(app.key).toBe("gateway/gateway.mjs");
  expect(build("console.log('one')", { key: "other.mjs" }).object.key).toBe("other.mjs");
});
it("is uploaded anew when it has changed, and only then", () => {
  const one = build("console.log('one')").object;
  expect(build("// a comment\nconsole.log('one')").object).toEqual(one);
  const two = build("console.log('two')").object;
  expect(two.key).toBe(one.key);
  expect(two.source_hash).not.toBe(one.source_hash);
});
it("is the page of this project unless told otherwise", () => {
  const source = readFileSync("modules/fargate-fossa/gateway-app.ts", "utf8");
  expect(source).toContain('"assets", "gateway", "main.ts"');
});

const bucket = { bucketName: "fossa-programs", bucketArn: "arn:aws:s3:::fossa-programs", ready: [] };
const rows: BadInput<Record<string, unknown>>[] = [
  ["bucket", { bucket: undefined }, "a PrivateBucket", "got nothing"],
  ["bucket", { bucket: "fossa-programs" }, "bucketName, bucketArn, ready"],
  ["bucket", { bucket: { bucketName: "fossa-programs" } }, "a PrivateBucket"],
  ["entry", { entry: "" }, "at least 1"],
  ["entry", { entry: 7 }, "of type string"],
  ["key", { key: "" }, "words joined by /"],
  ["key", { key: "/gateway.mjs" }, "words joined by /", "/gateway.mjs"],
  ["key", { key: "a//b" }, "words joined by /"],
  ["key", { key: "a b" }, "words joined by /", "a b"],
  ["key", { key: "a'b" }, "words joined by /"],
  ["key", { key: "$(id)" }, "words joined by /"],
  ["key", { key: `a${"b".repeat(256)}` }, "at most 256", "257"],
  ["key", { key: "gateway/" }, "words joined by /"],
  ["key", { key: null }, "of type string"],
  ["keys", { keys: "x" }, "did you mean key?"],
];
rejects("test/app", rows, (scope, props) => new GatewayApp(scope, "app", { bucket, entry, ...props }));
it("takes a key of 256 characters", () => {
  expect(build("1", { key: `a${"b".repeat(255)}` }).object.key).toHaveLength(256);
});
