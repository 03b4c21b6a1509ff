import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { command } from "../src/command";
import { fakeTerraform, fault, printing, projectOf, scratchFolder } from "./support/terraform";

const NEEDS = { "dev-network": [], "dev-cluster": ["dev-network"], "prod-box": [] };
const json = {
  terraform: { backend: { local: { path: "own.tfstate" } } },
  resource: { aws_vpc: { v: { "//": { metadata: { path: "dev-cluster/vpc" } } } } },
};

interface Settings {
  args?: string[];
  answers?: Record<string, string>;
  project?: string;
  env?: NodeJS.ProcessEnv;
}

/** Calls the command in a small project, with a terraform that answers as told. */
async function rehearse({ args = [], answers, env, project = projectOf(NEEDS, json) }: Settings = {}) {
  const fake = fakeTerraform(answers);
  const own = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: fake.program, ...env };
  const [stdout, stderr] = [screen(), screen()];
  const { signal } = new AbortController();
  const tmp = scratchFolder();
  vi.stubEnv("TMPDIR", tmp);
  try {
    const status = await command(args, { project, env: own, execArgv: [], stdout, stderr, signal });
    const said = { stdout: stdout.written.join(""), stderr: stderr.written.join("") };
    return { status, ...said, calls: fake.calls(), left: readdirSync(tmp), tmp, project };
  } finally {
    vi.unstubAllEnvs();
  }
}

function screen() {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text) };
}

const failing = {
  validate: `case "$PWD" in *network) ${printing(fault("Bad", { address: "aws_vpc.v" }))}; exit 1;; esac`,
};

describe("npm run rehearse", () => {
  it("rehearses every stack, prints a line for each, and cleans up", async () => {
    const { status, stdout, stderr, left } = await rehearse();
    const lines = stdout.trim().split("\n");
    expect([status, stderr, left]).toEqual([0, "", []]);
    expect(lines.slice(0, 3).sort()).toEqual(
      Object.keys(NEEDS)
        .sort()
        .map((id) => expect.stringMatching(new RegExp(`^✓ ${id} +1 resources +0 data sources +\\d+\\.\\d s  passed$`))),
    );
    expect(lines[3]).toMatch(
      /^3 of 3 stacks with 3 resources deployed and destroyed: \d+\.\d s with Terraform 1\.11\.4$/,
    );
    expect(lines).toHaveLength(4);
  });
  it("takes patterns, and includes dependencies", async () => {
    const { status, stdout, calls } = await rehearse({ args: ["dev-c*"] });
    expect([status, stdout.trim().split("\n").length]).toEqual([0, 3]);
    expect(calls.join()).toMatch(/dev-network init.*dev-cluster init/);
    expect(calls.join()).not.toContain("prod-box");
  });
  it("limits parallel stacks", async () => {
    const { calls } = await rehearse({ args: ["--jobs", "1"] });
    const stacks = calls.filter((call) => !call.endsWith("version")).map((call) => call.split(" ")[0]);
    const turns = stacks.filter((stack, index) => stack !== stacks[index - 1]);
    expect(turns).toEqual(["dev-network", "dev-cluster", "prod-box", "dev-cluster", "dev-network", "prod-box"]);
  });
  it("reads existing secrets, and reports errors in them", async () => {
    const project = projectOf(NEEDS, json);
    const existing = join(project, "rehearsal.json");
    writeFileSync(existing, JSON.stringify({ secrets: { "arn:aws:secretsmanager:eu-west-1:1:secret:s": "text" } }));
    expect((await rehearse({ project })).status).toBe(0);
    writeFileSync(existing, JSON.stringify({ secrets: { s: "text" } }));
    const { status, stderr, left } = await rehearse({ project });
    expect([status, left]).toEqual([2, []]);
    expect(stderr).toMatch(/^rehearsal\.json: secrets\.s: must be the ARN of a secret/);
  });
  it("fails if a stack fails, and shows the error, its construct, and skipped stacks", async () => {
    const { status, stdout } = await rehearse({ answers: failing });
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ dev-network .* failed in validate\n {2}╷\n {2}│ Error: Bad\n/);
    expect(stdout).toContain("construct: dev-cluster/vpc");
    expect(stdout).toContain("- dev-cluster  skipped: needs dev-network\n");
    expect(stdout).toMatch(/\n1 of 3 stacks .*, 1 failed, 1 skipped: /);
  });
  it("keeps the scratch folder on request and prints its path", async () => {
    const { stderr, tmp, left } = await rehearse({ args: ["--keep", "prod-box"] });
    expect(left).toHaveLength(1);
    expect(stderr).toBe(`kept: ${join(tmp, left[0] as string)}\n`);
    expect(readdirSync(join(tmp, left[0] as string))).toContain("states");
  });
  it("hides settings and credentials from terraform", async () => {
    const own = { AWS_PROFILE: "mine", KUBECONFIG: "mine", TF_VAR_mine: "1", HOME: "/home/mine", ENVIRONMENT: "dev" };
    const answers = { plan: `env | grep -q 'mine' && exit 1; test "$ENVIRONMENT" = dev` };
    expect((await rehearse({ env: own, answers, args: ["prod-box"] })).status).toBe(0);
  });
});

describe("--json", () => {
  it("prints only a report", async () => {
    const { status, stdout, stderr } = await rehearse({ args: ["--json"], answers: failing });
    const report = JSON.parse(stdout);
    expect([status, stderr]).toEqual([1, ""]);
    expect(report).toMatchObject({ passed: false, terraform: "Terraform 1.11.4", seconds: expect.any(Number) });
    expect(report.stacks).toMatchObject([
      {
        id: "dev-network",
        verdict: "failed",
        failedIn: "validate",
        diagnostics: [{ constructs: ["dev-cluster/vpc"] }],
      },
      { id: "dev-cluster", verdict: "skipped", skippedFor: ["dev-network"] },
      { id: "prod-box", verdict: "passed", resources: 1, steps: { destroy: expect.any(Number) } },
    ]);
  });
  it("reports the path of the kept folder", async () => {
    const { stdout, tmp, left } = await rehearse({ args: ["--json", "--keep", "prod-box"] });
    expect(JSON.parse(stdout)).toMatchObject({ passed: true, kept: join(tmp, left[0] as string) });
  });
  it("reports an app that does not synthesize", async () => {
    const project = projectOf({}, {}, "echo 'Error: dev: name: no' >&2; exit 1");
    const { status, stdout } = await rehearse({ args: ["--json"], project });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ passed: false, error: "Error: dev: name: no", stacks: [] });
  });
});

describe("what cannot be rehearsed", () => {
  it.each<[string, Settings, number, RegExp]>([
    [
      "a stack that is not there",
      { args: ["dev-netwerk"] },
      2,
      /^no stack is called dev-netwerk; did you mean dev-network\?\nstacks: /,
    ],
    ["an unknown option", { args: ["--kep"] }, 2, /^Unknown option '--kep'[\s\S]*\n\nusage: npm run rehearse/],
    ["no number of jobs", { args: ["--jobs", "0"] }, 2, /^--jobs: must be an integer of at least 1, got 0\n\nusage:/],
    [
      "an option that exec has not",
      { args: ["--json", "exec", "true"] },
      2,
      /^exec: the only option is --keep\n\nusage:/,
    ],
    [
      "no terraform",
      { env: { TERRAFORM_BINARY_NAME: "no-terraform" } },
      2,
      /^Terraform was not found, .*"no-terraform": install/,
    ],
    [
      "an app with a fault",
      { project: projectOf({}, {}, "echo 'Error: dev: no' >&2; exit 1") },
      1,
      /^Error: dev: no\n$/,
    ],
    [
      "a state that is not the app's",
      {
        project: projectOf(
          { a: [] },
          { data: { terraform_remote_state: { b: { backend: "s3", config: { bucket: "theirs", key: "k" } } } } },
        ),
      },
      1,
      /^a\/b: reads the state s3 theirs\/k, which belongs to no stack of this app; a rehearsal reads no real state\n$/,
    ],
  ])("%s is reported without a stack trace", async (_, settings, expected, words) => {
    const { status, stdout, stderr, left, calls } = await rehearse(settings);
    expect(stderr).toMatch(words);
    expect([status, stdout, left]).toEqual([expected, "", []]);
    expect(calls.filter((call) => !call.endsWith(" version"))).toEqual([]);
  });
  it("prints the usage", async () => {
    expect(await rehearse({ args: ["--help"] })).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^usage: /),
    });
  });
});

describe("exec", () => {
  const inScratch = (...words: string[]) => rehearse({ args: ["exec", ...words] });

  it("runs a command in a copy with local state, with the providers attached", async () => {
    const folder = scratchFolder();
    const { status, left, project } = await inScratch(
      `pwd > ${folder}/cwd; echo "$TF_REATTACH_PROVIDERS" > ${folder}/reattach; cp -r cdktf.json cdktf.out ${folder}`,
    );
    expect([status, left]).toEqual([0, []]);
    const text = (...path: string[]) => readFileSync(join(folder, ...path), "utf8").trim();
    expect(Object.keys(JSON.parse(text("reattach")))).toContain("registry.terraform.io/hashicorp/aws");
    expect(JSON.parse(text("cdktf.out", "stacks", "dev-network", "cdk.tf.json")).terraform.backend).toEqual({
      local: { path: join(text("cwd"), "states", "dev-network.tfstate") },
    });
    expect(JSON.parse(text("cdktf.json")).app).toContain(project);
  });
  it("returns the status of the command and passes its options", async () => {
    expect((await inScratch("sh", "-c", "exit 5")).status).toBe(5);
    expect((await inScratch("test", "--json", "=", "--json")).status).toBe(0);
  });
  it("keeps the folder on request", async () => {
    expect((await rehearse({ args: ["--keep", "exec", "true"] })).left).toHaveLength(1);
  });
  it("needs Terraform too", async () => {
    expect(await rehearse({ args: ["exec", "true"], env: { TERRAFORM_BINARY_NAME: "none" } })).toMatchObject({
      status: 2,
    });
  });
});
