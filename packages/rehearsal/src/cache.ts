import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bindings, sourceOf, type TypeFolders, typeFolders } from "./bindings";
import { derive } from "./derive";
import type { Block } from "./schema";

type DerivedKind = keyof TypeFolders;

/** Source files on which a derived schema depends; a change invalidates the cache. */
const DERIVATION = ["bindings.ts", "derive.ts", "scan.ts", "schema.ts"];

/** Folder of the cached schemas, in the `node_modules` folder of the bindings. */
export const cacheFolder = (modules: string): string => join(modules, ".cache", "rehearsal");

/** Schemas of one provider, derived from its bindings on first use and cached by version. */
export class DerivedSchemas {
  private readonly folder: string;
  private readonly blocks = new Map<string, Block>();
  private folders?: TypeFolders;

  constructor(
    readonly bindings: Bindings,
    cache: string,
  ) {
    const { name, version } = bindings;
    this.folder = join(cache, `${name.replace("/", "+")}@${version}-${derivation()}`);
  }

  /** Names of all types of a kind. */
  types(kind: DerivedKind): string[] {
    return Object.keys(this.typeFolders()[kind]);
  }

  /** Schema of a type; undefined for an unknown type. */
  block(kind: DerivedKind, type: string): Block | undefined {
    const key = `${kind}.${type}`;
    const known = this.blocks.get(key);
    if (known) return known;
    const name = this.typeFolders()[kind][type];
    if (name === undefined) return undefined;
    const block = this.cached(key, () => derive(sourceOf(this.bindings, name)));
    this.blocks.set(key, block);
    return block;
  }

  private typeFolders(): TypeFolders {
    this.folders ??= this.cached("types", () => typeFolders(this.bindings));
    return this.folders;
  }

  private cached<T>(key: string, make: () => T): T {
    const file = join(this.folder, `${key}.json`);
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch {
      // not cached yet, or removed or damaged in the meantime
    }
    const value = make();
    this.write(file, value);
    return value;
  }

  /** Writes the file atomically, as other processes may read it; a failure is ignored. */
  private write(file: string, value: unknown) {
    const temporary = `${file}.${process.pid}`;
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(temporary, JSON.stringify(value));
      renameSync(temporary, file);
    } catch {
      // a read-only node_modules: derived again next time
    }
  }
}

function derivation(): string {
  const hash = createHash("sha1");
  for (const file of DERIVATION) hash.update(readFileSync(join(__dirname, file)));
  return hash.digest("hex").slice(0, 12);
}
