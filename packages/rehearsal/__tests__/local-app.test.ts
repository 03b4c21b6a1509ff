import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectOf, scratchFolder } from "./support/terraform";
import { TYPESCRIPT } from "./support/typescript";

const run = (project: string, cwd: string, env: NodeJS.ProcessEnv = {}) =>
  spawnSync("node", [...TYPESCRIPT, join(__dirname, "../src/local-app.ts"), project, "/states"], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
  });

it("synthesizes the project's app for cdktf, with local state", () => {
  const cwd = scratchFolder();
  const project = projectOf({ a: [] }, { terraform: { backend: { s3: { bucket: "b", key: "k" } } } });
  expect(run(project, cwd, { CDKTF_OUTDIR: "out" })).toMatchObject({ status: 0, stderr: "" });
  const json = JSON.parse(readFileSync(join(cwd, "out", "stacks", "a", "cdk.tf.json"), "utf8"));
  expect(json.terraform.backend).toEqual({ local: { path: "/states/a.tfstate" } });
});
it("prints only the error on failure", () => {
  const { status, stderr } = run(projectOf({}, {}, "echo 'Error: no such environment' >&2; exit 1"), scratchFolder());
  expect([status, stderr]).toEqual([1, "Error: no such environment\n"]);
});
