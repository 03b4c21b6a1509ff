import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bindings, sourceOf, type TypeFolders, typeFolders } from "./bindings";
import { derive } from "./derive";
import type { Block } from "./schema";

type DerivedKind = keyof TypeFolders;

/** What a derived schema depends on, beside the bindings: when one of these files changes, it is derived anew. */
const DERIVATION = ["bindings.ts", "derive.ts", "scan.ts", "schema.ts"];

/** Folder of all kept schemas, which goes with the packages that they are derived from. */
export const cacheFolder = (modules: string): string => join(modules, ".cache", "rehearsal");

/** Schemas of one provider, derived from its bindings when they are first asked for, and kept by version from then on. */
export class DerivedSchemas {
  private readonly folder: string;
  private readonly blocks = new Map<string, Block>();
  private known?: TypeFolders;

  constructor(
    readonly bindings: Bindings,
    cache: string,
  ) {
    const { name, version } = bindings;
    this.folder = join(cache, `${name.replace("/", "+")}@${version}-${derivation()}`);
  }

  /** Every type of a kind, by name. */
  types(kind: DerivedKind): string[] {
    return Object.keys(this.typeFolders()[kind]);
  }

  /** Schema of a type; undefined when the provider has no such type. */
  block(kind: DerivedKind, type: string): Block | undefined {
    const key = `${kind}.${type}`;
    const held = this.blocks.get(key);
    if (held) return held;
    const name = this.typeFolders()[kind][type];
    if (name === undefined) return undefined;
    const block = this.kept(key, () => derive(sourceOf(this.bindings, name)));
    this.blocks.set(key, block);
    return block;
  }

  private typeFolders(): TypeFolders {
    this.known ??= this.kept("types", () => typeFolders(this.bindings));
    return this.known;
  }

  private kept<T>(key: string, make: () => T): T {
    const file = join(this.folder, `${key}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
    const value = make();
    this.keep(file, value);
    return value;
  }

  /** Writes the file whole or not at all, since another process may read it meanwhile; a cache that cannot be written is no fault. */
  private keep(file: string, value: unknown) {
    const half = `${file}.${process.pid}`;
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(half, JSON.stringify(value));
      renameSync(half, file);
    } catch {
      // a read-only node_modules: derive again next time
    }
  }
}

function derivation(): string {
  const hash = createHash("sha1");
  for (const file of DERIVATION) hash.update(readFileSync(join(__dirname, file)));
  return hash.digest("hex").slice(0, 12);
}
