import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
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

/** An input of a bundle: the digest of its content, and what its folder says of it, which tells sooner that it is as before. */
interface Input {
  readonly content: string;
  readonly stamp: string;
}
type Inputs = Readonly<Record<string, Input>>;

/**
 * Bundles the file `entry` and all of its imports. The result is cached by the content of all inputs, so that esbuild is
 * only loaded after a change; files that nobody has written to since are not read again.
 */
export function bundle(entry: string, cache = join(CACHE, "bundles")): Bundle {
  const file = resolve(entry);
  if (!existsSync(file)) throw new InputError(`bundle: entry must be an existing file, got ${show(entry)}`);

  const name = relative(PROJECT, file);
  const { version } = load("esbuild/package.json");
  const key = digest(JSON.stringify([version, OPTIONS, name]));
  const list = join(cache, `${key}.json`);
  const codeOf = (inputs: Inputs) => {
    const contents = Object.entries(inputs).map(([path, { content }]) => [path, content]);
    return join(cache, `${key}-${digest(JSON.stringify(contents))}.mjs`);
  };
  const keep = (inputs: Inputs) => keepFile(list, Buffer.from(JSON.stringify(inputs)));

  const kept = readKept(list);
  const before: Inputs = kept ? JSON.parse(kept.toString()) : {};
  const now = kept && unchanged(before);
  const code = now && readKept(codeOf(now));
  if (code) {
    if (now !== before) keep(now);
    return { code, digest: digest(code) };
  }
  const built = build(file);
  keepFile(codeOf(built.inputs), built.code);
  keep(built.inputs);
  return { code: built.code, digest: digest(built.code) };
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
    const inputs = Object.fromEntries(paths.map((path) => [path, inputOf(path)]));
    return { code: Buffer.from((outputFiles[0] as { contents: Uint8Array }).contents), inputs };
  } catch (error) {
    const faults = (error as Partial<BuildFailure>).errors;
    if (!faults) throw error;
    const lines = faults.map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text));
    throw new InputError(`bundle: ${relative(PROJECT, file)} cannot be bundled: ${lines.join("; ")}`);
  }
}

/** The inputs if all hold what they held: the same object if none was written to; undefined if one holds something else. */
function unchanged(before: Inputs): Inputs | undefined {
  const touched: Record<string, Input> = {};
  for (const [path, input] of Object.entries(before)) {
    if (stampOf(path) === input.stamp) continue;
    const now = inputOf(path);
    if (now.content !== input.content) return undefined;
    touched[path] = now;
  }
  return Object.keys(touched).length > 0 ? { ...before, ...touched } : before;
}

const inputOf = (path: string): Input => {
  const stamp = stampOf(path); // before the content: what is written in between is read again next time
  return { stamp, content: stamp ? digest(readFileSync(resolve(PROJECT, path))) : "none" };
};

/** Changes whenever a file is written or replaced, as no program can set the time of its change; empty if there is none. */
function stampOf(path: string): string {
  const stat = statSync(resolve(PROJECT, path), { throwIfNoEntry: false });
  return stat ? `${stat.ctimeMs} ${stat.ino} ${stat.size}` : "";
}

const digest = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex").slice(0, 16);
