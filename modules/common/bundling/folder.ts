import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, posix, resolve, sep } from "node:path";
import { InputError } from "../settings/props";

/** A file of a folder: what it is called there, what it holds, and whether it is a program. */
export interface FolderFile {
  /** Path below the folder, with `/` between its parts. */
  readonly path: string;
  readonly bytes: Buffer;
  readonly executable: boolean;
}

/** Bytes that a folder may hold; it is read whole, and what has more is not source code but data left in it. */
const SIZE_LIMIT = 64 * 1024 * 1024;

/** Leftovers of editors, tools and systems, in the names of files and folders. */
const LEFTOVERS = [
  /^\.(DS_Store|git|hg|svn|idea|vscode|venv|mypy_cache|pytest_cache|ruff_cache|cache)$/,
  /^(node_modules|__pycache__|Thumbs\.db|desktop\.ini)$/,
  /\.(pyc|pyo|swp|swo|orig|rej)$/,
  /~$|^\.?#|^\._/,
];

/**
 * Files of a folder in the order of their paths, without the leftovers of editors and tools. `where` begins the error
 * when the folder cannot be used.
 */
export function filesOf(folder: string, where = "folder"): FolderFile[] {
  const root = resolve(folder);
  const refuse = (why: string, what: string): never => {
    throw new InputError(`${where}: ${why}, got ${folder}; ${what}`);
  };
  const real = realPath(root);
  if (!real || !statSync(real).isDirectory()) {
    return refuse(`must be a folder, but ${real ? "it is none" : "there is none"}`, "name one that exists");
  }

  const files: FolderFile[] = [];
  let size = 0;
  const add = (path: string, entry: Dirent) => {
    const file = join(root, path);
    if (entry.isDirectory()) return walk(path);
    if (entry.isSymbolicLink()) {
      const target = realPath(file);
      if (!target) return refuse(`holds the link ${path}, which leads nowhere`, "remove it");
      if (!target.startsWith(real + sep))
        return refuse(`holds the link ${path}, which leads out`, "copy its target in");
    }
    const stat = statSync(file);
    if (!stat.isFile())
      return refuse(`holds ${path}, which is no file of its own`, "keep files and folders in it only");
    size += stat.size;
    if (size > SIZE_LIMIT) {
      return refuse("must hold at most 64 MiB, but it has more", "keep data and builds elsewhere");
    }
    files.push({ path, bytes: readFileSync(file), executable: (stat.mode & 0o111) !== 0 });
  };
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      if (LEFTOVERS.every((leftover) => !leftover.test(entry.name))) add(posix.join(below, entry.name), entry);
    }
  };
  walk("");
  if (files.length === 0) return refuse("must hold files, but it has none", "put some in, or name another");
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Sixteen hexadecimal characters that change when a path, a byte or an executable bit of the files changes. */
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
