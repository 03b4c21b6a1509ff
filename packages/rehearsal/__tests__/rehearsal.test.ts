import { describe, expect, it } from "vitest";
import { rehearseStacks } from "../src/rehearsal";
import type { Step } from "../src/stack-rehearsal";
import { fakeTerraform, fault, printing, scratchFolder, stackFolder } from "./support/terraform";

const NEEDS = { network: [], cluster: ["network"], jobs: ["cluster"], box: [] };
const WHOLE = ["init", "validate", "plan", "apply", "plan", "destroy"];

/** Rehearses the four stacks with a terraform that fails as told: in a stack, in a command. */
async function rehearsed(failing: Record<string, string> = {}, options: { steps?: Step[]; jobs?: number } = {}) {
  const lines = (command: string) =>
    Object.entries(failing).map(
      ([stack, step]) =>
        `case "$PWD $*" in */${stack}" "${step}*) ${step.startsWith(command) ? printing(fault("Bad")) : ":"}; exit 1;; esac`,
    );
  const answers = ["validate", "plan", "apply", "destroy"].map((name) => [name, [":", ...lines(name)].join("\n")]);
  const fake = fakeTerraform(Object.fromEntries(answers));
  const root = scratchFolder();
  const json = { resource: { aws_vpc: { a: {}, b: {} }, aws_eip: { a: {} } }, data: { aws_region: { a: {} } } };
  const stacks = Object.entries(NEEDS).map(([id, needs]) => stackFolder(id, needs, json, root));
  const told: string[] = [];
  const deployed: string[] = [];
  const reports = await rehearseStacks(stacks, {
    terraform: { program: fake.program, env: { PATH: process.env.PATH } },
    listener: {
      enters: (id, phase) => told.push(`${id} ${phase}`),
      finished: ({ id, verdict }) => told.push(`${id} ${verdict}`),
    },
    onDeployed: async ({ stack }) => void deployed.push(stack.id),
    jobs: 2,
    ...options,
  });
  const calls = fake.calls();
  const of = (id: string) => calls.filter((call) => call.startsWith(`${id} `)).map((call) => call.slice(id.length + 1));
  return { reports, calls, of, told, deployed, verdicts: Object.fromEntries(reports.map((it) => [it.id, it.verdict])) };
}

describe("sound stacks", () => {
  it("are deployed after their dependencies and destroyed before them", async () => {
    const { calls, of, verdicts, deployed } = await rehearsed();
    for (const id of Object.keys(NEEDS)) expect(of(id)).toEqual(WHOLE);
    const when = (call: string) => calls.lastIndexOf(call);
    expect(when("network plan")).toBeLessThan(calls.indexOf("cluster init"));
    expect(when("cluster plan")).toBeLessThan(calls.indexOf("jobs init"));
    expect(when("jobs destroy")).toBeLessThan(when("cluster destroy"));
    expect(when("cluster destroy")).toBeLessThan(when("network destroy"));
    expect(verdicts).toEqual({ network: "passed", cluster: "passed", jobs: "passed", box: "passed" });
    expect(deployed.sort()).toEqual(["box", "cluster", "jobs", "network"]);
  });
  it("run in parallel up to the number of jobs", async () => {
    const interleaved = ({ calls }: { calls: string[] }) =>
      calls.indexOf("box init") < calls.lastIndexOf("network plan") ||
      calls.indexOf("cluster init") < calls.lastIndexOf("box plan");
    expect(interleaved(await rehearsed({}, { jobs: 2 }))).toBe(true);
    expect((await rehearsed({}, { jobs: 1 })).told.slice(0, 4)).toEqual([
      "network deploying",
      "network deployed",
      "cluster deploying",
      "cluster deployed",
    ]);
  });
  it("are reported in the given order, with resources and durations", async () => {
    const { reports } = await rehearsed();
    expect(reports.map(({ id }) => id)).toEqual(Object.keys(NEEDS));
    const [network, cluster] = reports;
    expect(network).toEqual({
      id: "network",
      needs: [],
      verdict: "passed",
      resources: 3,
      dataSources: 1,
      seconds: Object.values(network?.steps ?? {}).reduce((sum, own) => sum + own, 0),
      steps: expect.objectContaining({ init: expect.any(Number), destroy: expect.any(Number) }),
      diagnostics: [],
    });
    expect(network?.seconds).toBeGreaterThan(0);
    expect(cluster?.needs).toEqual(["network"]);
  });
  it("run only the given steps", async () => {
    const { of, verdicts } = await rehearsed({}, { steps: ["init", "plan", "apply"] });
    expect(of("cluster")).toEqual(["init", "plan", "apply"]);
    expect(verdicts.cluster).toBe("passed");
  });
});

describe("a stack that fails", () => {
  it.each<[string, string, string[]]>([
    ["validate", "validate", ["init", "validate"]],
    ["plan", "plan", ["init", "validate", "plan"]],
    ["apply", "apply", ["init", "validate", "plan", "apply", "destroy"]],
  ])("in %s is destroyed if it was applied, and its dependents are skipped", async (step, command, calls) => {
    const { of, reports, verdicts, told, deployed } = await rehearsed({ cluster: command });
    expect(of("cluster")).toEqual(calls);
    expect(of("network")).toEqual(WHOLE);
    expect(of("box")).toEqual(WHOLE);
    expect(of("jobs")).toEqual([]);
    expect(verdicts).toEqual({ network: "passed", cluster: "failed", jobs: "skipped", box: "passed" });
    const [, cluster, jobs] = reports;
    expect(cluster).toMatchObject({ failedIn: step, diagnostics: [{ summary: "Bad" }] });
    expect(jobs).toMatchObject({ skippedFor: ["cluster"], seconds: 0, diagnostics: [] });
    expect(told).not.toContain("jobs deploying");
    expect(told).toContain("jobs skipped");
    expect(deployed).not.toContain("cluster");
  });
  it("skips the dependents of skipped stacks", async () => {
    const { verdicts, reports } = await rehearsed({ network: "validate" });
    expect(verdicts).toEqual({ network: "failed", cluster: "skipped", jobs: "skipped", box: "passed" });
    expect(reports[2]?.skippedFor).toEqual(["cluster"]);
  });
  it("in destroy does not keep the others from being destroyed", async () => {
    const { of, verdicts, reports } = await rehearsed({ jobs: "destroy" });
    expect(verdicts).toEqual({ network: "passed", cluster: "passed", jobs: "failed", box: "passed" });
    expect(reports[2]?.failedIn).toBe("destroy");
    expect(of("network")).toEqual(WHOLE);
  });
});

it("fails without terraform", async () => {
  const stack = stackFolder("a");
  const terraform = { program: "no-such-terraform", env: {} };
  await expect(rehearseStacks([stack], { terraform })).rejects.toThrow(/ENOENT/);
});
