import { Release } from "@cdktf/provider-helm/lib/release";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { DcgmExporter } from "../../modules/kube/dcgm-exporter";
import { GpuOperator } from "../../modules/kube/gpu-operator";
import { NeuronDevicePlugin } from "../../modules/kube/neuron-device-plugin";
import { NvidiaDevicePlugin } from "../../modules/kube/nvidia-device-plugin";
import { PrometheusStack } from "../../modules/kube/prometheus-stack";
import { inCluster } from "../support/in-cluster";
import { type Json, synth } from "../support/synth";
import { onKubernetes } from "./kube.fixture";
import { POOLS } from "./scheduling.fixture";
import { ControlPlane } from "./support/control-plane";
import { nodeOf } from "./support/nodes";

const pools = [...POOLS];
/** Values of our releases, by the name of the release. */
const values: Record<string, Json> = Object.fromEntries(
  [
    inCluster((stack) => {
      new NvidiaDevicePlugin(stack, "plugin", { pools, migByImage: true });
      new DcgmExporter(stack, "dcgm", { pools });
      new NeuronDevicePlugin(stack, "neuron", { pools });
      new PrometheusStack(stack, "prometheus", { cluster: { clusterName: "ml" }, pools });
    }),
    inCluster((stack) => {
      new GpuOperator(stack, "operator", { pools });
    }),
  ]
    .flatMap((stack) => synth(stack).all(Release))
    .map((release) => [release.name, JSON.parse(release.values[0] ?? "{}")]),
);

/** GPU pools whose image has no device plugin. */
const BARE = ["extra-gpu", "runner-efa", "runner-gpu", "runner-mig", "runner-mps", "runner-shared"];
/** Scheduling of DaemonSets as our values have it, and the pools whose nodes they must be on. */
const DAEMON_SETS: Readonly<Record<string, [scheduling: Json, pools: readonly string[]]>> = {
  "nvidia-device-plugin": [values["nvidia-device-plugin"], BARE],
  "dcgm-exporter": [values["dcgm-exporter"], BARE],
  "feature-discovery": [values["gpu-operator"]["node-feature-discovery"].worker, [...BARE, "runner-bottlerocket"]],
  "neuron-device-plugin": [values.neuron.devicePlugin, ["extra-inf", "runner-inf"]],
  "node-exporter": [values.prometheus["prometheus-node-exporter"], pools.map(({ name }) => name)],
};

/** A DaemonSet that goes by the value of the label, which the operator rewrites. */
const CANARY = "canary";
const matchExpressions = [{ key: "nvidia.com/gpu.present", operator: "In", values: ["true"] }];
const PRESENT = {
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
};

const daemonSet = (name: string, { affinity, tolerations }: Json): Json => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name, namespace: "kube-system" },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { affinity, tolerations, containers: [{ name: "main", image: "example.com/a:1" }] },
    },
  },
});

onKubernetes("DaemonSets of the charts", (version) => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await ControlPlane.start(version, inject("scratch"));
    await plane.addNodes(pools.map((pool) => nodeOf(pool, pool.name)));
    await plane.kubectl.create(Object.entries(DAEMON_SETS).map(([name, [scheduling]]) => daemonSet(name, scheduling)));
  });
  afterAll(() => plane?.stop());

  /** Nodes that run a pod of it, once it has all that its controller wants. */
  const nodesOf = (name: string) =>
    plane.kubectl.until(`the pods of ${name}`, async () => {
      const [set] = await plane.kubectl.get("daemonset", name, "--namespace=kube-system");
      const { numberReady, desiredNumberScheduled, observedGeneration } = set?.status ?? {};
      if (observedGeneration !== 1 || numberReady !== desiredNumberScheduled) return undefined;
      const pods = await plane.kubectl.get("pods", "--namespace=kube-system", `--selector=app=${name}`);
      return pods.map(({ spec }) => spec.nodeName).sort();
    });

  it.each(Object.entries(DAEMON_SETS))("%s is on each of its nodes, and on no other", async (name, [, wanted]) => {
    expect(await nodesOf(name)).toEqual([...wanted].sort());
  });
  it("stay where the GPU operator says that it has seen no GPU yet", async () => {
    await plane.kubectl.create([daemonSet(CANARY, { affinity: PRESENT, tolerations: [{ operator: "Exists" }] })]);
    const names = ["nvidia-device-plugin", "dcgm-exporter", "feature-discovery"];
    const before = new Map<string, string[]>();
    for (const name of [CANARY, ...names]) before.set(name, await nodesOf(name));
    expect(before.get(CANARY)).toEqual(before.get("feature-discovery"));
    await plane.kubectl.do(
      "label",
      "nodes",
      "--overwrite",
      "--selector=nvidia.com/gpu.present=true",
      "nvidia.com/gpu.present=false",
    );
    expect(await nodesOf(CANARY)).toEqual([]); // its controller has seen the labels
    for (const name of names) {
      expect(await nodesOf(name)).toEqual(before.get(name));
    }
  });
});
