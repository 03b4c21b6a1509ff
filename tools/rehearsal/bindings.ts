import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Kind } from "./schema";

/** An installed `@cdktf/provider-*` package: the bindings of one version of one provider. */
export interface Bindings {
  /** Name of the package, and its version. */
  name: string;
  version: string;
  /** Folder of the installed package. */
  folder: string;
  /** Address of the provider: `registry.terraform.io/hashicorp/aws`. */
  source: string;
  /** Version of the provider that the bindings were made from. */
  providerVersion: string;
}

/** Folder of the bindings that holds each resource type, data source and the provider's configuration, by kind and type. */
export type TypeFolders = Record<Exclude<Kind, "ephemeral">, Record<string, string>>;

/** Every provider whose bindings are installed in `modules` (a `node_modules` folder), or those of `packages` only. */
export function findBindings(modules: string, packages?: string[]): Bindings[] {
  const scope = join(modules, "@cdktf");
  const installed = existsSync(scope) ? readdirSync(scope).sort() : [];
  const names = packages ?? installed.map((name) => `@cdktf/${name}`);
  return names.flatMap((name) => readBindings(join(modules, name)) ?? (packages ? missing(name, modules) : []));
}

/** Reads what a package says of itself; undefined when it holds no provider. */
export function readBindings(folder: string): Bindings | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  const { name, version, cdktf } = JSON.parse(readFileSync(file, "utf8"));
  const { name: source, version: providerVersion } = cdktf?.provider ?? {};
  return source ? { name, version, folder, source, providerVersion } : undefined;
}

function missing(name: string, modules: string): never {
  throw new Error(`${name}: no bindings of a provider are installed under that name in ${modules}`);
}

/** Reads from the text of each file what it describes; loading 2,000 modules instead would take minutes. */
export function typeFolders({ folder }: Bindings): TypeFolders {
  const found: TypeFolders = { provider: {}, resource: {}, data: {} };
  const lib = join(folder, "lib");
  for (const name of readdirSync(lib).sort()) {
    const file = join(lib, name, "index.js");
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "latin1");
    const [, className, base] =
      /^class (\w+) extends cdktf\.Terraform(Resource|DataSource|Provider) /m.exec(text) ?? [];
    const [, type] = new RegExp(`^${className}\\.tfResourceType = "([^"]+)"`, "m").exec(text) ?? [];
    if (type) found[KINDS[base as keyof typeof KINDS]][type] = name;
  }
  return found;
}

const KINDS = { Resource: "resource", DataSource: "data", Provider: "provider" } as const;

/** TypeScript that the JavaScript in one folder of the bindings was compiled from, with the structs kept beside it. */
export function sourceOf({ folder }: Bindings, name: string): string {
  const main = join(folder, "lib", name, "index.js");
  const structs = join(dirname(main), "index-structs");
  const files = existsSync(structs) ? readdirSync(structs).filter((file) => /^structs\d+\.js$/.test(file)) : [];
  return [...files.map((file) => join(structs, file)), main].map(original).join("\n");
}

const MAP = "sourceMappingURL=data:application/json;base64,";

/**
 * The original of a compiled file, out of its source map. The compiler drops the comments that go with a declaration
 * of a type, and with them whether an optional argument is also computed.
 */
function original(file: string): string {
  const text = readFileSync(file, "latin1");
  const start = text.lastIndexOf(MAP);
  const map = start < 0 ? {} : JSON.parse(Buffer.from(text.slice(start + MAP.length), "base64").toString("utf8"));
  const [source] = map.sourcesContent ?? [];
  if (!source) throw new Error(`${file}: holds no source map with its TypeScript, from which to derive a schema`);
  return source;
}
