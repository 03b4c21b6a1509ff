import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { dev } from "../../../environments/dev";
import { scripts } from "../../../package.json";
import { synthApp } from "../../support/synth";

const start = (env: Record<string, string>) => {
  const outdir = join(mkdtempSync(join(tmpdir(), "cdktf-test-")), "out");
  const [file = "", ...args] = scripts.start.split(" ");
  const cwd = resolve(__dirname, "../../..");
  const result = spawnSync(file, args, {
    cwd,
    env: { ...process.env, CDKTF_OUTDIR: outdir, ...env },
    encoding: "utf8",
  });
  return { ...result, outdir };
};

it("synthesizes, shows the stacks, and says what to type next", { timeout: 180_000 }, () => {
  const { status, stdout, stderr, outdir } = start({ ENVIRONMENT: "dev" });
  expect([status, stderr]).toEqual([0, ""]);
  expect(existsSync(join(outdir, "stacks", "dev-exadeploy-network", "cdk.tf.json"))).toBe(true);
  expect(stdout).toContain("│ dev-exadeploy-network ");
  expect(stdout).toMatch(new RegExp(`\\n${synthApp(dev).ids.length} stacks, \\d{3} resources, as Terraform JSON in `));
  expect(stdout).toMatch(/\nNext:\n {2}npx cdktf diff dev-[a-z-]+ /);
});
it("says when Terraform is missing, but synthesizes all the same", () => {
  const { status, stdout } = start({ ENVIRONMENT: "dev", TERRAFORM_BINARY_NAME: "no-such-terraform" });
  expect(status).toBe(0);
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/no-such-terraform/);
});
it("ends with the error alone when a setting is wrong", () => {
  const { status, stdout, stderr } = start({ ENVIRONMENT: "nope" });
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toBe("Error: ENVIRONMENT: must be one of dev, prod, got nope\n");
});
