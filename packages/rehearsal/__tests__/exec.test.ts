import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { absolute, makeScratchProject, runCommand, withPrograms } from "../src/exec";
import { scratchFolder } from "./support/terraform";

describe("the scratch project", () => {
  const project = scratchFolder();
  writeFileSync(
    join(project, "cdktf.json"),
    JSON.stringify({
      app: "own",
      language: "typescript",
      projectId: "p",
      output: "elsewhere",
      sendCrashReports: "true",
    }),
  );

  it("has the app of the real project, with local state", () => {
    const scratch = scratchFolder();
    makeScratchProject(scratch, project, ["-r", "/hooks/typescript.js"]);
    const { app, ...config } = JSON.parse(readFileSync(join(scratch, "cdktf.json"), "utf8"));
    expect(config).toEqual({ language: "typescript", projectId: "p", output: "cdktf.out", sendCrashReports: "false" });
    expect(app).toMatch(/^node -r \/hooks\/typescript\.js \S+local-app\.ts /);
    expect(app.split(" ").slice(-2)).toEqual([project, join(scratch, "states")]);
  });
  it("has its packages", () => {
    const scratch = scratchFolder();
    makeScratchProject(scratch, process.cwd(), []);
    expect(realpathSync(join(scratch, "node_modules"))).toBe(realpathSync("node_modules"));
  });
  it("may have a space in its path", () => {
    const scratch = join(scratchFolder(), "it's a");
    mkdirSync(scratch);
    makeScratchProject(scratch, project, ["-r", "/hooks/typescript.js"]);
    const { app } = JSON.parse(readFileSync(join(scratch, "cdktf.json"), "utf8"));
    const words = execFileSync("sh", ["-c", `printf '%s\\n' ${app}`], { encoding: "utf8" }).split("\n");
    expect(words).toContain(join(scratch, "states"));
  });
});

it("absolute resolves the relative paths in options of Node.js", () => {
  const options = ["-r", "./hooks/a.js", "--require=../b.js", "-r", "package/c", "--loader", "/d.mjs", "--no-warnings"];
  expect(absolute(options, "/project/app")).toEqual([
    ...["-r", "/project/app/hooks/a.js", "--require=/project/b.js", "-r", "package/c", "--loader", "/d.mjs"],
    "--no-warnings",
  ]);
});

it("withPrograms puts the project's programs first", () => {
  expect(withPrograms({ PATH: "/bin", A: "1" }, "/p")).toEqual({ PATH: "/p/node_modules/.bin:/bin", A: "1" });
});

describe("runCommand", () => {
  const cwd = scratchFolder();
  const env = { PATH: process.env.PATH, SHELL: "false" };
  const status = (...words: string[]) => runCommand(words, { cwd, env });

  it("returns the status", async () => {
    expect(await status("sh", "-c", "exit 3")).toBe(3);
    expect(await status("true")).toBe(0);
  });
  it("returns the status of a shell after a signal", async () => {
    expect(await status("sh", "-c", "kill -9 $$")).toBe(137);
  });
  it("takes one word as a shell command and several as they are", async () => {
    expect(await status("echo a > line && exit 4")).toBe(4);
    expect(existsSync(join(cwd, "line"))).toBe(true);
    expect(await status("touch", "two words")).toBe(0);
    expect(existsSync(join(cwd, "two words"))).toBe(true);
  });
  it("starts the user's shell without a command", async () => {
    expect(await status()).toBe(1); // of `false`
  });
  it("fails without the program", async () => {
    await expect(status("no-such-program", "x")).rejects.toThrow(/ENOENT/);
  });
  it("stops the command on abort", async () => {
    const signal = AbortSignal.timeout(50);
    expect(await runCommand(["sleep", "60"], { cwd, env, signal })).toBe(143);
  });
});
