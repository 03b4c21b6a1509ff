import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { zipOf } from "../../../../modules/common/bundling/zip";

const file = (path: string, content: string | Buffer, executable = false) => ({
  path,
  bytes: Buffer.from(content as string),
  executable,
});
const FILES = [
  file("Dockerfile", "FROM scratch\n"),
  file("app/größe.txt", "ü"),
  file("app/run.sh", "#!/bin/sh\n", true),
  file("empty", ""),
  file("random", Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7919) % 251))),
];
const PYTHON = `
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print([(i.filename, i.file_size, oct(i.external_attr >> 16), i.date_time, i.compress_type) for i in z.infolist()])
z.extractall(sys.argv[2])
`;

it("is a zip that others read: names, modes, contents, check sums", () => {
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  writeFileSync(join(folder, "a.zip"), zipOf(FILES));
  const { status, stdout, stderr } = spawnSync("python3", ["-c", PYTHON, join(folder, "a.zip"), join(folder, "out")], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  const made = "(1980, 1, 1, 0, 0, 0), 0";
  expect(stdout.trim()).toBe(
    `[('Dockerfile', 13, '0o100644', ${made}), ('app/größe.txt', 2, '0o100644', ${made}), ` +
      `('app/run.sh', 10, '0o100755', ${made}), ('empty', 0, '0o100644', ${made}), ('random', 70000, '0o100644', ${made})]`,
  );
  for (const { path, bytes } of FILES) expect(readFileSync(join(folder, "out", path)).equals(bytes)).toBe(true);
  expect(statSync(join(folder, "a.zip")).size).toBe(zipOf(FILES).length);
});
it("has the same bytes for the same files, and others for others", () => {
  expect(zipOf(FILES).equals(zipOf(FILES.map((one) => ({ ...one }))))).toBe(true);
  expect(zipOf(FILES).equals(zipOf(FILES.slice(1)))).toBe(false);
});
it("of no files is an empty zip", () => {
  expect(zipOf([]).toString("hex")).toBe(`504b0506${"00".repeat(18)}`);
});
