import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressedFiles, immutableKeys } from "../../../../modules/aws/cloudfront/site-files";
import { type Json, refTo } from "../../../support/synth";
import { build, site } from "./website.fixture";

const FOREVER = "public, max-age=31536000, immutable";
const ASK = "public, max-age=0, s-maxage=3600, must-revalidate";
const objects = (files: Record<string, string>, immutableFolders?: string[]) =>
  build({ folder: site({ "index.html": "x", ...files }), immutableFolders }).all(S3Object);

it("puts each file into the bucket, with its type and without the stack's tags", () => {
  const page = objects({}).find(({ key }) => key === "index.html");
  expect(page).toEqual({
    bucket: refTo(S3Bucket, "id"),
    key: "index.html",
    source: expect.stringMatching(/^assets\/.*\/file\.html$/),
    source_hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    content_type: "text/html; charset=utf-8",
    cache_control: ASK,
    override_provider: { default_tags: { tags: {} } },
    depends_on: expect.arrayContaining([expect.stringMatching(/^aws_s3_bucket_ownership_controls\./)]),
  });
});
it("writes a file again when it changes, and only then", () => {
  const hashes = (files: Record<string, string>) =>
    objects(files).map(({ key, source_hash }: Json) => [key, source_hash]);
  expect(hashes({ "a.txt": "1" })).toEqual(hashes({ "a.txt": "1" }));
  const [before, after] = [hashes({ "a.txt": "1" }), hashes({ "a.txt": "2" })];
  expect(after.filter(([key, hash]) => before.some(([k, h]) => k === key && h !== hash))).toHaveLength(1);
});
it("takes names of any kind", () => {
  const names = [
    "constructor",
    "node_modules/@x/icon.ttf",
    "a b.txt",
    "a-b.txt",
    "a/b.txt",
    "ü.txt",
    "UPPER.txt",
    "upper.txt",
    ".well-known/x",
  ];
  const made = objects(Object.fromEntries(names.map((name) => [name, name])));
  expect(made.map(({ key }) => key).sort()).toEqual([...names, "index.html"].sort());
});
it("hands names to Terraform as they are", () => {
  const [first] = objects({ "a${b}%{c}.js": "1" }).map(({ key }) => key);
  expect(first).toBe("a$${b}%%{c}.js");
});

describe("caching", () => {
  const EXPRESSION = immutableKeys(["_next/static", "a-b"]);
  const immutable = (key: string) => new RegExp(EXPRESSION).test(key);
  it.each([
    ["assets/app.3f2a1b9c.js", true],
    ["assets/app-0a1b2c3d4e5f.min.css", true],
    ["_next/static/chunks/main.js", true],
    ["a-b/x.js", true],
    ["index.html", false],
    ["assets/site.css", false],
    ["x/_next/static/a.js", false],
    ["_next/staticx/a.js", false],
    ["aXb/x.js", false],
    ["report-20240101.pdf", false], // a date
    ["house.deadbeef.html", false], // no digit
    ["app.3f2a1b9.js", false], // seven
    ["app.3F2A1B9C.js", false],
    ["3f2a1b9c.js", false],
    ["media/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f.png", false], // a UUID
  ])("of %s is for ever: %s", (key, expected) => {
    expect(immutable(key)).toBe(expected);
  });
  it("is for ever for what never changes, and asks again for the rest", () => {
    const made = objects({ "assets/app.3f2a1b9c.js": "", "assets/site.css": "", "lib/x.js": "" }, ["lib"]);
    expect(Object.fromEntries(made.map(({ key, cache_control }) => [key, cache_control]))).toEqual({
      "assets/app.3f2a1b9c.js": FOREVER,
      "assets/site.css": ASK,
      "index.html": ASK,
      "lib/x.js": FOREVER,
    });
  });
  it("never takes a folder's name for an expression", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{1,8}(\/[\w-]{1,8}){0,2}$/), (folder) => {
        expect(new RegExp(immutableKeys([folder])).test(`${folder}/page.html`)).toBe(true);
        expect(new RegExp(immutableKeys([folder])).test(`x${folder}/page.html`)).toBe(false);
      }),
    );
  });
});
it("knows the files that have an address without an extension", () => {
  expect(addressedFiles(["index.html", "a/b.html", "LICENSE", "a.css", "a.b/c", ".well-known/x.txt"])).toEqual([
    "index.html",
    "a/b.html",
    "LICENSE",
    "a.b/c",
  ]);
});
