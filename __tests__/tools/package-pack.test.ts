import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { beforeEach, expect, it } from "vitest";

const root = resolve(__dirname, "../..");
const MAP = ["source", "MappingURL"].join(""); // vitest would take it for its own
let project: string;
const packs = () => join(project, "node_modules", ".cache", "package-pack");
const packFile = () => join(packs(), readdirSync(packs())[0] as string);
function write(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
}
/** What main.js prints, and which files of packages were read on the way. */
function run() {
  const args = ["-r", "./reads.js", "-r", "./tools/package-pack.js", "main.js"];
  const { status, stdout, stderr } = spawnSync("node", args, { cwd: project, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  const [reads = "", ...lines] = stdout.trim().split("\n").reverse();
  return { printed: lines.reverse().join("\n"), reads: JSON.parse(reads) };
}

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "pack-"));
  cpSync(join(root, "tools", "package-pack.js"), join(project, "tools", "package-pack.js"));
  write({
    "reads.js": `
      const fs = require("node:fs"), path = require("node:path");
      const read = fs.readFileSync, reads = [];
      fs.readFileSync = (file, ...more) => {
        if (/node_modules.*\\.js$/.test(file)) reads.push(path.relative("node_modules", file));
        return read(file, ...more);
      };
      process.once("exit", () => console.log(JSON.stringify(reads)));`,
    "node_modules/.package-lock.json": "{}",
    "node_modules/word/package.json": '{ "main": "lib/index.js" }',
    "node_modules/word/lib/index.js": '"use strict";\nexports.word = "one";\nexports.more = require("./more");\n',
    "node_modules/word/lib/more.js": `module.exports = [__filename, require.resolve("../package.json"), typeof require.main];
//# ${MAP}=data:application/json;base64,bWFwIG9mIG1vcmU=`,
    "main.js":
      'const { word, more } = require("word");\nconsole.log(word, ...more, require("word/package.json").main);',
  });
});
const expected = () => {
  const folder = join(project, "node_modules", "word");
  return `one ${join(folder, "lib/more.js")} ${join(folder, "package.json")} object lib/index.js`;
};

it("loads the same with and without a pack, from the packages once only", () => {
  const [first, second, third] = [run(), run(), run()];
  expect([first, second, third].map(({ printed }) => printed)).toEqual([expected(), expected(), expected()]);
  expect(first.reads).toEqual(["word/lib/index.js", "word/lib/more.js"]);
  expect([second.reads, third.reads]).toEqual([[], []]);
  expect(readdirSync(packs())).toHaveLength(1);
  expect(readFileSync(packFile(), "latin1")).not.toContain("bWFwIG9mIG1vcmU=");
});
it("adds V8's code in the second run, and leaves the pack alone from then on", () => {
  run();
  const without = readFileSync(packFile()).length;
  run();
  const whole = readFileSync(packFile());
  expect(whole.length).toBeGreaterThan(without);
  run();
  expect(readFileSync(packFile()).equals(whole)).toBe(true);
});
it("reads a file again that was written to, whatever its size and time", () => {
  run();
  run();
  const file = join(project, "node_modules", "word", "lib", "index.js");
  const text = readFileSync(file, "utf8");
  spawnSync("touch", ["-d", "1985-10-26", file]);
  run();
  writeFileSync(file, text.replace("one", "two"));
  spawnSync("touch", ["-d", "1985-10-26", file]);
  expect(run()).toEqual({ printed: expected().replace("one", "two"), reads: ["word/lib/index.js"] });
  expect(run()).toEqual({ printed: expected().replace("one", "two"), reads: [] });
});
it("follows the packages when npm has changed them", () => {
  run();
  write({
    "node_modules/word/package.json": '{ "main": "other.js" }',
    "node_modules/word/other.js": "exports.more = [];",
  });
  write({ "node_modules/.package-lock.json": '{ "other": true }' });
  expect(run().printed).toBe("undefined other.js");
  expect(readdirSync(packs())).toHaveLength(1);
});
it("finds a file of the project that was not there before", () => {
  write({ "main.js": 'console.log(require("./part"));', "part/index.js": 'module.exports = "folder";' });
  expect(run().printed).toBe("folder");
  write({ "part.js": 'module.exports = "file";' });
  expect(run().printed).toBe("file");
});
it.each([
  ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 9)],
  ["changed in V8's code", (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -40), Buffer.alloc(40, 7)])],
  ["of other content", () => Buffer.from("{}\n")],
  ["empty", () => Buffer.alloc(0)],
])("loads as ever from a pack that is %s, and writes it anew", (_, spoil) => {
  run();
  run();
  writeFileSync(packFile(), spoil(readFileSync(packFile())));
  expect(run()).toEqual({ printed: expected(), reads: ["word/lib/index.js", "word/lib/more.js"] });
  expect(run()).toEqual({ printed: expected(), reads: [] });
});
it("loads as ever where nothing can be written", () => {
  write({ "node_modules/.cache": "" });
  expect([run().printed, run().printed]).toEqual([expected(), expected()]);
});
it("leaves what is no CommonJS to Node", () => {
  write({ "node_modules/word/broken.js": "export const a = 1;" });
  write({
    "main.js":
      'try { require("word/broken.js"); } catch { console.log("refused"); }\nconsole.log(require("word").word);',
  });
  const withEsm = run().printed;
  expect(withEsm).toMatch(/^(refused\n)?one$/); // from Node 22.12 on it loads
  expect(run().printed).toBe(withEsm);
  expect(run().reads).not.toContain("word/lib/index.js");
});
