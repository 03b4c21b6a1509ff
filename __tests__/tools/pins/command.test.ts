import { dirname } from "node:path";
import { projectOf } from "@cdktf-ml-infra/rehearsal/test-support/terraform";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Chart } from "../../../modules/kube/charts";
import { command, USAGE } from "../../../tools/pins/command";
import { fakeHelm } from "../charts/helm.fixture";
import { clusterStack } from "./pins.fixture";

const CHARTS: Record<string, Chart> = {
  keda: { repository: "https://charts.example.com", chart: "keda", version: "2.20.2" },
  kueue: { repository: "oci://registry.example.com/charts", chart: "kueue", version: "0.19.2" },
};

interface Settings {
  args?: string[];
  version?: string;
  day?: string;
  /** Newest versions other than the pins; null where the repository cannot be read. */
  newest?: Record<string, string | null>;
  app?: string;
  helm?: string;
  /** The project's own charts when undefined is given. */
  charts?: Record<string, Chart>;
}

/** Calls the command in a project of one cluster, with Helm on the path. */
async function pins({
  args = [],
  version = "1.35",
  day = "2026-11-29",
  newest = {},
  app,
  helm,
  ...more
}: Settings = {}) {
  const charts = "charts" in more ? more.charts : CHARTS;
  const answers = Object.entries(charts ?? {}).flatMap(([key, { repository, chart, version: pin }]) => {
    const found = newest[key] === undefined ? pin : newest[key];
    const words = repository.startsWith("oci://") ? `${repository}/${chart}` : `${chart} --repo ${repository}`;
    return found === null ? [] : [[words, { version: found }]];
  });
  vi.stubEnv("FAKE_CHARTS", JSON.stringify(Object.fromEntries(answers)));
  vi.stubEnv("HELM", helm ?? "");
  vi.stubEnv("PATH", `${dirname(fakeHelm())}:${process.env.PATH}`);
  const project = projectOf({ "dev-cluster": [] }, clusterStack(version), app);
  const said = { stdout: "", stderr: "" };
  const screen = (name: "stdout" | "stderr") => ({ write: (text: string) => (said[name] += text) });
  const env = { PATH: process.env.PATH };
  const now = new Date(`${day}T23:59:59Z`);
  const status = await command(args, { project, env, stdout: screen("stdout"), stderr: screen("stderr"), now, charts });
  return { status, ...said };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("npm run pins", () => {
  it("passes where all is current and supported", async () => {
    const { status, stdout, stderr } = await pins();
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/│ keda +│ 2\.20\.2 +│ 2\.20\.2 +│ current │/);
    expect(stdout).toMatch(/│ dev-cluster │ 1\.35 +│ standard │ 2027-03-27 +│ +118 │ upgraded │ \$365\.00 +│/);
  });
  it("ends with 1 where a chart is old", async () => {
    const { status, stdout, stderr } = await pins({ newest: { keda: "2.21.0" } });
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/│ keda +│ 2\.20\.2 +│ 2\.21\.0 +│ old +│/);
  });
  it("ends with 1 where a cluster costs extended support, or has none", async () => {
    const { status, stdout } = await pins({ version: "1.33" });
    expect(status).toBe(1);
    expect(stdout).toMatch(/│ 1\.33 +│ extended │ 2026-07-29 +│ -123 │/);
    expect(await pins({ version: "1.30" })).toMatchObject({ status: 1, stdout: expect.stringContaining("│ ended ") });
  });
  it("ends with 0 where the end of support is not known, and says so", async () => {
    const { status, stdout } = await pins({ version: "1.36" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/│ 1\.36 +│ unknown │ not known +│ +│/);
  });
  it("ends with 2 where a repository cannot be read, and says why", async () => {
    const { status, stdout, stderr } = await pins({ newest: { kueue: null, keda: "2.21.0" } });
    expect([status, stderr]).toEqual([2, "kueue: oci://registry.example.com/charts: no such host\n"]);
    expect(stdout).toMatch(/│ kueue +│ 0\.19\.2 +│ not known │ unknown │/);
    expect(stdout).toMatch(/│ old +│/);
  });
  it("ends with 2 without Helm, says so once, and tells of the clusters", async () => {
    const { status, stdout, stderr } = await pins({ helm: "/no/helm", version: "1.33" });
    expect([status, stderr]).toEqual([2, "/no/helm cannot be run: install Helm 3, or name it in HELM\n"]);
    expect(stdout).toMatch(
      /│ keda +│ 2\.20\.2 +│ not known │ unknown │\n[\s\S]*│ kueue +│ 0\.19\.2 +│ not known │ unknown │/,
    );
    expect(stdout).toMatch(/│ dev-cluster │ 1\.33 +│ extended │ 2026-07-29 +│ -123 │/);
  });
  it("ends with 1 where the table of EKS's versions is old", async () => {
    const { status, stderr } = await pins({ version: "1.36", day: "2027-04-01" });
    expect([status, stderr]).toEqual([1, expect.stringContaining("raise SUPPORT_DAY")]);
  });
  it("prints JSON when asked to", async () => {
    const told = JSON.parse((await pins({ args: ["--json"], newest: { keda: "2.21.0" } })).stdout);
    expect(told.day).toBe("2026-11-29");
    expect(told.charts).toContainEqual({ chart: "keda", pin: "2.20.2", newest: "2.21.0", state: "old" });
    expect(told.kubernetes).toEqual([expect.objectContaining({ stack: "dev-cluster", daysLeft: 118 })]);
  });
  it("asks for every chart of the project", async () => {
    const { status, stderr } = await pins({ charts: undefined });
    expect(status).toBe(2);
    expect(stderr.match(/^[a-z-]+(?=: (https|oci):)/gm)).toContain("aws-load-balancer-controller");
    expect(stderr.split("\n")).toHaveLength(19);
  });
  it("explains itself", async () => {
    expect(await pins({ args: ["--help"] })).toEqual({ status: 0, stdout: `${USAGE}\n`, stderr: "" });
  });
});

it.each<[string, Settings, RegExp]>([
  ["an unknown option", { args: ["--jsno"] }, /^Unknown option '--jsno'[\s\S]*\n\nusage: npm run pins/],
  ["an app with a fault", { app: "echo 'Error: dev: no' >&2; exit 1" }, /^Error: dev: no\n$/],
])("tells of %s without a table", async (_, settings, message) => {
  const { status, stdout, stderr } = await pins(settings);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});
