import { Release } from "@cdktf/provider-helm/lib/release";
import { describe, expect, it } from "vitest";
import { EfaDevicePlugin, type EfaDevicePluginProps } from "../../../modules/kube/efa-device-plugin";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";
import { matchesGolden, valuesOf } from "./golden.fixture";
import { CPU, EFA, GPU, runnersOf } from "./pools.fixture";

type Props = Partial<EfaDevicePluginProps>;
const make = inCluster(
  (scope, props: Props = {}) => new EfaDevicePlugin(scope, "efa", { pools: runnersOf(EFA), ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props));

describe("the release", () => {
  it("is AWS's chart in kube-system", () => {
    expect(build().one(Release)).toMatchObject({
      name: "aws-efa-k8s-device-plugin",
      namespace: "kube-system",
      repository: "https://aws.github.io/eks-charts",
      chart: "aws-efa-k8s-device-plugin",
      version: "v0.5.30",
    });
    expect(build({ namespace: "efa" }).one(Release).namespace).toBe("efa");
  });
  it("is there only where EFA is on, whatever the instances could do", () => {
    const able = { ...GPU, suffix: "able", instanceTypes: ["p5.48xlarge"] };
    expect(build({ pools: runnersOf(CPU, GPU, able) }).all(Release)).toEqual([]);
    synth((stack) => {
      expect(make(stack, { pools: [] })).toMatchObject({ chart: undefined, ready: [] });
    });
  });
});

describe("the values", () => {
  it("are as rendered", async () => {
    const additionalTaints = [{ key: "team", value: "a", effect: "NO_EXECUTE" as const }];
    await matchesGolden(valuesOf(build({ pools: runnersOf(CPU, { ...EFA, additionalTaints }) })), "efa-device-plugin");
  });
  it("go to the nodes that the label tells, and tolerate what these have", () => {
    expect(valuesOf(build())).toEqual({
      supportedInstanceLabels: { keys: ["vpc.amazonaws.com/efa.present"], values: ["true"] },
      tolerations: [
        { key: "dedicated", operator: "Equal", value: "runner", effect: "NoSchedule" },
        { key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" },
      ],
    });
    const own = { ...EFA, suffix: "own", additionalLabels: { "vpc.amazonaws.com/efa.present": "1" } };
    expect(valuesOf(build({ pools: runnersOf(EFA, own) })).supportedInstanceLabels.values).toEqual(["1", "true"]);
  });
  it("yield to the caller's", () => {
    expect(valuesOf(build({ values: { tolerations: [] } })).tolerations).toEqual([]);
  });
});

const wrong = (props: object) => props as Props;
rejects<Props>(
  "test/efa",
  [
    ["pools", wrong({ pools: undefined })],
    ["pools", wrong({ pools: {} })],
    ["pools[0]", wrong({ pools: [EFA] }), "nodePools()"],
    ["namespace", { namespace: "" }],
    ["namespace", { namespace: "Efa" }, "lower-case"],
    ["namespace", { namespace: "a".repeat(64) }, "at most 63"],
    ["chart", wrong({ chart: "0.5.7" })],
    ["chart.version", { chart: { version: "newest" } }, "must be a version"],
    ["chart.repository", { chart: { repository: "eks" } }],
    ["values", wrong({ values: [] })],
    ["timeoutSeconds", { timeoutSeconds: 59 }, "at least 60"],
    ["timeoutSeconds", { timeoutSeconds: 3601 }, "at most 3600"],
    ["timeoutSeconds", wrong({ timeoutSeconds: "600" })],
    ["dependsOn[0]", wrong({ dependsOn: ["x"] }), "a resource"],
    ["namespaces", wrong({ namespaces: [] }), "did you mean namespace?"],
  ],
  make,
);
