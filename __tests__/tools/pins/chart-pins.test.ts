import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { chartPins } from "../../../tools/pins/chart-pins";
import { fakeHelm } from "../charts/helm.fixture";

const repository = "https://charts.example.com";
const has = (charts: Record<string, string>) =>
  vi.stubEnv(
    "FAKE_CHARTS",
    JSON.stringify(
      Object.fromEntries(
        Object.entries(charts).map(([name, version]) => [`${name} --repo ${repository}`, { version }]),
      ),
    ),
  );
beforeEach(() => {
  vi.stubEnv("HELM", fakeHelm());
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ["1.9.0", "1.10.0", "old"],
  ["v26.3.3", "v26.7.0", "old"],
  ["v1.0.0", "1.0.1", "old"],
  ["1.10.0", "1.10.0", "current"],
  ["v1.10.0", "1.10.0", "current"],
  ["1.10.0", "1.9.9", "current"],
])("the pin %s is, where the repository has %s, %s", async (version, newest, state) => {
  has({ keda: newest });
  expect(await chartPins({ scaler: { repository, chart: "keda", version } })).toEqual({
    pins: [{ chart: "scaler", pin: version, newest, state }],
    problems: [],
  });
});
it("says why a repository cannot be read, and reads the others", async () => {
  has({ lws: "2.0.0" });
  const charts = Object.fromEntries(
    ["a", "b", "c", "d", "lws"].map((chart) => [chart, { repository, chart, version: "1.0.0" }]),
  );
  const { pins, problems } = await chartPins(charts);
  expect(pins.map(({ chart, state }) => [chart, state])).toEqual([
    ...["a", "b", "c", "d"].map((chart) => [chart, "unknown"]),
    ["lws", "old"],
  ]);
  expect(pins[0]).toEqual({ chart: "a", pin: "1.0.0", state: "unknown", problem: `${repository}: no such host` });
  expect(problems).toEqual(["a", "b", "c", "d"].map((chart) => `${chart}: ${repository}: no such host`));
});
it("knows no newest version without Helm", async () => {
  vi.stubEnv("HELM", "/no/helm");
  const charts = { a: { repository, chart: "a", version: "1.0.0" }, b: { repository, chart: "b", version: "2.0.0" } };
  const problem = "/no/helm cannot be run: install Helm 3, or name it in HELM";
  expect(await chartPins(charts)).toEqual({
    pins: [
      { chart: "a", pin: "1.0.0", state: "unknown", problem },
      { chart: "b", pin: "2.0.0", state: "unknown", problem },
    ],
    problems: [problem],
  });
});
