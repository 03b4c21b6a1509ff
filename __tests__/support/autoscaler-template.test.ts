import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { describe, expect, it } from "vitest";
import { lean, NETWORK } from "../modules/cluster/cluster.fixture";
import { CPU_POOL, GPU_POOL, NEURON_POOL, pool } from "../modules/cluster/node-group.fixture";
import { fits, isAwaited, type Pod, quantityOf, TEMPLATE, templateOf } from "./autoscaler-template";
import type { Json } from "./synth";

/** What the cluster autoscaler expects of the only pool's nodes, by our tags. */
const templateOfPool = (found: ReturnType<typeof pool>, instanceTypes: string[], zones = ["us-east-1a"]) => {
  const tags = Object.fromEntries(found.all(AutoscalingGroupTagA).map(({ tag }: Json) => [tag.key, tag.value]));
  return templateOf({ instanceTypes, zones, tags });
};
const untagged = (instanceTypes: string[], zones = ["us-east-1a"]) => templateOf({ instanceTypes, zones, tags: {} });
const GiB = 2 ** 30;

describe("cluster autoscaler 1.36.1, of a group without tags", () => {
  it("promises all of the first type's CPUs and memory, and 110 pods", () => {
    const { allocatable } = untagged(["m5.2xlarge", "c5.xlarge"]);
    expect(allocatable).toEqual({ cpu: 8, memory: 32 * GiB, pods: 110, "nvidia.com/gpu": 0 });
    expect(fits({ requests: { cpu: 8, memory: 32 * GiB } }, untagged(["m5.2xlarge"]))).toBe(true);
  });
  it("knows of no disk, and of no device but NVIDIA's", () => {
    expect(fits({ requests: { "ephemeral-storage": 1 } }, untagged(["g5.xlarge"]))).toBe(false);
    expect(fits({ requests: { "nvidia.com/gpu": 1 } }, untagged(["g5.xlarge"]))).toBe(true);
    expect(fits({ requests: { "aws.amazon.com/neuron": 1 } }, untagged(["inf2.xlarge"]))).toBe(false);
  });
  it("labels its nodes with the first zone", () => {
    const { labels } = untagged(["m7g.large"], ["us-east-1b", "us-east-1a"]);
    expect(labels).toEqual({
      "kubernetes.io/arch": "arm64",
      "kubernetes.io/os": "linux",
      "node.kubernetes.io/instance-type": "m7g.large",
      "topology.kubernetes.io/region": "us-east-1",
      "topology.kubernetes.io/zone": "us-east-1b",
      "topology.ebs.csi.aws.com/zone": "us-east-1b",
    });
  });
  it("passes over what is no quantity and no effect, and over start-up taints", () => {
    const tags = {
      [`${TEMPLATE}/resources/cpu`]: "a few",
      [`${TEMPLATE}/taint/a`]: "v:NO_SCHEDULE",
      [`${TEMPLATE}/taint/startup-taint.cluster-autoscaler.kubernetes.io/x`]: "v:NoSchedule",
      [`${TEMPLATE}/taint/b`]: "v:NoExecute",
      "eks:cluster-name": "ml",
    };
    const found = templateOf({ instanceTypes: ["m5.large"], zones: ["us-east-1a"], tags });
    expect(found.allocatable.cpu).toBe(2);
    expect(found.taints).toEqual([{ key: "b", value: "v", effect: "NoExecute" }]);
    expect(["250m", "3", "2Gi", "1Mi", "5Ki", "1.5", ""].map(quantityOf)).toEqual([
      0.25,
      3,
      2 * GiB,
      2 ** 20,
      5120,
      undefined,
      undefined,
    ]);
    expect(() => untagged(["g99.xlarge"])).toThrow("g99.xlarge");
  });
  it("fits pods by what they ask for, select and tolerate", () => {
    const taint = (text: string) => ({ [`${TEMPLATE}/taint/a`]: text });
    const of = (tags: Record<string, string>, pod: Partial<Pod>) =>
      fits({ requests: {}, ...pod }, templateOf({ instanceTypes: ["m5.large"], zones: ["us-east-1a"], tags }));
    expect(of(taint("v:PreferNoSchedule"), {})).toBe(true);
    expect(of(taint("v:NoSchedule"), {})).toBe(false);
    expect(of(taint("v:NoSchedule"), { tolerations: [{ key: "a", value: "v" }] })).toBe(true);
    expect(of(taint("v:NoSchedule"), { tolerations: [{ key: "a", value: "w" }] })).toBe(false);
    expect(of(taint("v:NoSchedule"), { tolerations: [{ key: "a", operator: "Exists" }] })).toBe(true);
    expect(of(taint("v:NoSchedule"), { tolerations: [{ operator: "Exists", effect: "NoExecute" }] })).toBe(false);
    expect(of({ [`${TEMPLATE}/label/team`]: "a" }, { nodeSelector: { team: "a" } })).toBe(true);
    expect(of({}, { nodeSelector: { team: "a" } })).toBe(false);
  });
});

describe("cluster autoscaler 1.36.1, of our pools", () => {
  it("raises no group for a pod that some of its types cannot hold", () => {
    const instanceTypes = ["m5.4xlarge", "m5.2xlarge"];
    const template = templateOfPool(pool(CPU_POOL, { instanceTypes }), instanceTypes);
    const runner = { tolerations: [{ key: "dedicated", operator: "Exists" }] };
    expect(fits({ ...runner, requests: { cpu: 12 } }, template)).toBe(false);
    expect(fits({ ...runner, requests: { cpu: 8 } }, template)).toBe(false); // kubelet keeps a part of the eighth
    expect(fits({ ...runner, requests: { cpu: 7 } }, template)).toBe(true);
    expect(fits({ ...runner, requests: { memory: 31.9 * GiB } }, template)).toBe(false);
    expect(fits({ ...runner, requests: { memory: 24 * GiB } }, template)).toBe(true);
    expect(template.allocatable.pods).toBe(58);
  });
  it("raises a group of local disks for a pod that asks for disk", () => {
    const found = pool(CPU_POOL, { instanceTypes: ["m5d.xlarge"], localStorage: "raid0" });
    const tolerations = [{ key: "dedicated", operator: "Exists" }];
    const asking = (gib: number) => ({ tolerations, requests: { "ephemeral-storage": gib * GiB } });
    const template = templateOfPool(found, ["m5d.xlarge"]);
    expect([1, 120, 140].map((gib) => fits(asking(gib), template))).toEqual([true, true, false]); // of 150 GB, 139.7 GiB
  });
  it("waits for the device plugin of a GPU node, and for that of no other", () => {
    const booted = (found: ReturnType<typeof pool>, type: string) => {
      const { labels, allocatable } = templateOfPool(found, [type]);
      return { labels, allocatable: { cpu: allocatable.cpu ?? 0 } };
    };
    const gpu = booted(pool(GPU_POOL), "g4dn.xlarge");
    expect(isAwaited(gpu)).toBe(true);
    expect(isAwaited({ ...gpu, allocatable: { "nvidia.com/gpu": 1 } })).toBe(false);
    expect(isAwaited(booted(pool(CPU_POOL), "m5.xlarge"))).toBe(false);
    // a second Neuron node is bought while the plugin of the first one starts
    expect(isAwaited(booted(pool(NEURON_POOL), "inf2.24xlarge"))).toBe(false);
  });
  it("starts no node for a pod bound to another than a group's first zone, but with a group for each", () => {
    const bound: Pod = {
      requests: {},
      nodeSelector: { "topology.kubernetes.io/zone": "us-east-1b" },
      tolerations: [{ operator: "Exists" }],
    };
    const zoneOf: Record<string, string> = Object.fromEntries(
      NETWORK.privateSubnetIds.map((id, i) => [id, `us-east-1${"ab"[i]}`]),
    );
    const raised = (perSubnet: boolean) => {
      const found = lean({ runnerPools: [{ ...CPU_POOL, perSubnet }] });
      return found
        .all(EksNodeGroup)
        .filter(({ labels }) => labels?.role === "runner")
        .map(({ subnet_ids, instance_types: instanceTypes }) =>
          fits(bound, templateOf({ instanceTypes, zones: subnet_ids.map((id: string) => zoneOf[id]), tags: {} })),
        );
    };
    expect(raised(false)).toEqual([false]);
    expect(raised(true).sort()).toEqual([false, true]);
  });
});
