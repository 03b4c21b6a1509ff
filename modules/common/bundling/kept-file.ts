import { mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** Root of the project. */
export const PROJECT = join(__dirname, "..", "..", "..");
/** Folder for files that can be regenerated at any time. */
export const CACHE = join(PROJECT, "node_modules", ".cache");

/**
 * Writes a file at `path`, or in a temporary folder if `path` is read-only, and returns where it is. The write is atomic,
 * since other processes may read the file.
 */
export function keepFile(path: string, content: Uint8Array): string {
  if (readKept(path)?.equals(content)) return path;
  try {
    return write(path, content);
  } catch {
    return write(join(mkdtempSync(join(tmpdir(), "kept-")), basename(path)), content); // a read-only node_modules
  }
}

/** Content of a file; undefined if there is none. */
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
