import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, posix, resolve, sep } from "node:path";
import { InputError } from "../settings/props";

/** File of a folder. */
export interface FolderFile {
  /** Path relative to the folder, separated by `/`. */
  readonly path: string;
  readonly bytes: Buffer;
  readonly executable: boolean;
}

/** Maximum size of a folder, bytes. It is read into memory, and a larger one is not source code but stray data. */
const SIZE_LIMIT = 64 * 1024 * 1024;

/** Names of files and folders left behind by editors, tools and operating systems. */
const LEFTOVERS = [
  /^\.(DS_Store|git|hg|svn|idea|vscode|venv|mypy_cache|pytest_cache|ruff_cache|cache)$/,
  /^(node_modules|__pycache__|Thumbs\.db|desktop\.ini)$/,
  /\.(pyc|pyo|egg-info|swp|swo|orig|rej)$/,
  /~$|^\.?#|^\._/,
];

export interface FolderOptions {
  /** Take the folders `node_modules` too; left out by default. */
  readonly modules?: boolean;
  /** What to do about a folder that is too large. */
  readonly tooLarge?: string;
}

/** Files of a folder sorted by path, without leftovers of editors and tools. `where` is the prefix of errors. */
export function filesOf(
  folder: string,
  where = "folder",
  { modules = false, tooLarge = "keep data and builds elsewhere" }: FolderOptions = {},
): FolderFile[] {
  const root = resolve(folder);
  const fail = (fault: string, advice: string): never => {
    throw new InputError(`${where}: ${fault}, got ${folder}; ${advice}`);
  };
  const real = realPath(root);
  if (!real || !statSync(real).isDirectory()) {
    return fail(`must be a folder, but ${real ? "it is a file" : "it does not exist"}`, "name an existing one");
  }

  const files: FolderFile[] = [];
  let size = 0;
  const add = (path: string, entry: Dirent) => {
    const file = join(root, path);
    if (entry.isDirectory()) return walk(path);
    if (entry.isSymbolicLink()) {
      const target = realPath(file);
      if (!target) return fail(`contains the broken link ${path}`, "remove it");
      if (!target.startsWith(real + sep))
        return fail(`contains the link ${path}, which points outside`, "copy its target in");
    }
    const stat = statSync(file);
    if (!stat.isFile())
      return fail(`contains ${path}, which is not a regular file`, "keep only files and folders in it");
    size += stat.size;
    if (size > SIZE_LIMIT) {
      return fail("must contain at most 64 MiB, but it has more", tooLarge);
    }
    files.push({ path, bytes: readFileSync(file), executable: (stat.mode & 0o111) !== 0 });
  };
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      const taken = LEFTOVERS.every((leftover) => !leftover.test(entry.name));
      if (taken || (modules && entry.name === "node_modules")) add(posix.join(below, entry.name), entry);
    }
  };
  walk("");
  if (files.length === 0) return fail("must contain files, but it is empty", "add some, or name another folder");
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Digest of the files' paths, contents and executable bits, 16 hexadecimal characters. */
export function digestOf(files: readonly FolderFile[]): string {
  const hash = createHash("sha256");
  for (const { path, bytes, executable } of files) {
    hash.update(`${path}\0${executable ? "x" : "-"}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex").slice(0, 16);
}

/** Digest of a folder's files; see {@link filesOf} and {@link digestOf}. */
export const folderDigest = (folder: string, where?: string): string => digestOf(filesOf(folder, where));

const realPath = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};
