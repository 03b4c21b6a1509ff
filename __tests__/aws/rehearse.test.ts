import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { installedModules } from "@cdktf-ml-infra/rehearsal/internal/bindings";
import { cacheFolder } from "@cdktf-ml-infra/rehearsal/internal/cache";
import type { Report } from "@cdktf-ml-infra/rehearsal/internal/report";
import { withTerraform } from "@cdktf-ml-infra/rehearsal/test-support/with-terraform";
import { describe, expect, it } from "vitest";
import type { MISTAKES } from "../support/broken-app";
import { run } from "../support/process";

const LOADER = resolve("tools/typescript-loader.js");
const COMMAND = ["-r", LOADER, resolve("packages/rehearsal/src/rehearse.ts")];

/** Credentials and settings that lead nowhere: whoever used them would fail. */
const TRAPS = {
  AWS_PROFILE: "nobody",
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  KUBECONFIG: "/nowhere",
  TF_CLI_ARGS: "-no-such-option",
  TF_WORKSPACE: "nowhere",
};

const rehearse = (args: string[], cwd = process.cwd()) =>
  run("node", [...COMMAND, ...args], { cwd, env: { ...process.env, ...TRAPS } });

/** Files below a folder of the project, with what they hold. */
const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    : [];

/** A project whose app is dev with a mistake in it. */
function broken(mistake: keyof typeof MISTAKES): string {
  const project = mkdtempSync(join(tmpdir(), "broken-"));
  const app = `node -r ${LOADER} ${resolve("__tests__/support/broken-app.ts")} "${mistake}"`;
  writeFileSync(join(project, "cdktf.json"), JSON.stringify({ app, language: "typescript" }));
  symlinkSync(resolve("node_modules"), join(project, "node_modules"));
  return project;
}

withTerraform("npm run rehearse", () => {
  it("takes every stack of every environment up and down", async () => {
    const before = filesIn("state");
    const { status, stdout, stderr } = await rehearse(["--json"]);
    expect([status, stderr]).toEqual([0, ""]);
    const report: Report = JSON.parse(stdout);
    expect(report.stacks.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
    expect(report.stacks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["dev-exadeploy-peering", "prod-exadeploy-cluster", "prod-state", "prod-ml-ec2"]),
    );
    const resources = report.stacks.reduce((sum, stack) => sum + stack.resources, 0);
    expect(resources).toBeGreaterThan(600);
    for (const { id, steps } of report.stacks) expect(Object.keys(steps), id).toHaveLength(6);
    expect(report.seconds / resources).toBeLessThan(0.3); // 0.04 on an idle machine; other tests run beside it
    expect(filesIn("state")).toEqual(before);
  });

  describe("finds", () => {
    const [NETWORK, CLUSTER] = ["dev-exadeploy-network", "dev-exadeploy-cluster"];
    const row = (stack: string, step: string, message: RegExp, ...constructs: string[]) =>
      ({ stack, step, message, constructs: constructs.map((path) => `${stack}/${path}`) }) as const;
    const VPC = "network/vpc";
    const SUBNET = "network/public/subnet-0";
    const CONTROL_PLANE = "cluster/control-plane/cluster";
    const ROWS: Record<keyof typeof MISTAKES, ReturnType<typeof row>> = {
      "missing argument": row(NETWORK, "validate", /Missing required argument[\s\S]*"vpc_id" is required/, SUBNET),
      "wrong type": row(NETWORK, "validate", /"enable_dns_support": a bool is required/, VPC),
      "wrong collection": row(NETWORK, "validate", /"tags": map of string required/, VPC),
      "unknown argument": row(NETWORK, "validate", /No argument or block type is named "cidr"/, VPC),
      "block too many": row(CLUSTER, "validate", /Too many vpc_config blocks/, CONTROL_PLANE),
      "dangling reference": row(NETWORK, "validate", /"aws_vpc" "gone" has not been declared/, SUBNET),
      "unknown attribute": row(
        NETWORK,
        "validate",
        /no argument, nested block, or exported attribute named\s"identifier"/,
        SUBNET,
      ),
      cycle: row(NETWORK, "validate", /Cycle: .*aws_vpc\./, SUBNET, VPC),
      "output that is not there": row(
        CLUSTER,
        "plan",
        /does not have an attribute named\s+"no_such_output"/,
        CONTROL_PLANE,
      ),
      "plan that is never empty": row(
        NETWORK,
        "second plan",
        /Second plan is not empty[\s\S]*would update it again:\n {2}tags\.PlannedAt: "2\S+Z" -> \(known after apply\)/,
        VPC,
      ),
    };

    it.each(Object.entries(ROWS) as [keyof typeof MISTAKES, ReturnType<typeof row>][])(
      "%s, and names the construct",
      async (mistake, { stack, step, message, constructs }) => {
        const { status, stdout, stderr } = await rehearse([stack], broken(mistake));
        expect([status, stderr]).toEqual([1, ""]);
        const said = stdout.replace(/^ {2}│ ?/gm, "");
        expect(said).toMatch(new RegExp(`^✗ ${stack} .* failed in ${step}$`, "m"));
        expect(said).toMatch(message);
        for (const construct of constructs) expect(said).toMatch(new RegExp(`^constructs?: .*${construct}(,|$)`, "m"));
        expect(said).toMatch(/ 1 failed/);
      },
    );
  });
});

withTerraform("the real cdktf, with the rehearsal's providers", () => {
  it("deploys and destroys every stack, on a cold schema cache and without touching real state", async () => {
    rmSync(cacheFolder(installedModules()), { recursive: true, force: true });
    const before = filesIn("state");
    const notes = mkdtempSync(join(tmpdir(), "notes-"));
    const cdktf = (command: string) => `cdktf ${command} --skip-provider-lock --auto-approve '*'`;
    const line = [
      cdktf("deploy"),
      `cp -r states ${notes}/deployed`,
      cdktf("destroy"),
      `cp -r states ${notes}/destroyed`,
    ].join(" && ");
    const { status, stdout, stderr } = await rehearse(["exec", line]);
    expect(status, stdout.slice(-3000) + stderr).toBe(0);
    const left = (folder: string) =>
      readdirSync(join(notes, folder))
        .filter((file) => file.endsWith(".tfstate"))
        .map((file) => JSON.parse(readFileSync(join(notes, folder, file), "utf8")).resources.length);
    expect(left("deployed").length).toBeGreaterThanOrEqual(17);
    expect(Math.min(...left("deployed"))).toBeGreaterThan(0);
    expect(Math.max(...left("destroyed"))).toBe(0);
    expect(filesIn("state")).toEqual(before);
  });
  it("and terraform in a stack's folder, as it is", async () => {
    const folder = mkdtempSync(join(tmpdir(), "notes-"));
    const line = `cd cdktf.out/stacks/dev-exadeploy-network && terraform init && terraform plan -no-color > ${folder}/plan`;
    const { status, stderr } = await rehearse(["exec", line]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(readFileSync(join(folder, "plan"), "utf8")).toMatch(/Plan: \d\d to add, 0 to change, 0 to destroy/);
  });
});
