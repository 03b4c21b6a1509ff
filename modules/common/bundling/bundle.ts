import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import type { BuildFailure, BuildOptions } from "esbuild";
import { InputError, show } from "../settings/props";
import { CACHE, keepFile, PROJECT, readKept } from "./kept-file";

/** Program in one file, and its digest. */
export interface Bundle {
  /** Self-contained ECMAScript module for Node 20; its file name must end in `.mjs`. */
  readonly code: Buffer;
  /** Digest of the code, 16 hexadecimal characters. */
  readonly digest: string;
}

/**
 * Options that determine the bytes. `minify` is not for the size: without it, esbuild writes the path of each CommonJS file.
 * `tsconfigRaw` ignores the project's tsconfig, `mainFields` prefers modules that can be tree-shaken.
 */
const OPTIONS = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  mainFields: ["module", "main"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  tsconfigRaw: "{}",
  // bundled CommonJS modules still `require` Node's built-in modules
  banner: {
    js: 'import{createRequire as bundledRequire}from"node:module";const require=bundledRequire(import.meta.url);',
  },
} as const satisfies BuildOptions;

const load = createRequire(__filename);

/**
 * Bundles the file `entry` and all of its imports. The result is cached by the content of all inputs, so that esbuild is
 * only loaded after a change.
 */
export function bundle(entry: string, cache = join(CACHE, "bundles")): Bundle {
  const file = resolve(entry);
  if (!existsSync(file)) throw new InputError(`bundle: entry must be an existing file, got ${show(entry)}`);

  const name = relative(PROJECT, file);
  const { version } = load("esbuild/package.json");
  const key = digest(JSON.stringify([version, OPTIONS, name]));
  const codeOf = (inputs: Buffer) => join(cache, `${key}-${digest(inputs)}.mjs`);
  const kept = readKept(join(cache, `${key}.json`));
  if (kept) {
    const code = isAsBefore(JSON.parse(kept.toString())) && readKept(codeOf(kept));
    if (code) return { code, digest: digest(code) };
  }
  const { code, inputs } = build(file);
  const list = Buffer.from(JSON.stringify(inputs));
  keepFile(codeOf(list), code);
  keepFile(join(cache, `${key}.json`), list);
  return { code, digest: digest(code) };
}

function build(file: string) {
  const { buildSync }: typeof import("esbuild") = load("esbuild");
  try {
    const { outputFiles, metafile } = buildSync({
      ...OPTIONS,
      banner: { ...OPTIONS.banner },
      mainFields: [...OPTIONS.mainFields],
      entryPoints: [file],
      absWorkingDir: PROJECT,
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const paths = Object.keys(metafile.inputs).sort();
    const inputs = Object.fromEntries(paths.map((path) => [path, stampOf(path)]));
    return { code: Buffer.from((outputFiles[0] as { contents: Uint8Array }).contents), inputs };
  } catch (error) {
    const faults = (error as Partial<BuildFailure>).errors;
    if (!faults) throw error;
    const lines = faults.map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text));
    throw new InputError(`bundle: ${relative(PROJECT, file)} cannot be bundled: ${lines.join("; ")}`);
  }
}

const isAsBefore = (inputs: Record<string, string>) =>
  Object.entries(inputs).every(([path, stamp]) => stampOf(path) === stamp);

const stampOf = (path: string): string => {
  const file = resolve(PROJECT, path);
  return existsSync(file) ? digest(readFileSync(file)) : "none";
};

const digest = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex").slice(0, 16);
