import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DerivedSchemas } from "../src/cache";

/** Bindings of a provider with one resource, which has this one argument. */
function bindings(argument: string, version = "1.0.0") {
  const folder = mkdtempSync(join(tmpdir(), "bindings-"));
  const source = [
    "export interface ThingConfig extends cdktf.TerraformMetaArguments {",
    "}",
    "export class Thing extends cdktf.TerraformResource {",
    "  public constructor(scope: Construct, id: string, config: ThingConfig) {",
    `  // ${argument} - computed: true, optional: false, required: false`,
    `  public get ${argument}() {`,
    `    return this.getStringAttribute('${argument}');`,
    "  }",
    "}",
    "",
  ].join("\n");
  const map = Buffer.from(JSON.stringify({ sourcesContent: [source] })).toString("base64");
  const compiled = [
    "class Thing extends cdktf.TerraformResource {",
    "}",
    'Thing.tfResourceType = "one_thing";',
    `//# sourceMappingURL=data:application/json;base64,${map}`,
  ].join("\n");
  mkdirSync(join(folder, "lib", "thing"), { recursive: true });
  writeFileSync(join(folder, "lib", "thing", "index.js"), compiled);
  return {
    name: "@cdktf/provider-one",
    version,
    folder,
    source: "registry.terraform.io/acme/one",
    providerVersion: "1.0.0",
  };
}

const cacheFolder = () => mkdtempSync(join(tmpdir(), "cache-"));
const schema = (argument: string) => ({ attributes: { [argument]: { type: "string", computed: true } }, blocks: {} });

describe("cached schemas", () => {
  it("are derived on first use", () => {
    const schemas = new DerivedSchemas(bindings("size"), cacheFolder());
    expect(schemas.types("resource")).toEqual(["one_thing"]);
    expect(schemas.types("data")).toEqual([]);
    expect(schemas.block("resource", "one_thing")).toEqual(schema("size"));
    expect(schemas.block("resource", "one_other")).toBeUndefined();
    expect(schemas.block("data", "one_thing")).toBeUndefined();
  });
  it("are read from the cache afterwards", () => {
    const cache = cacheFolder();
    new DerivedSchemas(bindings("size"), cache).block("resource", "one_thing");
    const again = new DerivedSchemas(bindings("colour"), cache);
    expect(again.block("resource", "one_thing")).toEqual(schema("size"));
  });
  it("are cached by version", () => {
    const cache = cacheFolder();
    new DerivedSchemas(bindings("size"), cache).block("resource", "one_thing");
    const newer = new DerivedSchemas(bindings("colour", "1.0.1"), cache);
    expect(newer.block("resource", "one_thing")).toEqual(schema("colour"));
    expect(readdirSync(cache)).toHaveLength(2);
  });
  it("are written atomically", () => {
    const cache = cacheFolder();
    new DerivedSchemas(bindings("size"), cache).block("resource", "one_thing");
    const [folder = ""] = readdirSync(cache);
    const files = readdirSync(join(cache, folder)).sort();
    expect(files).toEqual(["resource.one_thing.json", "types.json"]); // and no half of one
    for (const file of files) expect(() => JSON.parse(readFileSync(join(cache, folder, file), "utf8"))).not.toThrow();
  });
  it("are derived again when a file is gone or damaged", () => {
    const cache = cacheFolder();
    new DerivedSchemas(bindings("size"), cache).block("resource", "one_thing");
    const [folder = ""] = readdirSync(cache);
    const again = () => new DerivedSchemas(bindings("size"), cache).block("resource", "one_thing");
    writeFileSync(join(cache, folder, "resource.one_thing.json"), '{ "attributes": ');
    expect(again()).toEqual(schema("size"));
    rmSync(join(cache, folder), { recursive: true });
    expect(again()).toEqual(schema("size"));
  });
  it("do not need a writable cache", () => {
    const file = join(cacheFolder(), "file");
    writeFileSync(file, "");
    expect(new DerivedSchemas(bindings("size"), file).block("resource", "one_thing")).toEqual(schema("size"));
  });
});
