import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CACHE, keepFile, PROJECT, readKept } from "../../../../modules/common/bundling/kept-file";

const fresh = () => mkdtempSync(join(tmpdir(), "kept-test-"));
const content = Buffer.from("content");

it("knows the project and its cache", () => {
  expect(JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")).name).toBe("cdktf-ml-infra");
  expect(CACHE).toBe(join(PROJECT, "node_modules", ".cache"));
});
it("keeps a file in folders that it makes, and leaves nothing half done", () => {
  const folder = fresh();
  const path = join(folder, "a", "b", "file.zip");
  expect(keepFile(path, content)).toBe(path);
  expect(readFileSync(path, "utf8")).toBe("content");
  expect(readdirSync(join(folder, "a", "b"))).toEqual(["file.zip"]);
});
it("does not write what is there already, and replaces what is there wrongly", () => {
  const path = join(fresh(), "file");
  keepFile(path, content);
  const { ino } = statSync(path);
  keepFile(path, content);
  expect(statSync(path).ino).toBe(ino);
  writeFileSync(path, "cont");
  keepFile(path, content);
  expect(readFileSync(path, "utf8")).toBe("content");
});
it("keeps it under the same name elsewhere where it cannot be written", () => {
  const blocked = join(fresh(), "file");
  writeFileSync(blocked, "in the way");
  const path = keepFile(join(blocked, "below", "archive.zip"), content);
  expect(path).toMatch(/archive\.zip$/);
  expect(path.startsWith(blocked)).toBe(false);
  expect(readFileSync(path, "utf8")).toBe("content");
});
it("reads nothing where nothing is kept", () => {
  expect(readKept(join(fresh(), "none"))).toBeUndefined();
});
