import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { CHARTS } from "../../../modules/kube/charts";
import { fakeHelm, folderWith } from "./helm.fixture";

const root = resolve(__dirname, "../../..");
const script = ["-r", join(root, "tools/typescript-loader.js"), join(root, "tools/charts/record-charts.ts")];

it("writes the facts of every chart in a folder, and says which is not of the version of its pin", {
  timeout: 120_000,
}, () => {
  const files = Object.entries(CHARTS).map(([key, { version }]) => [
    [
      `${key}/Chart.yaml`,
      { version: key === "neuron" ? "1.0.0" : version, ...(key === "keda" && { kubeVersion: ">=1.23" }) },
    ],
    [`${key}/values.yaml`, { replicas: 1 }],
    [`${key}/rendered.yaml`, { kind: "ServiceAccount", apiVersion: "v1", metadata: { name: key } }],
  ]);
  const cwd = folderWith({ "__tests__/modules/kube/chart-facts.json": "" });
  const env = { ...process.env, HELM: fakeHelm() };
  execFileSync("node", [...script, folderWith(Object.fromEntries(files.flat()))], { cwd, env });
  const facts = JSON.parse(readFileSync(join(cwd, "__tests__/modules/kube/chart-facts.json"), "utf8"));
  expect(Object.keys(facts)).toEqual(Object.keys(CHARTS).sort());
  expect(facts.keda).toMatchObject({ version: "2.20.2", kubeVersion: ">=1.23", values: { replicas: "number" } });
  expect(facts.keda).not.toHaveProperty("seen");
  expect(facts.neuron).toMatchObject({ version: "1.9.0", seen: "1.0.0" });
  expect(facts.kueue.rendered).toMatchObject({ namespace: "kueue-system", serviceAccounts: ["kueue-system/kueue"] });
});
it("says that Helm cannot be run, and leaves the record as it was", () => {
  const cwd = folderWith({ "__tests__/modules/kube/chart-facts.json": "old" });
  const env = { ...process.env, HELM: "/no/helm" };
  const { status, stderr } = spawnSync("node", [...script], { cwd, env, encoding: "utf8" });
  expect([status, stderr]).toEqual([2, "/no/helm cannot be run: install Helm 3, or name it in HELM\n"]);
  expect(readFileSync(join(cwd, "__tests__/modules/kube/chart-facts.json"), "utf8")).toBe("old");
});
