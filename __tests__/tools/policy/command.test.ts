import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectOf } from "@cdktf-ml-infra/rehearsal/test-support/terraform";
import { describe, expect, it, vi } from "vitest";
import { command, FOLDER, REQUIREMENTS, USAGE } from "../../../tools/policy/command";
import type { Reason } from "../../../tools/policy/reasons";
import { BOX, fakeBin, record, reportOf, scratchFolder } from "./policy.fixture";

const ACCESS_LOGS: Reason = { checks: ["CKV_AWS_18"], where: ["dev-box/data/*"], reason: "Nobody reads them." };
const STAR: Reason = { checks: ["star"], where: ["dev-box/role/*"], reason: "It is all its own." };

interface Settings {
  args?: string[];
  reasons?: Reason[];
  app?: string;
  env?: NodeJS.ProcessEnv;
}

/** Calls the command in a small project whose scanners find a bucket and a policy. */
async function policy({ args = [], reasons = [ACCESS_LOGS, STAR], app, env }: Settings = {}) {
  const project = projectOf({ "dev-box": [] }, BOX, app);
  const remarks = JSON.stringify([[{ check: "star", about: "s3:*", detail: "" }]]);
  writeFileSync(join(project, REQUIREMENTS), "checkov==1\n");
  const folder = fakeBin(
    { checkov: `echo '${reportOf([record()])}'`, python: `echo '${remarks}'` },
    join(project, FOLDER),
  );
  copyFileSync(join(project, REQUIREMENTS), join(folder, REQUIREMENTS));
  const said = { stdout: "", stderr: "" };
  const screen = (name: "stdout" | "stderr") => ({ write: (text: string) => (said[name] += text) });
  const tmp = scratchFolder();
  vi.stubEnv("TMPDIR", tmp);
  try {
    const own = { PATH: process.env.PATH, ...env };
    const status = await command(args, {
      project,
      env: own,
      stdout: screen("stdout"),
      stderr: screen("stderr"),
      reasons,
    });
    return { status, ...said, left: readdirSync(tmp) };
  } finally {
    vi.unstubAllEnvs();
  }
}

describe("npm run policy", () => {
  it("passes when every finding has a reason, and leaves nothing behind", async () => {
    const { status, stdout, stderr, left } = await policy();
    expect([status, stderr, left]).toEqual([0, "", []]);
    expect(stdout).toMatch(/^ml-ec2\n[\s\S]*│ dev-box +│ +1 │ +1 │ +1 │ +1 │ +0 │\n/);
    expect(stdout).toMatch(/\n2 findings have a reason, 0 have none\n$/);
  });
  it("fails at a finding without one, and names it", async () => {
    const { status, stdout, stderr } = await policy({ reasons: [STAR] });
    expect([status, stderr]).toEqual([1, "CKV_AWS_18  dev-box/data/bucket  aws_s3_bucket  access logging\n"]);
    expect(stdout).toMatch(/\n1 findings have a reason, 1 have none\n$/);
  });
  it("prints the reasons when asked to", async () => {
    expect((await policy()).stdout).not.toContain("Nobody reads them.");
    expect((await policy({ args: ["--reasons"] })).stdout).toMatch(
      /\nNobody reads them\.\n {2}CKV_AWS_18 .*\nIt is all its own\.\n {2}star /,
    );
  });
  it("explains itself", async () => {
    expect(await policy({ args: ["--help"] })).toMatchObject({ status: 0, stdout: `${USAGE}\n`, stderr: "" });
  });
});

describe("what cannot be checked", () => {
  it.each<[string, Settings, number, RegExp]>([
    ["a stack that is not there", { args: ["dev-bax"] }, 2, /^no stack is called dev-bax; did you mean dev-box\?/],
    ["an unknown option", { args: ["--reson"] }, 2, /^Unknown option '--reson'[\s\S]*\n\nusage: npm run policy/],
    ["an app with a fault", { app: "echo 'Error: dev: no' >&2; exit 1" }, 1, /^Error: dev: no\n$/],
  ])("%s", async (_, settings, status, message) => {
    const result = await policy(settings);
    expect([result.status, result.stdout, result.left]).toEqual([status, "", []]);
    expect(result.stderr).toMatch(message);
  });
});
