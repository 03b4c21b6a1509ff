import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fakeTerraform, projectOf, scratchFolder } from "./support/terraform";
import { TYPESCRIPT } from "./support/typescript";

const json = { terraform: { backend: { local: { path: "own.tfstate" } } } };

/** Calls the command in a project of one stack; sends a signal once terraform plans. */
async function rehearse(args: string[], plan: string, signal?: NodeJS.Signals) {
  const { program, calls } = fakeTerraform({ plan });
  const tmp = scratchFolder();
  const child = spawn("node", [...TYPESCRIPT, join(__dirname, "../src/rehearse.ts"), ...args], {
    cwd: projectOf({ box: [] }, json),
    env: { PATH: process.env.PATH, TMPDIR: tmp, TERRAFORM_BINARY_NAME: program },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text) => {
      said[stream] += text;
    });
  }
  const poll = setInterval(() => {
    if (!signal || !calls().includes("box plan")) return;
    clearInterval(poll);
    child.kill(signal);
  }, 20);
  const status = await new Promise<number | null>((done) => child.once("close", done));
  clearInterval(poll);
  return { status, ...said, calls: calls(), left: readdirSync(tmp) };
}

it("rehearses the app of the working directory and exits with the status", async () => {
  const { status, stdout, stderr, left } = await rehearse([], "exit 1");
  expect([status, stderr, left]).toEqual([1, "", []]);
  expect(stdout).toMatch(/^✗ box .* failed in plan\n[\s\S]*\n0 of 1 stacks .*, 1 failed: .*\n$/);
});
it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("ends terraform at %s, and cleans up", async (signal, expected) => {
  const { status, left, stdout, stderr, calls } = await rehearse([], "exec sleep 60", signal);
  expect([status, left, stdout, stderr]).toEqual([expected, [], "", ""]);
  expect(calls.at(-1)).toBe("box plan");
});
