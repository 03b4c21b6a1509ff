import { Release } from "@cdktf/provider-helm/lib/release";
import { describe, expect, it } from "vitest";
import { NeuronDevicePlugin, type NeuronDevicePluginProps } from "../../../modules/kube/neuron-device-plugin";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";
import { matchesGolden, valuesOf } from "./golden.fixture";
import { CPU, GPU, NEURON, runnersOf } from "./pools.fixture";

type Props = Partial<NeuronDevicePluginProps>;
const make = inCluster(
  (scope, props: Props = {}) => new NeuronDevicePlugin(scope, "neuron", { pools: runnersOf(NEURON), ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props));

describe("the release", () => {
  it("is AWS's chart in kube-system", () => {
    expect(build().one(Release)).toMatchObject({
      name: "neuron",
      namespace: "kube-system",
      repository: "oci://public.ecr.aws/neuron",
      chart: "neuron-helm-chart",
      version: "1.9.0",
    });
  });
  it("is there only where a Neuron pool is, however it was called", () => {
    expect(build({ pools: runnersOf(CPU, GPU) }).all(Release)).toEqual([]);
    expect(build({ pools: runnersOf({ ...NEURON, category: "inferentia" }) }).all(Release)).toHaveLength(1);
    synth((stack) => {
      expect(make(stack, { pools: [] })).toMatchObject({ chart: undefined, ready: [] });
    });
  });
});

describe("the values", () => {
  it("are as rendered", async () => {
    const additionalTaints = [{ key: "team", value: "a", effect: "NO_EXECUTE" as const }];
    const pools = runnersOf(CPU, GPU, { ...NEURON, additionalTaints });
    await matchesGolden(valuesOf(build({ pools, scheduler: true })), "neuron-device-plugin");
  });
  it("go to every Neuron node, whatever its taints, and to no other", () => {
    const { devicePlugin } = valuesOf(build({ pools: runnersOf(CPU, GPU, NEURON) }));
    expect(devicePlugin.tolerations).toEqual([
      { key: "dedicated", operator: "Equal", value: "runner", effect: "NoSchedule" },
      { key: "aws.amazon.com/neuron", operator: "Exists" },
    ]);
    expect(devicePlugin.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution).toEqual({
      nodeSelectorTerms: [{ matchExpressions: [{ key: "aws.amazon.com/neuron.present", operator: "Exists" }] }],
    });
  });
  it("have scheduler and problem detector only when told", () => {
    expect(valuesOf(build())).toMatchObject({ scheduler: { enabled: false }, npd: { enabled: false } });
    expect(valuesOf(build()).npd).toEqual({ enabled: false });
    expect(valuesOf(build({ scheduler: true, problemDetector: true }))).toMatchObject({
      scheduler: { enabled: true },
      npd: { enabled: true, namespaceOverride: "kube-system" }, // the chart makes no namespace of its own
    });
  });
  it("yield to the caller's", () => {
    expect(valuesOf(build({ values: { npd: { enabled: true, x: 1 } } })).npd).toEqual({ enabled: true, x: 1 });
  });
});

const wrong = (props: object) => props as Props;
rejects<Props>(
  "test/neuron",
  [
    ["pools", wrong({ pools: undefined })],
    ["pools", wrong({ pools: "neuron" })],
    ["pools[0]", wrong({ pools: [NEURON] }), "nodePools()"],
    ["scheduler", wrong({ scheduler: "yes" })],
    ["problemDetector", wrong({ problemDetector: 1 })],
    ["namespace", wrong({ namespace: "kube-system" }), "known keys"],
    ["chart", wrong({ chart: "1.9.0" })],
    ["chart.version", { chart: { version: "1.9" } }, "must be a version"],
    ["chart.repository", { chart: { repository: "http://x" } }, "https:// or oci://"],
    ["values", wrong({ values: null })],
    ["values.a", wrong({ values: { a: () => 1 } })],
    ["timeoutSeconds", { timeoutSeconds: 59 }, "at least 60"],
    ["timeoutSeconds", { timeoutSeconds: 3601 }, "at most 3600"],
    ["dependsOn", wrong({ dependsOn: {} })],
    ["dependsOn[0]", wrong({ dependsOn: [1] })],
    ["schedular", wrong({ schedular: true }), "did you mean scheduler?"],
  ],
  make,
);
