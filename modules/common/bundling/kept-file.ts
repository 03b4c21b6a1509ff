import { mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** Root of the project. */
export const PROJECT = join(__dirname, "..", "..", "..");
/** Where files are kept that can be made again at any time. */
export const CACHE = join(PROJECT, "node_modules", ".cache");

/**
 * Keeps a file at `path`, and says where it is: elsewhere when nobody may write there. It is written whole or not at
 * all, since another process may read it meanwhile.
 */
export function keepFile(path: string, content: Uint8Array): string {
  if (readKept(path)?.equals(content)) return path;
  try {
    return write(path, content);
  } catch {
    return write(join(mkdtempSync(join(tmpdir(), "kept-")), basename(path)), content); // a read-only node_modules
  }
}

/** Content of a kept file; undefined when there is none. */
export function readKept(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function write(path: string, content: Uint8Array): string {
  const half = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(half, content);
  renameSync(half, path);
  return path;
}
