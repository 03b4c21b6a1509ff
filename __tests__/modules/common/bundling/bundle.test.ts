import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, it } from "vitest";
import { bundle } from "../../../../modules/common/bundling/bundle";
import { errorOf } from "../../../support/bad-input";

const root = join(__dirname, "..", "..", "..", "..");
const fresh = () => {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "cache"));
  return folder;
};
const write = (folder: string, files: Record<string, string>) => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
};
const make = (folder: string, entry = "main.ts") => bundle(join(folder, entry), join(folder, "cache"));
const output = (folder: string) => {
  writeFileSync(join(folder, "out.mjs"), make(folder).code);
  const { stdout, stderr, status } = spawnSync("node", [join(folder, "out.mjs")], { encoding: "utf8", env: {} });
  expect(status, stderr).toBe(0);
  return stdout;
};
/** What a program of this project prints. */
const nodeOutput = (code: string) =>
  spawnSync("node", ["-r", "./tools/typescript-loader.js", "-e", code], { cwd: root, encoding: "utf8" }).stdout;

/** What the gateway is made of: a framework, a server, two clients of AWS. */
const SERVER = `
import { ECSClient } from "@aws-sdk/client-ecs";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { greeting } from "./greeting";
const clients = [new ECSClient({ region: "us-east-1" }), new SecretsManagerClient({ region: "us-east-1" })];
const app = new Hono();
app.get("/", (context) => context.text(\`\${greeting}, \${clients.length} clients\`));
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => console.log(port));
`;
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

it("is one file that node runs without anything beside it: a server that answers", async () => {
  const folder = fresh();
  write(folder, { "main.ts": SERVER, "greeting.ts": 'export const greeting: string = "good day";' });
  const { code } = make(folder);
  const alone = mkdtempSync(join(tmpdir(), "alone-"));
  writeFileSync(join(alone, "app.mjs"), code);
  const server = spawn("node", ["app.mjs"], { cwd: alone, env: {}, stdio: ["ignore", "pipe", "inherit"] });
  stops.push(() => server.kill());
  const port = await new Promise((resolve) => createInterface({ input: server.stdout }).once("line", resolve));
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect(await answer.text()).toBe("good day, 2 clients");
});
it("says nothing of this machine, and holds no comments", () => {
  const folder = fresh();
  write(folder, { "main.ts": SERVER, "greeting.ts": "/*! licence */ export const greeting = 1; // why" });
  const text = make(folder).code.toString();
  for (const word of [root, folder, "node_modules", "greeting.ts", "licence", "// why"]) {
    expect(text).not.toContain(word);
  }
});
it("has the same bytes from another folder, without what was kept", () => {
  const [one, other] = [fresh(), fresh()];
  for (const folder of [one, other]) {
    write(folder, { "main.ts": 'import { a } from "./a";\nconsole.log(a);', "a.ts": "export const a = 1 as number;" });
  }
  expect(make(other).code.equals(make(one).code)).toBe(true);
  expect(make(other).digest).toBe(make(one).digest);
  expect(make(one).digest).toMatch(/^[0-9a-f]{16}$/);
});
it("runs CommonJS that asks for Node's own modules, and modules that wait at their top", () => {
  const folder = fresh();
  write(folder, {
    "main.ts": 'import { name } from "./old.cjs";\nconst later = await Promise.resolve(2);\nconsole.log(name, later);',
    "old.cjs": 'const { sep } = require("node:path");\nexports.name = ["a", "b"].join(sep);',
  });
  expect(output(folder)).toBe("a/b 2\n");
});
it("is kept, and read from there while nothing has changed", () => {
  const folder = fresh();
  write(folder, { "main.ts": "console.log(1)" });
  const { code } = make(folder);
  const kept = readdirSync(join(folder, "cache")).filter((name) => name.endsWith(".mjs"));
  expect(kept).toHaveLength(1);
  expect(readFileSync(join(folder, "cache", kept[0] as string)).equals(code)).toBe(true);
  writeFileSync(join(folder, "cache", kept[0] as string), 'console.log("kept")');
  expect(output(folder)).toBe("kept\n");
});
it("reads no file again that nobody has written to since, and does where its time alone has changed", () => {
  const folder = fresh();
  write(folder, { "main.ts": 'import "./part";', "part.ts": "console.log(1)" });
  const script = `
    const fs = require("node:fs"), read = fs.readFileSync, reads = [];
    const { bundle } = require("./modules/common/bundling/bundle.ts");
    fs.readFileSync = (file, ...more) => { reads.push(file); return read(file, ...more); };
    bundle(${JSON.stringify(join(folder, "main.ts"))}, ${JSON.stringify(join(folder, "cache"))});
    console.log(reads.filter((file) => file.startsWith(${JSON.stringify(folder)}) && file.endsWith(".ts")).length);`;
  const reads = () => Number(nodeOutput(script));
  make(folder);
  expect(reads()).toBe(0);
  utimesSync(join(folder, "part.ts"), 1, 1);
  expect([reads(), reads()]).toEqual([1, 0]);
});
it("is made anew when something that went in has changed, is gone or comes back", () => {
  const folder = fresh();
  const say = (word: string) => write(folder, { "word.ts": `export const word = "${word}";` });
  write(folder, { "main.ts": 'import { word } from "./word";\nconsole.log(word);' });
  say("one");
  expect(output(folder)).toBe("one\n");
  say("two");
  expect(output(folder)).toBe("two\n");
  write(folder, { "main.ts": "console.log(3)" });
  expect(output(folder)).toBe("3\n");
});
it("keeps each program apart", () => {
  const folder = fresh();
  write(folder, {
    "main.ts": 'import "./other";\nconsole.log("main");',
    "other.ts": 'import "./main";\nconsole.log("other");', // the same files go in, whichever comes first
  });
  const [main, other] = [make(folder).code, make(folder, "other.ts").code];
  expect(main.equals(other)).toBe(false);
  expect(make(folder).code.equals(main)).toBe(true);
  expect(make(folder, "other.ts").code.equals(other)).toBe(true);
});
it("is made all the same where it cannot be kept", () => {
  const folder = fresh();
  write(folder, { "main.ts": "console.log(1)", blocked: "" });
  expect(bundle(join(folder, "main.ts"), join(folder, "blocked")).code.toString()).toContain("console.log(1)");
});
it("loads esbuild only to make one", () => {
  const folder = fresh();
  write(folder, { "main.ts": "console.log(1)" });
  make(folder);
  const script = `
    const { bundle } = require("./modules/common/bundling/bundle.ts");
    bundle(${JSON.stringify(join(folder, "main.ts"))}, ${JSON.stringify(join(folder, "cache"))});
    console.log(Object.keys(require.cache).filter((file) => /esbuild.*main\\.js$/.test(file)).length);`;
  expect(nodeOutput(script)).toBe("0\n");
  write(folder, { "main.ts": "console.log(2)" });
  expect(nodeOutput(script)).toBe("1\n");
});
it("says what to mend", () => {
  const folder = fresh();
  write(folder, { "main.ts": 'import "./missing";\n', "syntax.ts": "const = 1;" });
  const missing = errorOf(() => make(folder));
  expect(missing.name).toBe("InputError");
  expect(missing.message).toMatch(/main\.ts cannot be bundled: .*main\.ts:1: Could not resolve "\.\/missing"/);
  expect(errorOf(() => make(folder, "syntax.ts")).message).toMatch(/syntax\.ts:1: Expected identifier/);
  expect(errorOf(() => make(folder, "none.ts")).message).toMatch(
    /^bundle: entry must be an existing file, got .*none\.ts"$/,
  );
  expect(existsSync(join(folder, "cache", "none.ts"))).toBe(false);
});
