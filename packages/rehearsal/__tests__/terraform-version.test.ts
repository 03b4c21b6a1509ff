import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { atLeast, checkTerraform } from "../src/terraform-version";

const folder = mkdtempSync(join(tmpdir(), "preflight-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program of the test's own that stands in for terraform. */
function standIn(name: string, script: string, mode = 0o755): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode });
  return file;
}
const answers = (name: string, answer: unknown) =>
  standIn(name, `[ "$*" = "version -json" ] && echo '${typeof answer === "string" ? answer : JSON.stringify(answer)}'`);

/** Answers of the real programs, as of 1.11.4 and 1.10.0. */
const terraform = (version: string) => ({
  terraform_version: version,
  platform: "linux_amd64",
  provider_selections: {},
  terraform_outdated: false,
});
const tofu = (version: string) => ({ terraform_version: version, platform: "linux_amd64", provider_selections: {} });

const INSTALL = "install Terraform 1.11.0 or newer, or OpenTofu 1.10.0 or newer with TERRAFORM_BINARY_NAME=tofu.";

it.each([
  ["v1.11.0", "1.11.0", true],
  ["1.100.0-beta1", "1.11.0", true],
  ["1.10.99", "1.11.0", false],
  ["1.11", "1.11.0", false],
])("atLeast(%s, %s) is %s", (version, min, expected) => expect(atLeast(version, min)).toBe(expected));

describe("checkTerraform", () => {
  it.each([
    ["Terraform 1.11.0", terraform("1.11.0")],
    ["Terraform 1.11.4", terraform("1.11.4")],
    ["Terraform 1.100.0", terraform("1.100.0")],
    ["Terraform 2.0.0-alpha1", { ...terraform("2.0.0-alpha1"), terraform_outdated: true }],
    ["OpenTofu 1.10.0", tofu("1.10.0")],
    ["OpenTofu 1.11.2", { ...tofu("1.11.2"), fips140: true }],
  ])("finds %s", (found, answer) => {
    expect(checkTerraform(answers(found, answer))).toEqual({ found });
  });

  it.each([
    ["Terraform 1.10.5", terraform("1.10.5"), "1.11.0"],
    ["Terraform 1.9.99", terraform("1.9.99"), "1.11.0"],
    ["Terraform 0.99.0", terraform("0.99.0"), "1.11.0"],
    ["OpenTofu 1.9.3", tofu("1.9.3"), "1.10.0"],
  ])("finds %s too old", (found, answer, least) => {
    const binary = answers(found, answer);
    expect(checkTerraform(binary)).toEqual({
      problem: `${found.replace(" ", " is ")} ("${binary}"), but ${least} or newer is needed: ${INSTALL}`,
    });
  });

  it("ignores the user's TF_CLI_ARGS", () => {
    vi.stubEnv("TF_CLI_ARGS", "-no-such-option");
    const own = standIn("args", `[ -z "$TF_CLI_ARGS" ] && echo '${JSON.stringify(terraform("1.11.4"))}'`);
    expect(checkTerraform(own)).toEqual({ found: "Terraform 1.11.4" });
    vi.unstubAllEnvs();
  });

  it("reports a missing program", () => {
    const binary = join(folder, "nowhere");
    expect(checkTerraform(binary)).toEqual({
      problem: `Terraform was not found, as there is no program "${binary}": ${INSTALL}`,
    });
  });

  it.each([
    ["words", answers("words", "Terraform v1.11.4")],
    ["nothing", standIn("nothing", "exit 0")],
    ["null", answers("null", "null")],
    ["a list", answers("list", "[]")],
    ["no number", answers("number", { terraform_version: 1.11 })],
    ["half a version", answers("half", terraform("1.11"))],
    ["a version, but fails", standIn("fails", `echo '${JSON.stringify(terraform("1.11.4"))}'; exit 3`)],
  ])("rejects a program that prints %s", (_, binary) => {
    expect(checkTerraform(binary)).toEqual({
      problem: `"${binary} version -json" did not answer with a version, so it is not Terraform: ${INSTALL}`,
    });
  });

  it("ignores stderr", () => {
    const answer = JSON.stringify(terraform("1.11.4"));
    const binary = standIn("noisy", `echo 'Warning: no CLI configuration' >&2; echo '${answer}'`);
    expect(checkTerraform(binary)).toEqual({ found: "Terraform 1.11.4" });
  });

  it("reports missing permissions", () => {
    const binary = standIn("locked", "exit 0", 0o644);
    expect(checkTerraform(binary)).toEqual({ problem: `"${binary}" could not be run (EACCES): ${INSTALL}` });
  });

  it("times out", () => {
    const binary = standIn("hangs", "sleep 5; echo '{}'");
    const start = Date.now();
    expect(checkTerraform(binary, 200)).toEqual({
      problem: `"${binary} version -json" did not answer within 0.2 seconds: ${INSTALL}`,
    });
    expect(Date.now() - start).toBeLessThan(4000);
  });

  it.each([undefined, ""])("asks the terraform on the path when given %j", (binary) => {
    const { PATH } = process.env;
    answers("terraform", terraform("1.99.0"));
    process.env.PATH = `${folder}:${PATH}`;
    try {
      expect(checkTerraform(binary)).toEqual({ found: "Terraform 1.99.0" });
    } finally {
      process.env.PATH = PATH;
    }
  });
});
