import { Release } from "@cdktf/provider-helm/lib/release";
import { describe, expect, it } from "vitest";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { GpuOperator, type GpuOperatorProps } from "../../../modules/kube/gpu-operator";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";
import { matchesGolden, valuesOf } from "./golden.fixture";
import { CPU, GPU, poolsOf, runnersOf } from "./pools.fixture";

type Props = Partial<GpuOperatorProps>;
const make = inCluster(
  (scope, props: Props = {}) => new GpuOperator(scope, "operator", { pools: poolsOf(), ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props));
const values = (...pools: RunnerPool[]) => valuesOf(build({ pools: runnersOf(...pools) }));
const A100: RunnerPool = { ...GPU, suffix: "mig", instanceTypes: ["p4d.24xlarge"], gpuSharing: { mig: "1g.5gb" } };

describe("the release", () => {
  it("is NVIDIA's chart in a namespace of its own", () => {
    expect(build().one(Release)).toMatchObject({
      name: "gpu-operator",
      namespace: "gpu-operator",
      create_namespace: true,
      repository: "https://helm.ngc.nvidia.com/nvidia",
      chart: "gpu-operator",
      version: "v26.3.3",
    });
    expect(build({ namespace: "gpu", createNamespace: false }).one(Release)).not.toHaveProperty("create_namespace");
  });
  it("is there only where a GPU pool is that has no plugin in its image", () => {
    expect(build({ pools: runnersOf(CPU) }).all(Release)).toEqual([]);
    expect(build({ pools: runnersOf({ ...GPU, imageFamily: "bottlerocket" }) }).all(Release)).toEqual([]);
    synth((stack) => {
      expect(make(stack, { pools: runnersOf(CPU) }).ready).toEqual([]);
    });
  });
});

describe("the values", () => {
  it("are as rendered, with each way of sharing", async () => {
    const shared = [
      { ...GPU, suffix: "turns", gpuSharing: { timeSlicing: 4 } },
      { ...GPU, suffix: "mps", gpuSharing: { mps: 8 } },
      A100,
    ];
    await matchesGolden(valuesOf(build({ pools: runnersOf(CPU, GPU, ...shared) })), "gpu-operator");
  });
  it("leave driver and toolkit to the nodes' image", () => {
    expect(values(GPU)).toMatchObject({ driver: { enabled: false }, toolkit: { enabled: false } });
  });
  it("tolerate what the GPU pools' nodes have", () => {
    const additionalTaints = [{ key: "team", value: "a", effect: "NO_EXECUTE" as const }];
    const { daemonsets, "node-feature-discovery": discovery } = values({ ...GPU, additionalTaints });
    expect(daemonsets.tolerations).toEqual([
      { key: "dedicated", operator: "Equal", value: "runner", effect: "NoSchedule" },
      { key: "team", operator: "Equal", value: "a", effect: "NoExecute" },
      { key: "nvidia.com/gpu", operator: "Exists" },
    ]);
    expect(discovery.worker.tolerations).toEqual(daemonsets.tolerations);
  });
  it("name a configuration only where GPUs are shared", () => {
    expect(values(GPU).devicePlugin).toEqual({ enabled: true });
    const { config } = values({ ...GPU, gpuSharing: { mps: 2 } }).devicePlugin;
    expect(config).toMatchObject({ create: true, name: "device-plugin-configs", default: "default" });
    expect(Object.keys(config.data)).toEqual(["default", "mps-2"]);
  });
  it("divide GPUs only where a pool is to be divided", () => {
    expect(values(GPU).migManager).toEqual({ enabled: false });
    expect(values(A100)).toMatchObject({
      mig: { strategy: "single" },
      migManager: { enabled: true, env: [{ name: "WITH_REBOOT", value: "true" }] },
    });
  });
  it("announce partitions as the configurations have it, which a variable of the operator overrules", () => {
    const strategy = (props: Props) => valuesOf(build({ pools: runnersOf(GPU), ...props })).mig;
    const of = (migStrategy: string) => ({ flags: { migStrategy } });
    expect(strategy({ configs: { a: { version: "v1" } } })).toBeUndefined();
    expect(strategy({ configs: { a: { version: "v1" }, b: of("mixed"), c: of("mixed") } })).toEqual({
      strategy: "mixed",
    });
    expect(strategy({ configs: { a: of("none") } })).toEqual({ strategy: "none" });
    expect(strategy({ pools: runnersOf(A100), configs: { a: of("single") } })).toEqual({ strategy: "single" });
  });
  it("put nothing but discovery on nodes whose image has a plugin", () => {
    const team = { key: "team", value: "a", effect: "NO_EXECUTE" as const };
    const bottlerocket = { ...GPU, suffix: "b", imageFamily: "bottlerocket" as const, additionalTaints: [team] };
    const found = values(GPU, { ...bottlerocket, gpuSharing: { timeSlicing: 4 } });
    expect(found.devicePlugin).toEqual({ enabled: true });
    expect(JSON.stringify(found.daemonsets)).not.toContain("team");
    expect(JSON.stringify(found["node-feature-discovery"])).toContain("team");
  });
  it("leave metrics to the exporter, and yield to the caller's", () => {
    expect(values(GPU).dcgmExporter).toEqual({ enabled: false });
    expect(valuesOf(build({ values: { dcgmExporter: { enabled: true } } })).dcgmExporter).toEqual({ enabled: true });
  });
});

const wrong = (props: object) => props as Props;
const labelled = { ...GPU, additionalLabels: { "nvidia.com/device-plugin.config": "mine" } };
rejects<Props>(
  "test/operator",
  [
    ["pools", wrong({ pools: undefined })],
    ["pools[0]", wrong({ pools: [GPU] }), "nodePools()"],
    ["namespace", { namespace: "Gpu" }, "lower-case"],
    ["namespace", { namespace: "a".repeat(64) }, "at most 63"],
    ["createNamespace", wrong({ createNamespace: "yes" })],
    ["configs.mine", { pools: runnersOf(labelled) }, "is required", "runner-gpu names it"],
    [
      "configs.mps-2",
      { pools: runnersOf({ ...GPU, gpuSharing: { mps: 2 } }), configs: { "mps-2": {} } },
      "must have another name",
    ],
    ["configs.-a", { configs: { "-a": {} } }, "label value"],
    ["configs.a", wrong({ configs: { a: 1 } })],
    [
      "configs.b.flags.migStrategy",
      { configs: { a: { flags: { migStrategy: "mixed" } }, b: { flags: { migStrategy: "none" } } } },
      "must be mixed, that of the first of configs",
      "got none",
    ],
    [
      "configs.a.flags.migStrategy",
      { pools: runnersOf(A100), configs: { a: { flags: { migStrategy: "mixed" } } } },
      "must be single, that of gpuSharing.mig",
      "got mixed",
    ],
    ["chart.version", { chart: { version: "v26" } }],
    ["chart.repository", { chart: { repository: "ngc" } }],
    ["values", wrong({ values: [] })],
    ["timeoutSeconds", { timeoutSeconds: 3601 }, "at most 3600"],
    ["dependsOn[0]", wrong({ dependsOn: [{}] })],
    ["driver", wrong({ driver: true }), "known keys"],
  ],
  make,
);
it.each<Props>([{ pools: runnersOf(labelled), configs: { mine: {} } }, { createNamespace: false }])(
  "takes %#",
  (props) => {
    expect(build(props).all(Release)).toHaveLength(1);
  },
);
