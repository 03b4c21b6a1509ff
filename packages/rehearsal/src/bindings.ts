import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Kind } from "./schema";

/** An installed `@cdktf/provider-*` package: the bindings of one version of a provider. */
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

/** Folder in the bindings of each resource type, data source and the provider's configuration, by kind and type. */
export type TypeFolders = Record<Exclude<Kind, "ephemeral">, Record<string, string>>;

/** The `node_modules` folder in which cdktf is installed. */
export const installedModules = (): string =>
  join(dirname(createRequire(__filename).resolve("cdktf/package.json")), "..");

/** Bindings that are installed in `modules` (a `node_modules` folder): of every provider, or of `packages` only. */
export function findBindings(modules: string, packages?: string[]): Bindings[] {
  const scope = join(modules, "@cdktf");
  const installed = existsSync(scope) ? readdirSync(scope).sort() : [];
  const names = packages ?? installed.map((name) => `@cdktf/${name}`);
  return names.flatMap((name) => readBindings(join(modules, name)) ?? (packages ? missing(name, modules) : []));
}

/** Reads the `package.json` of an installed package; undefined when it has no provider. */
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

/** Scans the text of each file for the type that it declares; loading 2,000 modules would take minutes. */
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

/** TypeScript source of one folder of the bindings, including structs in separate files. */
export function sourceOf({ folder }: Bindings, name: string): string {
  const main = join(folder, "lib", name, "index.js");
  const structs = join(dirname(main), "index-structs");
  const files = existsSync(structs) ? readdirSync(structs).filter((file) => /^structs\d+\.js$/.test(file)) : [];
  return [...files.map((file) => join(structs, file)), main].map(original).join("\n");
}

const MAP = "sourceMappingURL=data:application/json;base64,";

/**
 * The source of a compiled file, from its source map. The compiled file lacks the comments on type declarations, which
 * tell whether an optional argument is also computed.
 */
function original(file: string): string {
  const text = readFileSync(file, "latin1");
  const start = text.lastIndexOf(MAP);
  const map = start < 0 ? {} : JSON.parse(Buffer.from(text.slice(start + MAP.length), "base64").toString("utf8"));
  const [source] = map.sourcesContent ?? [];
  if (!source) throw new Error(`${file}: has no source map with its TypeScript source, from which to derive a schema`);
  return source;
}
