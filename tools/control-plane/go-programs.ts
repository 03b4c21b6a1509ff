import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execute } from "../execute";

/** Programs cannot be built, or the folder that holds them lacks some. */
export class CannotBuild extends Error {}

/** Where programs are kept that were built once: a folder of the user's cache, which outlives a clone. */
export const cacheFolder = ({ XDG_CACHE_HOME }: NodeJS.ProcessEnv = process.env): string =>
  join(XDG_CACHE_HOME || join(homedir(), ".cache"), "cdktf-ml-infra");

/** Oldest Go that builds every module of this folder: the newest `go` line of their go.mod files. */
const GO_VERSION = "1.26.6";

/** A Go module of this folder, and what of it is built. */
export interface GoModule {
  /** Folder with go.mod, go.sum, and a `tool` line for each program. */
  readonly folder: string;
  /** Settings of the linker, such as the version that a program tells. */
  readonly linkerFlags?: readonly string[];
}

/**
 * Folder with the programs of a Go module. They are built from the Go proxy, at the versions and checksums of go.mod and
 * go.sum, and kept in the cache until one of these files, a setting or the Go version changes.
 */
export async function goPrograms(module: GoModule, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { folder, linkerFlags = [] } = module;
  const goVersion = (await go(["version"], { folder, env })).trim();
  const texts = ["go.mod", "go.sum"].map((file) => readFileSync(join(folder, file), "utf8"));
  const digest = createHash("sha256");
  for (const text of [goVersion, ...linkerFlags, ...texts]) digest.update(`${text}\0`);
  const kept = join(cacheFolder(env), "go-programs", digest.digest("hex").slice(0, 20));
  if (existsSync(kept)) return kept;

  mkdirSync(join(kept, ".."), { recursive: true });
  const making = mkdtempSync(`${kept}-`);
  try {
    const flags = ["-trimpath", "-ldflags", ["-s", "-w", ...linkerFlags].join(" ")];
    await go(["build", ...flags, "-o", making, "tool"], { folder, env: { ...env, GOFLAGS: "-mod=readonly" } });
    renameSync(making, kept); // at once, so that what was cut short is never taken for whole
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(kept)) throw error; // another process may have been faster
  }
  return kept;
}

/** Folder of the files of a Go module, such as its CRDs; downloaded once, checked against the checksum database. */
export async function goModuleFiles(module: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const answer = await go(["mod", "download", "-json", module], { folder: cacheFolder(env), env });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

async function go(args: string[], { folder, env }: { folder: string; env: NodeJS.ProcessEnv }): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { status, stdout, stderr } = await execute("go", args, { cwd: folder, env }).catch(({ message }: Error) => {
    throw new CannotBuild(`go cannot be started, and Go ${GO_VERSION} or later is needed: ${message}`);
  });
  if (status === 0) return stdout;
  throw new CannotBuild(`go ${args[0]} ended with status ${status} in ${folder}:\n${stderr.trim() || stdout.trim()}`);
}
