import { Release } from "@cdktf/provider-helm/lib/release";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import { describe, expect, it } from "vitest";
import { KubePlatform, type KubePlatformProps } from "../../../modules/kube/kube-platform";
import { type BadInput, rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";
import { CPU, EFA, GPU, NEURON, runnersOf } from "./pools.fixture";

const CERTIFICATE = "arn:aws:acm:us-west-2:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";

const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:any-Ab12Cd";
const CLUSTER = {
  clusterName: "dev",
  clusterVersion: "1.35",
  clusterEndpoint: "https://example.eks.amazonaws.com",
  nodeSecurityGroupId: "sg-0123456789abcdef0",
};
const PLACE: KubePlatformProps = {
  cluster: CLUSTER,
  pools: runnersOf(CPU, GPU),
  vpcId: "vpc-0123456789abcdef0",
  region: "eu-west-1",
};
const ON_DEMAND = runnersOf({ ...CPU, minSize: 0 }, GPU);
const make = inCluster(
  (scope, props: Partial<KubePlatformProps> = {}) => new KubePlatform(scope, "platform", { ...PLACE, ...props }),
);
function build(props: Partial<KubePlatformProps> = {}) {
  const made: KubePlatform[] = [];
  const result = synth((stack) => made.push(make(stack, props)));
  const releases = result.all(Release).map(({ name }) => name);
  return { ...result, platform: made[0] as KubePlatform, releases: releases.sort() };
}
/** Addresses that a release waits for. */
const awaited = ({ parsed }: { parsed: Json }, name: string): string[] =>
  Object.values<Json>(parsed.resource.helm_release).find((release) => release.name === name)?.depends_on ?? [];

describe("by itself", () => {
  it("has the plugin of GPU pools, the cluster autoscaler and a default storage class", () => {
    const { releases, one, all } = build();
    expect(releases).toEqual(["cluster-autoscaler", "nvidia-device-plugin"]);
    expect(one(StorageClassV1).metadata).toMatchObject({
      name: "gp3",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    });
    expect(all(NamespaceV1)).toEqual([]);
  });
  it("has no plugin where there are no GPUs", () => {
    expect(build({ pools: runnersOf(CPU) }).releases).toEqual(["cluster-autoscaler"]);
  });
  it("has Karpenter, or nothing, where the cluster says so", () => {
    expect(build({ autoscaler: "karpenter", pools: ON_DEMAND }).releases).toContain("karpenter");
    expect(build({ autoscaler: "karpenter", pools: ON_DEMAND }).releases).not.toContain("cluster-autoscaler");
    expect(build({ autoscaler: "none" }).releases).toEqual(["nvidia-device-plugin"]);
  });
});

it("has Karpenter's nodes in the subnets and with the tags of the cluster's others, unless told otherwise", () => {
  const subnetIds = ["subnet-0123456789abcdef0"];
  const objects = (props: Partial<KubePlatformProps>) => {
    const { parsed } = build({ autoscaler: "karpenter", pools: ON_DEMAND, subnetIds, ...props });
    const release = Object.values<Json>(parsed.resource.helm_release).find(({ name }) => name.endsWith("-nodes"));
    return JSON.parse(release.values[0]).objects.filter(({ kind }: Json) => kind === "EC2NodeClass");
  };
  for (const { spec } of objects({ instanceTags: { Team: "ml" } })) {
    expect(spec.subnetSelectorTerms).toEqual([{ id: subnetIds[0] }]);
    expect(spec.tags).toMatchObject({ Team: "ml" });
  }
  const [other] = objects({ karpenter: { subnetIds: ["subnet-0123456789abcdef9"] } });
  expect(other.spec.subnetSelectorTerms).toEqual([{ id: "subnet-0123456789abcdef9" }]);
});
it("leaves out what is false", () => {
  const { parsed, releases } = build({ nvidiaDevicePlugin: false, clusterAutoscaler: false, storageClass: false });
  expect(releases).toEqual([]);
  expect(parsed.resource).toBeUndefined();
  expect(build({ autoscaler: "karpenter", karpenter: false, pools: ON_DEMAND }).platform.karpenter).toBeUndefined();
});
it("has the GPU operator in place of the plugin", () => {
  const { releases } = build({ gpuOperator: {} });
  expect(releases).toContain("gpu-operator");
  expect(releases).not.toContain("nvidia-device-plugin");
});
it.each<[keyof KubePlatformProps, Partial<KubePlatformProps>, string]>([
  ["dcgmExporter", { dcgmExporter: {} }, "dcgm-exporter"],
  ["prometheus", { prometheus: {} }, "prometheus"],
  ["loadBalancerController", { loadBalancerController: {} }, "aws-load-balancer-controller"],
  ["externalSecrets", { externalSecrets: { secretArns: [SECRET], allowedNamespaces: ["jobs"] } }, "external-secrets"],
])("has %s where asked", (_, props, release) => {
  expect(build().releases).not.toContain(release);
  expect(build(props).releases).toContain(release);
});
it("has the plugins of other devices where pools have them, unless false", () => {
  const pools = runnersOf(CPU, NEURON, EFA);
  expect(build({ pools }).releases).toEqual(expect.arrayContaining(["aws-efa-k8s-device-plugin", "neuron"]));
  const without = build({ pools, neuronDevicePlugin: false, efaDevicePlugin: false }).releases;
  expect(without).toEqual(["cluster-autoscaler", "nvidia-device-plugin"]);
});
it.each(["metrics-server", "keda", "kuberay-operator", "leader-worker-set", "kueue", "volcano"] as const)(
  "has the operator %s where asked",
  (name) => {
    expect(build().releases).not.toContain(name);
    expect(build({ operators: { [name]: {} } }).releases).toContain(name);
  },
);
it("makes namespaces, in whatever order they are named", () => {
  const namespaces = { jobs: {}, batch: { quota: { gpus: 8 } } };
  const names = build({ namespaces })
    .all(NamespaceV1)
    .map(({ metadata }) => metadata.name);
  expect(names.sort()).toEqual(["batch", "jobs"]);
  const { batch, jobs } = namespaces;
  expect(build({ namespaces }).json).toBe(build({ namespaces: { batch, jobs } }).json);
});
it("makes volumes of files that exist, in the namespaces that it makes", () => {
  const files = { fileSystemId: "fs-0123456789abcdef0", accessPointId: "fsap-0123456789abcdef0" };
  const volumes = { models: { namespace: "jobs", source: { kind: "efs", files } } } as const;
  const { one } = build({ namespaces: { jobs: {} }, volumes });
  const { metadata, depends_on } = one(PersistentVolumeClaimV1);
  expect(metadata).toMatchObject({ name: "models", namespace: "jobs" });
  expect(depends_on).toContainEqual(expect.stringMatching(/^kubernetes_namespace_v1\./));
});
it("measures GPUs for Prometheus only where that is", () => {
  const monitored = (props: Partial<KubePlatformProps>) => {
    const { parsed } = build({ dcgmExporter: {}, ...props });
    const release = Object.values<Json>(parsed.resource.helm_release).find(({ name }) => name === "dcgm-exporter");
    return JSON.parse(release.values[0]).serviceMonitor.enabled;
  };
  expect([monitored({}), monitored({ prometheus: {} })]).toEqual([false, true]);
});
it("puts each part after what it needs", () => {
  const made = build({ dcgmExporter: {}, prometheus: {}, loadBalancerController: {} });
  expect(awaited(made, "prometheus")).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^kubernetes_storage_class_v1\./),
      expect.stringMatching(/^helm_release\.platform_load-balancer-controller/),
    ]),
  );
  expect(awaited(made, "dcgm-exporter")).toEqual(
    expect.arrayContaining([expect.stringMatching(/prometheus/), expect.stringMatching(/nvidia-device-plugin/)]),
  );
  expect(made.platform.ready).toHaveLength(3);
});
describe("with Kueue, whose webhooks refuse the pods of other releases while it starts", () => {
  const operators = { kueue: {}, keda: {}, "metrics-server": {} };
  const waiting = (made: ReturnType<typeof build>) =>
    made.releases.filter((name) =>
      awaited(made, name).some((address) => /^helm_release\.platform_kueue_/.test(address)),
    );
  it("has it up before all that is not in kube-system, which it leaves alone, and gone after them", () => {
    const made = build({ operators, prometheus: {}, gpuOperator: {} });
    expect(waiting(made)).toEqual(["gpu-operator", "keda", "prometheus"]);
    expect(waiting(build({ operators: { ...operators, kueue: { namespace: "keda" } } }))).toEqual([]);
    expect(waiting(build({ operators, clusterAutoscaler: { namespace: "scaling" } }))).toContain("cluster-autoscaler");
  });
  it("lets workloads wait for it", () => {
    const ready = (props: Partial<KubePlatformProps>) => build(props).platform.ready.length;
    expect(ready({ operators }) - ready({ operators: { keda: {} } })).toBe(1);
  });
});
it("deletes a namespace before the controllers that its objects cannot be deleted without", () => {
  const { byId } = build({
    operators: { keda: {}, kueue: { namespace: "jobs" } },
    loadBalancerController: {},
    externalSecrets: { secretArns: [SECRET], allowedNamespaces: ["jobs"] },
    namespaces: { jobs: {} },
  });
  const jobs = Object.values(byId(NamespaceV1)).find(({ metadata }) => metadata.name === "jobs");
  expect(jobs.depends_on).toEqual([
    expect.stringContaining("platform_keda_"), // not Kueue, which this time is in the namespace itself
    expect.stringContaining("platform_load-balancer-controller_"),
    expect.stringContaining("platform_external-secrets_store_"),
  ]);
  expect(build({ namespaces: { jobs: {} } }).one(NamespaceV1)).not.toHaveProperty("depends_on");
});

const row = (key: string, props: object, ...words: string[]): BadInput<Partial<KubePlatformProps>> => [
  key,
  props as Partial<KubePlatformProps>,
  ...words,
];
rejects(
  "test/platform",
  [
    row("cluster", { cluster: {} }, "a Cluster"),
    row("autoscaler", { autoscaler: "keda" }, "cluster-autoscaler, karpenter, none"),
    row("pools[0]", { pools: [GPU] }, "nodePools()"),
    row("vpcId", { vpcId: "" }, "at least 1"),
    row("region", { region: "here" }, "region"),
    row("karpenter", { karpenter: {} }, "autoscaler is cluster-autoscaler"),
    row("clusterAutoscaler", { autoscaler: "none", clusterAutoscaler: {} }, "autoscaler is none"),
    row("clusterAutoscaler", { autoscaler: "karpenter", clusterAutoscaler: {} }, "autoscaler is karpenter"),
    row("clusterAutoscaler", { pools: [], clusterAutoscaler: {} }, "no node groups"),
    row(
      "prometheus.grafana.public",
      { prometheus: { grafana: { public: { certificateArn: CERTIFICATE, sourceRanges: ["203.0.113.0/24"] } } } },
      "without loadBalancerController",
    ),
    row("nvidiaDevicePlugin", { gpuOperator: {}, nvidiaDevicePlugin: {} }, "left out with gpuOperator"),
    row("nvidiaDevicePlugin", { nvidiaDevicePlugin: true }, "false or an object"),
    row("gpuOperator", { gpuOperator: true }, "an object of settings"),
    row("dcgmExporter", { dcgmExporter: [] }, "an object of settings"),
    row("storageClass", { storageClass: "gp3" }, "false or an object"),
    row("prometheus", { prometheus: true }, "an object of settings"),
    row("operators.argo", { operators: { argo: {} } }, "argo"),
    row("operators.keda", { operators: { keda: true } }, "an object of settings"),
    row("efaDevicePlugin", { efaDevicePlugin: true }, "false or an object"),
    row("neuronDevicePlugin", { neuronDevicePlugin: "on" }, "false or an object"),
    row("volumes.models", { volumes: { models: "efs" } }, "an object of settings"),
    row("namespaces", { namespaces: ["jobs"] }, "namespaces"),
    row("namespaces.jobs", { namespaces: { jobs: 5 } }, "an object of settings"),
    row("prometheu", { prometheu: {} }, "did you mean prometheus"),
  ],
  make,
);
it.each<[string, object, string]>([
  ["prometheus", { prometheus: { retentionDays: 0 } }, "test/platform: prometheus.retentionDays: "],
  ["a namespace", { namespaces: { "kube-x": {} } }, "test/platform: namespaces.kube-x: "],
  ["the plugin", { nvidiaDevicePlugin: { gfd: 5 } }, "test/platform: nvidiaDevicePlugin.gfd: "],
])("checks the settings of %s", (_, props, message) => {
  expect(() => synth((stack) => make(stack, props))).toThrow(message);
});
