import { Release } from "@cdktf/provider-helm/lib/release";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { describe, expect, it } from "vitest";
import { DcgmExporter, type DcgmExporterProps } from "../../../modules/kube/dcgm-exporter";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";
import { matchesGolden, valuesOf } from "./golden.fixture";
import { CPU, GPU, NEURON, poolsOf, runnersOf } from "./pools.fixture";

type Props = Partial<DcgmExporterProps>;
const make = inCluster(
  (scope, props: Props = {}) => new DcgmExporter(scope, "exporter", { pools: poolsOf(), ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props));

describe("the release", () => {
  it("is NVIDIA's chart in kube-system", () => {
    expect(build().one(Release)).toMatchObject({
      name: "dcgm-exporter",
      namespace: "kube-system",
      repository: "https://nvidia.github.io/dcgm-exporter/helm-charts",
      chart: "dcgm-exporter",
      version: "4.8.2",
    });
  });
  it("is there only where a GPU pool is, and no dashboard without it", () => {
    for (const pools of [runnersOf(CPU, NEURON), runnersOf({ ...GPU, imageFamily: "bottlerocket" })]) {
      const { all } = build({ pools });
      expect([all(Release), all(ConfigMapV1)]).toEqual([[], []]);
    }
    synth((stack) => {
      expect(make(stack, { pools: runnersOf(CPU) }).ready).toEqual([]);
    });
  });
});

describe("the values", () => {
  it("are as rendered", async () => {
    const additionalTaints = [{ key: "team", value: "a", effect: "NO_EXECUTE" as const }];
    const pools = runnersOf(CPU, { ...GPU, additionalTaints });
    const serviceMonitor = { labels: { release: "prometheus" } };
    await matchesGolden(valuesOf(build({ pools, serviceMonitor })), "dcgm-exporter");
  });
  it("have a ServiceMonitor that Prometheus finds in the exporter's own namespace", () => {
    expect(valuesOf(build()).serviceMonitor).toEqual({
      enabled: true,
      interval: "30s",
      scrapeTimeout: "10s",
      additionalLabels: {},
      relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }],
    });
    expect(valuesOf(build({ serviceMonitor: false })).serviceMonitor).toEqual({ enabled: false });
  });
  it("never wait longer for an answer than until the next question", () => {
    const monitor = (intervalSeconds: number) =>
      valuesOf(build({ serviceMonitor: { intervalSeconds } })).serviceMonitor;
    expect(monitor(5)).toMatchObject({ interval: "5s", scrapeTimeout: "5s" });
    expect(monitor(300)).toMatchObject({ interval: "300s", scrapeTimeout: "10s" });
  });
  it("yield to the caller's", () => {
    expect(valuesOf(build({ values: { hostNetwork: true } })).hostNetwork).toBe(true);
  });
});

it("has a dashboard beside it, unless told not to", () => {
  const { metadata, data } = build({ namespace: "metrics" }).one(ConfigMapV1);
  expect(metadata).toEqual({ name: "gpu-dashboard", namespace: "metrics", labels: { grafana_dashboard: "1" } });
  expect(JSON.parse(data["gpu-dashboard.json"])).toMatchObject({ title: "GPUs" });
  expect(build({ dashboard: false }).all(ConfigMapV1)).toEqual([]);
});

const wrong = (props: object) => props as Props;
rejects<Props>(
  "test/exporter",
  [
    ["pools", wrong({ pools: undefined })],
    ["pools[0]", wrong({ pools: [GPU] }), "nodePools()"],
    ["namespace", { namespace: "Metrics" }, "lower-case"],
    ["namespace", { namespace: "a".repeat(64) }, "at most 63"],
    ["serviceMonitor", wrong({ serviceMonitor: true }), "must be false or an object"],
    ["serviceMonitor", wrong({ serviceMonitor: null })],
    ["serviceMonitor.intervalSeconds", { serviceMonitor: { intervalSeconds: 4 } }, "at least 5", "4"],
    ["serviceMonitor.intervalSeconds", { serviceMonitor: { intervalSeconds: 301 } }, "at most 300", "301"],
    ["serviceMonitor.intervalSeconds", { serviceMonitor: { intervalSeconds: 7.5 } }],
    ["serviceMonitor.labels.a b", { serviceMonitor: { labels: { "a b": "c" } } }],
    ["serviceMonitor.labels.a", { serviceMonitor: { labels: { a: "" } } }],
    ["serviceMonitor.interval", wrong({ serviceMonitor: { interval: "30s" } }), "intervalSeconds"],
    ["dashboard", wrong({ dashboard: {} })],
    ["chart.version", { chart: { version: "4" } }],
    ["values", wrong({ values: 1 })],
    ["timeoutSeconds", { timeoutSeconds: 0 }],
    ["metrics", wrong({ metrics: [] }), "known keys"],
  ],
  make,
);
