import { Release } from "@cdktf/provider-helm/lib/release";
import type { TerraformResource } from "cdktf";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { GpuOperator } from "../../../modules/kube/gpu-operator";
import { NvidiaDevicePlugin, type NvidiaDevicePluginProps } from "../../../modules/kube/nvidia-device-plugin";
import { errorOf, rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";
import { matchesGolden, valuesOf } from "./golden.fixture";
import { CPU, GPU, NEURON, poolsOf, runnersOf } from "./pools.fixture";

type Props = Partial<NvidiaDevicePluginProps>;
const make = inCluster(
  (scope, props: Props = {}) => new NvidiaDevicePlugin(scope, "plugin", { pools: poolsOf(), ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props));
const values = (...pools: RunnerPool[]) => valuesOf(build({ pools: runnersOf(...pools) }));
const configs = (...pools: RunnerPool[]) => {
  const { map, default: chosen } = values(...pools).config;
  return { chosen, map: Object.fromEntries(Object.entries(map).map(([k, text]) => [k, JSON.parse(String(text))])) };
};
const A100: RunnerPool = { ...GPU, suffix: "mig", instanceTypes: ["p4d.24xlarge"], gpuSharing: { mig: "1g.5gb" } };

describe("the release", () => {
  it("is NVIDIA's chart in kube-system", () => {
    expect(build().one(Release)).toMatchObject({
      name: "nvidia-device-plugin",
      namespace: "kube-system",
      repository: "https://nvidia.github.io/k8s-device-plugin",
      chart: "nvidia-device-plugin",
      version: "0.20.0",
    });
  });
  it("is there only where a GPU pool is", () => {
    expect(build({ pools: runnersOf(CPU, NEURON) }).all(Release)).toEqual([]);
    expect(build({ pools: runnersOf() }).all(Release)).toEqual([]);
    synth((stack) => {
      const { chart, ready } = make(stack, { pools: runnersOf(CPU) });
      expect([chart, ready]).toEqual([undefined, []]);
    });
  });
  it("leaves nodes alone whose image has a plugin", () => {
    const bottlerocket = { ...GPU, imageFamily: "bottlerocket" as const };
    expect(build({ pools: runnersOf(bottlerocket) }).all(Release)).toEqual([]);
    const taint = { key: "team", value: "a", effect: "NO_SCHEDULE" as const };
    const both = values({ ...bottlerocket, suffix: "own", additionalTaints: [taint] }, GPU);
    expect(JSON.stringify(both)).not.toContain("team");
    const [{ matchExpressions }] =
      both.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
    expect(matchExpressions).toContainEqual({
      key: "nvidia.com/gpu.deploy.operands",
      operator: "NotIn",
      values: ["false"],
    });
  });
  it("serves GPU nodes of groups that are no runner pools", () => {
    const extra = { instanceTypes: ["g5.xlarge"], minSize: 0, maxSize: 1 };
    const pools = poolsOf({ runnerPools: [], additionalNodeGroups: { extra } });
    expect(build({ pools }).all(Release)).toHaveLength(1);
  });
  it("is what others wait for", () => {
    const { outputs } = synth((stack) => {
      const { ready } = make(stack);
      new TerraformOutput(stack, "ready", { value: ready.map((one) => (one as TerraformResource).fqn) });
    });
    expect(JSON.stringify(outputs)).toMatch(/helm_release\./);
  });
});

describe("the values", () => {
  it("are as rendered, with each way of sharing", async () => {
    const taints = [{ key: "team", value: "a", effect: "NO_EXECUTE" as const }];
    const shared = [
      { ...GPU, suffix: "turns", gpuSharing: { timeSlicing: 4 }, additionalTaints: taints },
      { ...GPU, suffix: "mps", gpuSharing: { mps: 8 } },
      A100,
    ];
    const pools = runnersOf(CPU, GPU, NEURON, ...shared);
    await matchesGolden(valuesOf(build({ pools, migByImage: true })), "nvidia-device-plugin");
  });
  it("go to every GPU node, whatever its taints, and to no other", () => {
    const found = values(CPU, NEURON, GPU);
    expect(found.tolerations).toEqual([
      { key: "dedicated", operator: "Equal", value: "runner", effect: "NoSchedule" },
      { key: "nvidia.com/gpu", operator: "Exists" },
    ]);
    const [{ matchExpressions }] =
      found.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
    expect(matchExpressions[0]).toEqual({ key: "nvidia.com/gpu.present", operator: "Exists" });
    expect(found.nfd.worker).toEqual({ affinity: found.affinity, tolerations: found.tolerations });
  });
  it("leave discovery out when told", () => {
    const found = valuesOf(build({ gfd: false }));
    expect(Object.keys(found)).toEqual(["affinity", "tolerations"]);
    expect(valuesOf(build()).gfd).toEqual({ enabled: true });
  });
  it("have no configuration where all GPUs are whole", () => {
    expect(values(GPU)).not.toHaveProperty("config");
  });
  it("hold the configuration that the label of each pool names", () => {
    const shared = { timeSlicing: { resources: [{ name: "nvidia.com/gpu", replicas: 4 }] } };
    expect(
      configs({ ...GPU, gpuSharing: { timeSlicing: 4 } }, { ...GPU, suffix: "m", gpuSharing: { mps: 2 } }),
    ).toEqual({
      chosen: "default",
      map: {
        default: { version: "v1", flags: { migStrategy: "none" } },
        "time-slicing-4": { version: "v1", flags: { migStrategy: "none" }, sharing: shared },
        "mps-2": {
          version: "v1",
          flags: { migStrategy: "none" },
          sharing: { mps: { resources: [{ name: "nvidia.com/gpu", replicas: 2 }] } },
        },
      },
    });
  });
  it("take configurations of the caller's own, the default too", () => {
    const additionalLabels = { "nvidia.com/device-plugin.config": "mine" };
    const own = { mine: { version: "v1", flags: { migStrategy: "mixed" } }, default: { version: "v1" } };
    const found = valuesOf(build({ pools: runnersOf({ ...GPU, additionalLabels }), configs: own }));
    expect(found.config).toEqual({
      default: "default",
      map: { mine: '{"flags":{"migStrategy":"mixed"},"version":"v1"}', default: '{"version":"v1"}' },
    });
  });
  it("yield to the caller's", () => {
    const found = valuesOf(build({ values: { gfd: { enabled: false }, tolerations: [], more: 1 } }));
    expect(found).toMatchObject({ gfd: { enabled: false }, tolerations: [], more: 1, affinity: expect.anything() });
  });
});

describe("beside the GPU operator", () => {
  it("is refused, whichever comes first", () => {
    const operator = inCluster((scope) => new GpuOperator(scope, "operator", { pools: poolsOf() }));
    const plugin = (scope: Parameters<typeof operator>[0]) =>
      new NvidiaDevicePlugin(scope, "plugin", { pools: poolsOf() });
    const after = errorOf(() => synth((stack) => [operator(stack), plugin(stack)]));
    expect(after.name).toBe("InputError");
    expect(after.message).toMatch(/^test\/plugin: props: must not be used with GpuOperator \(test\/operator\)/);
    const first = errorOf(() =>
      synth((stack) => [make(stack), new GpuOperator(stack, "operator", { pools: poolsOf() })]),
    );
    expect(first.message).toMatch(/^test\/operator: props: must not be used with NvidiaDevicePlugin \(test\/plugin\)/);
  });
  it("is no matter in another stack, nor where neither makes anything", () => {
    expect(build().all(Release)).toHaveLength(1);
    synth((stack) => {
      make(stack, { pools: runnersOf(CPU) });
      new GpuOperator(stack, "operator", { pools: poolsOf() });
    });
  });
});

const wrong = (props: object) => props as Props;
const labelled = { ...GPU, additionalLabels: { "nvidia.com/device-plugin.config": "mine" } };
rejects<Props>(
  "test/plugin",
  [
    ["pools", wrong({ pools: undefined })],
    ["pools[0]", wrong({ pools: [GPU] }), "nodePools()"],
    ["namespace", { namespace: "Kube" }, "lower-case", "Kube"],
    ["namespace", { namespace: "a".repeat(64) }, "at most 63"],
    ["gfd", wrong({ gfd: "yes" })],
    ["gfd", { gfd: false, pools: runnersOf({ ...GPU, gpuSharing: { mps: 2 } }) }, "must be true", "runner-gpu"],
    ["migByImage", { pools: runnersOf(A100) }, "must be true for runner-mig", "1g.5gb", "GpuOperator"],
    ["configs.mine", { pools: runnersOf(labelled) }, "is required", "runner-gpu names it"],
    ["configs.mine", { pools: runnersOf(labelled), configs: { other: {} } }, "is required"],
    [
      "configs.mps-2",
      { pools: runnersOf({ ...GPU, gpuSharing: { mps: 2 } }), configs: { "mps-2": {} } },
      "must have another name",
    ],
    ["configs.a b", { configs: { "a b": {} } }, "label value", "a b"],
    [`configs.${"a".repeat(64)}`, { configs: { ["a".repeat(64)]: {} } }, "at most 63"],
    ["configs.a", wrong({ configs: { a: "version: v1" } })],
    ["chart.version", { chart: { version: "0.20" } }, "must be a version"],
    ["values", wrong({ values: "a" })],
    ["timeoutSeconds", { timeoutSeconds: 59 }, "at least 60"],
    ["dependsOn[0]", wrong({ dependsOn: [1] })],
    ["gdf", wrong({ gdf: true }), "did you mean gfd?"],
  ],
  make,
);
it.each<Props>([{ namespace: "gpu" }, { configs: { ["a".repeat(63)]: {} } }, { timeoutSeconds: 3600 }])(
  "takes %j",
  (props) => {
    expect(build(props).all(Release)).toHaveLength(1);
  },
);
