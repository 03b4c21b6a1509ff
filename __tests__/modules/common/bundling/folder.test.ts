import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestOf, filesOf, folderDigest } from "../../../../modules/common/bundling/folder";
import { errorOf } from "../../../support/bad-input";

const fresh = () => mkdtempSync(join(tmpdir(), "folder-"));
const put = (folder: string, path: string, content = path) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const folderOf = (...paths: string[]) => {
  const folder = fresh();
  for (const path of paths) put(folder, path);
  return folder;
};
const PATHS = ["Dockerfile", "app/main.py", "app/b/c.txt", "Zed", "a"];

describe("files", () => {
  it("come in the order of their paths, whatever order they were made in", () => {
    const expected = ["Dockerfile", "Zed", "a", "app/b/c.txt", "app/main.py"];
    for (const paths of [PATHS, [...PATHS].reverse()]) {
      expect(filesOf(folderOf(...paths)).map(({ path }) => path)).toEqual(expected);
    }
  });
  it("come in the order of whole paths, not folder by folder", () => {
    // a hyphen comes before the slash, but the folder app before the file app-2
    expect(filesOf(folderOf("app/main.py", "app-2")).map(({ path }) => path)).toEqual(["app-2", "app/main.py"]);
  });
  it("are told with what they hold and whether they are programs", () => {
    const folder = folderOf("run.sh", "data");
    chmodSync(join(folder, "run.sh"), 0o755);
    chmodSync(join(folder, "data"), 0o640);
    expect(filesOf(folder)).toEqual([
      { path: "data", bytes: Buffer.from("data"), executable: false },
      { path: "run.sh", bytes: Buffer.from("run.sh"), executable: true },
    ]);
  });
  it.each([
    ".DS_Store",
    "app/.DS_Store",
    "node_modules/left-pad/index.js",
    "app/__pycache__/main.cpython-312.pyc",
    "main.pyc",
    "src/ml_training.egg-info/PKG-INFO",
    ".git/HEAD",
    ".venv/bin/python",
    ".idea/workspace.xml",
    ".vscode/settings.json",
    ".pytest_cache/v/cache",
    "main.py~",
    "#main.py#",
    ".#main.py",
    ".main.py.swp",
    "._main.py",
    "main.py.orig",
    "Thumbs.db",
  ])("are without the leftover %s", (leftover) => {
    expect(folderDigest(folderOf(...PATHS, leftover))).toBe(folderDigest(folderOf(...PATHS)));
  });
  it.each([".dockerignore", ".env.example", "modules/a", "cache", "pycache", "a.swap"])("are with %s", (path) => {
    expect(filesOf(folderOf(...PATHS, path)).map((file) => file.path)).toContain(path);
  });
  it("are what a link within the folder leads to", () => {
    const folder = folderOf("real");
    symlinkSync("real", join(folder, "link"));
    expect(filesOf(folder).map(({ path, bytes }) => [path, bytes.toString()])).toEqual([
      ["link", "real"],
      ["real", "real"],
    ]);
  });
});

describe("digest", () => {
  const digest = (change: (folder: string) => void = () => {}) => {
    const folder = folderOf(...PATHS);
    change(folder);
    return folderDigest(folder);
  };

  it("is sixteen hexadecimal characters, the same for the same content anywhere", () => {
    expect(digest()).toMatch(/^[0-9a-f]{16}$/);
    expect(digest()).toBe(digest());
    expect(digest()).toBe("3f328accda742d03");
  });
  it.each<[string, (folder: string) => void]>([
    ["one byte", (folder) => put(folder, "app/main.py", "app/main.pY")],
    ["a file's name", (folder) => renameSync(join(folder, "a"), join(folder, "b"))],
    ["a folder's name", (folder) => renameSync(join(folder, "app"), join(folder, "apps"))],
    ["the executable bit", (folder) => chmodSync(join(folder, "a"), 0o755)],
    ["a file more", (folder) => put(folder, "more", "")],
    ["where one file ends and the next begins", (folder) => put(folder, "Zed", "Zeda")],
  ])("changes with %s", (_, change) => {
    expect(digest(change)).not.toBe(digest());
  });
  it.each<[string, (folder: string) => void]>([
    ["the time", (folder) => utimesSync(join(folder, "a"), 1, 1)],
    ["who may read and write", (folder) => chmodSync(join(folder, "a"), 0o600)],
    ["an empty folder", (folder) => mkdirSync(join(folder, "empty"))],
  ])("does not change with %s", (_, change) => {
    expect(digest(change)).toBe(digest());
  });
  it("tells a file apart from two whose names and contents follow one another", () => {
    const file = (path: string, content: string) => ({ path, bytes: Buffer.from(content), executable: false });
    expect(digestOf([file("a", "b"), file("c", "")])).not.toBe(digestOf([file("a", "bc")]));
    expect(digestOf([file("ab", "")])).not.toBe(digestOf([file("a", "b")]));
  });
});

describe("refuses, by the folder's path,", () => {
  const message = (folder: string) => {
    const error = errorOf(() => folderDigest(folder, "h/build: folder"));
    expect(error.name).toBe("InputError");
    expect(error.message).toContain(`got ${folder}; `);
    return error.message;
  };
  const broken = (change: (folder: string) => void) => {
    const folder = folderOf("a");
    change(folder);
    return message(folder);
  };

  it("one that is missing", () => {
    expect(message("/nowhere/at/all")).toMatch(
      /^h\/build: folder: must be a folder, but it does not exist, .*; name an existing one/,
    );
  });
  it("a file", () => {
    expect(message(join(folderOf("a"), "a"))).toMatch(/^h\/build: folder: must be a folder, but it is a file, /);
  });
  it("an empty one, and one of leftovers only", () => {
    for (const folder of [fresh(), folderOf("node_modules/a.js", ".DS_Store")]) {
      expect(message(folder)).toMatch(/^h\/build: folder: must contain files, but it is empty, .*; add some/);
    }
  });
  it("one with a link that leads out, to a file or to a folder", () => {
    for (const target of [join(folderOf("secret"), "secret"), tmpdir(), ".."]) {
      expect(broken((folder) => symlinkSync(target, join(folder, "link")))).toContain(
        "the link link, which points outside",
      );
    }
  });
  it("one with a link to a neighbour whose name begins alike", () => {
    const folder = folderOf("a");
    put(`${folder}-2`, "b");
    symlinkSync(join(`${folder}-2`, "b"), join(folder, "link"));
    expect(message(folder)).toContain("points outside");
  });
  it("one with a link that leads nowhere", () => {
    expect(broken((folder) => symlinkSync("gone", join(folder, "link")))).toContain("the broken link");
  });
  it("one with a link to a folder of its own, which could go round in circles", () => {
    const circle = (folder: string) => {
      put(folder, "below/b");
      symlinkSync("../below", join(folder, "below", "again"));
    };
    expect(broken(circle)).toContain("below/again, which is not a regular file");
  });
  it("one with a pipe", () => {
    expect(broken((folder) => execFileSync("mkfifo", [join(folder, "pipe")]))).toContain(
      "pipe, which is not a regular file",
    );
  });
  it("one with more than 64 MiB, but not one with as much", () => {
    const folder = fresh();
    put(folder, "big");
    truncateSync(join(folder, "big"), 64 * 1024 * 1024);
    expect(folderDigest(folder)).toMatch(/^[0-9a-f]{16}$/);
    put(folder, "one", "x");
    expect(message(folder)).toContain("must contain at most 64 MiB");
  });
});
