import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { app as command } from "../cdktf.json";
import { dev } from "../environments/dev";
import { prod } from "../environments/prod";
import { synthApp } from "./support/synth";

const root = resolve(__dirname, "..");
/** Runs the app as cdktf does, by the command in cdktf.json, on another main file where one is given. */
function runApp(env: Record<string, string>, main = "main.ts", ...more: string[]) {
  const outdir = join(mkdtempSync(join(tmpdir(), "cdktf-test-")), "out");
  const [file = "", ...args] = command.replace("main.ts", main).split(" ");
  const result = spawnSync(file, [...args, ...more], {
    cwd: root,
    env: { ...process.env, CDKTF_OUTDIR: outdir, ...env },
    encoding: "utf8",
  });
  const stacks = existsSync(join(outdir, "stacks")) ? readdirSync(join(outdir, "stacks")).sort() : [];
  return { ...result, stacks, written: existsSync(join(outdir, "manifest.json")) };
}
/** A main file for one environment of the given settings. */
function mainOf(settings: object): string {
  const file = join(mkdtempSync(join(tmpdir(), "cdktf-test-")), "main.ts");
  const from = (path: string) => JSON.stringify(join(root, path));
  const lines = [
    `import ${from("stacks/plain-errors")};`,
    `import { buildApp, synthesize } from ${from("stacks/app")};`,
    `import { defineEnvironment } from ${from("stacks/environment")};`,
    `synthesize(buildApp([defineEnvironment(${JSON.stringify(settings)})]));`,
  ];
  writeFileSync(file, lines.join("\n"));
  return file;
}

describe("main.ts", () => {
  it("writes every stack of every environment", () => {
    const { status, stacks } = runApp({});
    expect(status).toBe(0);
    expect(stacks).toEqual(synthApp(dev, prod).ids);
  });
  it("writes those of one environment when ENVIRONMENT names it", () => {
    expect(runApp({ ENVIRONMENT: "dev" }).stacks).toEqual(synthApp(dev).ids);
  });
});

describe("main.ts check", () => {
  it("writes no stack, and says how many are right", () => {
    const { status, stdout, stderr, written, stacks } = runApp({}, "main.ts", "check");
    expect([status, stdout, stderr]).toEqual([0, "dev, prod: the settings of 41 stacks are right\n", ""]);
    expect([written, stacks]).toEqual([false, []]);
  });
  it("keeps V8's code of what it loads, where Node can", () => {
    const told = `console.log(typeof module.constructor.getCompileCacheDir?.())`;
    const { stdout } = spawnSync("node", ["-r", "./tools/typescript-loader.js", "-e", told], { cwd: root });
    const [major = 0] = process.versions.node.split(".").map(Number);
    expect(String(stdout)).toBe(major >= 22 ? "string\n" : "undefined\n");
  });
  it("looks at one environment when ENVIRONMENT names it", () => {
    const { status, stdout } = runApp({ ENVIRONMENT: "dev" }, "main.ts", "check");
    expect([status, stdout]).toEqual([0, "dev: the settings of 20 stacks are right\n"]);
  });
});

describe("a wrong setting ends with status 1, one plain error, and nothing written", () => {
  it.each([
    [
      "in ENVIRONMENT",
      "main.ts",
      { ENVIRONMENT: "dve" },
      "Error: ENVIRONMENT: must be one of dev, prod, got dve; did you mean dev?\n",
    ],
    [
      "in an environment file",
      mainOf({ name: "test", region: "us-west-2", exadploy: {} }),
      {},
      "Error: test: exadploy: unknown key; did you mean exadeploy?\n",
    ],
    [
      "in a construct of the last stack",
      mainOf({ name: "test", region: "us-west-2", exadeploy: { moduleRepoBackend: { dbStorage: 5 } } }),
      {},
      "Error: test: exadeploy.moduleRepoBackend.dbStorage: must be at least 20, got 5\n",
    ],
  ])("%s", (_, main, env, message) => {
    const { status, stderr, stdout, written, stacks } = runApp(env, main);
    expect(stderr).toBe(message);
    expect([status, stdout, written, stacks]).toEqual([1, "", false, []]);
  });
});
