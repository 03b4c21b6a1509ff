import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { chartFiles, NoHelm, newestOf, pulled, readYaml, rendered } from "../../../tools/charts/helm";
import { fakeHelm, folderWith } from "./helm.fixture";

beforeEach(() => {
  vi.stubEnv("HELM", fakeHelm());
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it("pulls a chart by its repository's index, or by its name in a registry", () => {
  const told = (repository: string) => {
    const folder = pulled({ repository, chart: "keda", version: "2.0.0" }, folderWith({}));
    return JSON.parse(readFileSync(join(folder, "pulled.json"), "utf8")).slice(0, -1);
  };
  const rest = ["--version", "2.0.0", "--untar", "--untardir"];
  expect(told("https://charts.example.com")).toEqual(["keda", "--repo", "https://charts.example.com", ...rest]);
  expect(told("oci://registry.example.com/charts")).toEqual(["oci://registry.example.com/charts/keda", ...rest]);
});
it("tells the newest version of a chart, or why it cannot be told", async () => {
  const newest = (repository: string) => newestOf({ repository, chart: "keda", version: "2.0.0" });
  const known = {
    "keda --repo https://charts.example.com": { version: "2.1.0" },
    "oci://registry.example.com/charts/keda": { version: "v3.0.0" },
    "keda --repo https://empty.example.com": {},
  };
  vi.stubEnv("FAKE_CHARTS", JSON.stringify(known));
  expect(await newest("https://charts.example.com")).toEqual({ version: "2.1.0" });
  expect(await newest("oci://registry.example.com/charts")).toEqual({ version: "v3.0.0" });
  expect(await newest("https://empty.example.com")).toEqual({ problem: "Helm names no version" });
  expect(await newest("https://away.example.com")).toEqual({ problem: "no such host" });
});
it.each([
  ["is missing", () => "/no/helm"],
  ["is no program", () => join(folderWith({ helm: "text" }), "helm")],
])("says by one error that Helm %s", async (_, place) => {
  const program = place();
  vi.stubEnv("HELM", program);
  const refused = new NoHelm(`${program} cannot be run: install Helm 3, or name it in HELM`);
  const chart = { repository: "https://charts.example.com", chart: "keda", version: "2.0.0" };
  await expect(newestOf(chart)).rejects.toThrow(refused);
  expect(() => pulled(chart, folderWith({}))).toThrow(refused);
  expect(() => rendered(folderWith({}), { name: "a", namespace: "a", values: [] })).toThrow(refused);
  expect(() => readYaml({})).toThrow(refused);
});
it("renders a release with its values, its hooks and its CRDs", () => {
  const release = { name: "queue", namespace: "queues", values: ['{"a":1}', '{"b":2}'] };
  const [told] = rendered(folderWith({ "Chart.yaml": {} }), release);
  expect(told.args.slice(0, 1)).toEqual(["queue"]);
  expect(told.args.join(" ")).toContain("--namespace queues --kube-version 1.35.0 --include-crds");
  expect(told.values).toEqual(release.values);
});
it("gives every object of the documents, those of lists one by one", () => {
  const list = { kind: "List", items: [{ kind: "A" }, { kind: "B" }] };
  const folder = folderWith({ "rendered.yaml": `---\n${JSON.stringify(list)}\n--- # next\n\n---\n{"kind":"C"}\n` });
  const objects = rendered(folder, { name: "a", namespace: "a", values: [] });
  expect(objects.map(({ kind }) => kind).sort()).toEqual(["A", "B", "C"]);
});
it("refuses what is no YAML, by the name of the document", () => {
  expect(() => readYaml({ good: "{}", bad: "{" })).toThrow("document bad: not JSON");
  expect(readYaml({ good: '{"a":1}', empty: "" })).toEqual({ good: { a: 1 }, empty: {} });
});
it("puts the values of a chart's parts under their names, where the chart's own win", () => {
  const folder = folderWith({
    "Chart.yaml": { name: "whole", dependencies: [{ name: "discovery", alias: "nfd" }] },
    "values.yaml": { own: true, nfd: { enabled: false } },
    "charts/discovery/Chart.yaml": { name: "discovery" },
    "charts/discovery/values.yaml": { enabled: true, worker: { port: 1 } },
    "charts/bare/Chart.yaml": { name: "bare" },
  });
  const { chart, values } = chartFiles(folder);
  expect(chart.name).toBe("whole");
  expect(values).toEqual({ own: true, nfd: { enabled: false, worker: { port: 1 } }, bare: {} });
});
