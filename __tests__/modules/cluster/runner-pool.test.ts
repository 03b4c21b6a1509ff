import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { describe, expect, it } from "vitest";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { rejects } from "../../support/bad-input";
import { synth } from "../../support/synth";
import { asgTags, CPU_POOL, GPU_POOL, NEURON_POOL, ONE_SUBNET, pool, pools, Runners } from "./node-group.fixture";

const noSchedule = (key: string, value: string) => ({ key, value, effect: "NO_SCHEDULE" });
const RUNNER = noSchedule("dedicated", "runner");
const GPU = noSchedule("nvidia.com/gpu", "present");
const NEURON = noSchedule("aws.amazon.com/neuron", "present");

describe("taints and labels", () => {
  it("taints GPU nodes for runners, then for GPUs, then as the pool says", () => {
    const more = [
      { key: "team", value: "a", effect: "NO_EXECUTE" },
      { key: "spare", effect: "PREFER_NO_SCHEDULE" },
    ] as const;
    expect(pool(GPU_POOL).one(EksNodeGroup).taint).toEqual([RUNNER, GPU]);
    const { taint } = pool(GPU_POOL, { additionalTaints: [...more] }).one(EksNodeGroup);
    expect(taint).toEqual([RUNNER, GPU, more[0], more[1]]);
  });
  it("labels GPU nodes with the reference's label and the device plugin's", () => {
    const { labels } = pool(GPU_POOL, { acceleratorLabel: "nvidia-tesla-t4" }).one(EksNodeGroup);
    expect(labels).toEqual({
      role: "runner",
      "k8s.amazonaws.com/accelerator": "nvidia-tesla-t4",
      "nvidia.com/gpu": "present",
      "nvidia.com/gpu.present": "true",
    });
  });
  it("has an accelerator label that the cluster autoscaler knows GPUs by, and on no other nodes", () => {
    const label = "k8s.amazonaws.com/accelerator";
    const additionalLabels = { [label]: "own" };
    expect(pool(GPU_POOL).one(EksNodeGroup).labels).toMatchObject({ [label]: "nvidia-gpu" });
    expect(pool(GPU_POOL, { additionalLabels }).one(EksNodeGroup).labels).toMatchObject({ [label]: "own" });
    for (const other of [CPU_POOL, NEURON_POOL]) expect(pool(other).json).not.toContain(label);
  });
  it("keeps CPU nodes free of GPU taint and label", () => {
    const { taint, labels } = pool(CPU_POOL).one(EksNodeGroup);
    expect(taint).toEqual([RUNNER]);
    expect(labels).toEqual({ role: "runner" });
  });
  it.each(["neuron", "inferentia"] as const)("taints and labels nodes of category %s for Neuron", (category) => {
    const { taint, labels, ami_type } = pool(NEURON_POOL, { category }).one(EksNodeGroup);
    expect(taint).toEqual([RUNNER, NEURON]);
    expect(labels).toEqual({
      role: "runner",
      "aws.amazon.com/neuron": "present",
      "aws.amazon.com/neuron.present": "true",
    });
    expect(ami_type).toBe("AL2023_x86_64_NEURON");
  });
  it("lets the pool's own labels win", () => {
    const additionalLabels = { role: "other", "nvidia.com/gpu.present": "false", team: "a" };
    expect(pool(GPU_POOL, { additionalLabels }).one(EksNodeGroup).labels).toEqual({
      "k8s.amazonaws.com/accelerator": "nvidia-gpu",
      "nvidia.com/gpu": "present",
      ...additionalLabels,
    });
  });
  it("are exposed for whatever derives tolerations", () => {
    synth((stack) => {
      const [group] = new Runners(stack, [GPU_POOL]).groups;
      expect(group?.pool).toMatchObject({ kind: "runner", taints: [RUNNER, GPU] });
      expect(group?.pool.labels).toMatchObject({ role: "runner", "nvidia.com/gpu": "present" });
    });
  });
  it("keeps the JSON when labels change their order", () => {
    const a = pool(CPU_POOL, { additionalLabels: { a: "1", b: "2" } }).json;
    expect(pool(CPU_POOL, { additionalLabels: { b: "2", a: "1" } }).json).toBe(a);
  });
});

it("shares a GPU among pods by a device-plugin configuration that the node names", () => {
  const found = pool(GPU_POOL, { instanceTypes: ["g5.12xlarge"], gpuSharing: { timeSlicing: 3 } });
  expect(found.one(EksNodeGroup).labels).toMatchObject({ "nvidia.com/device-plugin.config": "time-slicing-3" });
  expect(asgTags(found)).toMatchObject({ "k8s.io/cluster-autoscaler/node-template/resources/nvidia.com/gpu": "12" });
  expect(pool(GPU_POOL).json).not.toContain("device-plugin");
});

it("names groups by suffix and keeps long suffixes apart within EKS's 63 characters", () => {
  const [a, b] = [`${"x".repeat(39)}a`, `${"x".repeat(39)}b`];
  const found = pools([{ ...CPU_POOL, suffix: a }, { ...CPU_POOL, suffix: b }, CPU_POOL], {
    clusterName: "c".repeat(29),
  });
  const names = found.all(EksNodeGroup).map(({ node_group_name_prefix }) => node_group_name_prefix);
  expect(new Set(names).size).toBe(3);
  expect(names).toContain("runner-cpu-");
  for (const name of names) expect(name.length).toBeLessThanOrEqual(63 - 26); // the provider adds 26
  const templates = found.all(LaunchTemplate).map(({ name_prefix }) => name_prefix);
  expect(templates).toContain(`${"c".repeat(29)}-runner-${a}-`);
  for (const name of templates) expect(name.length).toBeLessThanOrEqual(128 - 26);
});
it("shares no fixed name between clusters", () => {
  const settings = { ...GPU_POOL, instanceTypes: ["p5.48xlarge"], efa: true, ...ONE_SUBNET };
  const [a, b] = ["ml-a", "ml-b"].map((clusterName) => pools([settings], { clusterName }));
  expect(a?.one(PlacementGroup).name).toBe("ml-a-runner-gpu");
  expect(b?.one(PlacementGroup).name).toBe("ml-b-runner-gpu");
  for (const found of [a, b]) {
    expect(found?.one(LaunchTemplate)).not.toHaveProperty("name");
    expect(found?.one(SecurityGroup)).not.toHaveProperty("name");
    expect(found?.one(EksNodeGroup)).not.toHaveProperty("node_group_name");
  }
});
it("leaves the other pools as they are when one is added or the order changes", () => {
  const [two, three] = [pools([CPU_POOL, GPU_POOL]), pools([NEURON_POOL, GPU_POOL, CPU_POOL])];
  for (const type of [EksNodeGroup, LaunchTemplate]) expect(three.byId(type)).toMatchObject(two.byId(type));
  expect(pools([GPU_POOL, CPU_POOL]).json).toBe(two.json);
});

describe("bad input", () => {
  const bad =
    (base: RunnerPool) =>
    (key: string, settings: object, ...words: string[]) =>
      [`pools[0].${key}`, { ...base, ...settings } as RunnerPool, ...words] as const;
  const [cpu, gpu, neuron] = [bad(CPU_POOL), bad(GPU_POOL), bad(NEURON_POOL)];
  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ key: `k${i}`, effect: "NO_SCHEDULE" }));
  rejects(
    "test/runners",
    [
      cpu("suffix", { suffix: "" }, '""'),
      cpu("suffix", { suffix: "a".repeat(41) }, "aaaa"),
      cpu("suffix", { suffix: "-a" }, '"-a"'),
      cpu("suffix", { suffix: "a_b" }, '"a_b"'),
      cpu("suffix", { suffix: undefined }, "required"),
      cpu("category", { category: "tpu" }, "cpu, gpu, neuron, inferentia", '"tpu"'),
      cpu("category", { category: "gpu" }, "must be cpu", "m5.xlarge", "got gpu"),
      gpu("category", { category: "cpu" }, "must be gpu", "g4dn.xlarge", "got cpu"),
      gpu("category", { category: "neuron" }, "must be gpu", "got neuron"),
      neuron("category", { category: "gpu" }, "must be neuron", "got gpu"),
      cpu("category", { category: "gpu", instanceTypes: ["g4ad.xlarge"] }, "must be cpu"), // an AMD GPU
      cpu("capacityType", { capacityType: "FOO" }, "ON_DEMAND, SPOT, CAPACITY_BLOCK", '"FOO"'),
      cpu("instanceTypes", { instanceTypes: undefined }, "required"),
      cpu("instanceTypes", { instanceTypes: [] }, "at least 1", "got 0"),
      cpu(
        "instanceTypes",
        { instanceTypes: Array.from({ length: 21 }, (_, i) => `m5.${i + 2}xlarge`) },
        "at most 20",
        "got 21",
      ),
      cpu("instanceTypes[0]", { instanceTypes: ["M5.xlarge"] }, "M5.xlarge"),
      cpu("instanceTypes[1]", { instanceTypes: ["m5.large", "m5.large"] }, "twice", "m5.large"),
      cpu("instanceTypes", { instanceTypes: ["m5.large", "m7g.large"] }, "m5.large x86_64, m7g.large arm64"),
      gpu("instanceTypes", { instanceTypes: ["g5.xlarge", "m5.xlarge"] }, "g5.xlarge NVIDIA GPUs, m5.xlarge neither"),
      cpu("minSize", { minSize: -1 }, "at least 0", "-1"),
      cpu("minSize", { minSize: 1.5 }, "1.5"),
      cpu("maxSize", { minSize: 0, maxSize: 0 }, "at least 1", "got 0"),
      cpu("maxSize", { minSize: 5, maxSize: 4 }, "at least minSize (5)", "got 4"),
      cpu("maxSize", { maxSize: 5001 }, "at most 5000", "5001"),
      gpu("acceleratorLabel", { acceleratorLabel: "a b" }, '"a b"'),
      gpu("acceleratorLabel", { acceleratorLabel: "a".repeat(64) }, "at most 63", "64"),
      gpu("acceleratorLabel", { acceleratorLabel: "" }, "at least 1 character"),
      cpu("acceleratorLabel", { acceleratorLabel: "t4" }, "m5.xlarge has no GPU", "would wait", "got t4"),
      neuron("acceleratorLabel", { acceleratorLabel: "inf" }, "inf2.24xlarge has no GPU", "got inf"),
      neuron(
        'additionalLabels["k8s.amazonaws.com/accelerator"]',
        { additionalLabels: { "k8s.amazonaws.com/accelerator": "inf" } },
        "has no GPU",
        "got inf",
      ),
      cpu(
        "additionalTaints[0].effect",
        { additionalTaints: [{ key: "a", effect: "NoSchedule" }] },
        "NO_SCHEDULE, NO_EXECUTE",
        "NoSchedule",
      ),
      cpu("additionalTaints[0].key", { additionalTaints: [{ key: "a/b/c", effect: "NO_SCHEDULE" }] }, "a/b/c"),
      cpu(
        "additionalTaints[0].key",
        { additionalTaints: [{ key: `a.b/${"c".repeat(60)}`, effect: "NO_SCHEDULE" }] },
        "at most 63",
        "64",
      ),
      cpu("additionalTaints[0].value", { additionalTaints: [{ key: "a", value: "-x", effect: "NO_SCHEDULE" }] }, "-x"),
      cpu(
        "additionalTaints[0].value",
        { additionalTaints: [{ key: "a", value: "x".repeat(64), effect: "NO_SCHEDULE" }] },
        "at most 63",
      ),
      cpu(
        "additionalTaints[0]",
        { additionalTaints: [{ ...RUNNER, value: "me" }] },
        "repeat",
        "dedicated",
        "NO_SCHEDULE",
      ),
      gpu("additionalTaints[1]", { additionalTaints: [many(1)[0], GPU] }, "repeat", "nvidia.com/gpu"),
      cpu("additionalTaints[1]", { additionalTaints: [...many(1), ...many(1)] }, "repeat", "k0"),
      cpu("additionalTaints", { additionalTaints: many(50) }, "at most 49", "got 50"),
      gpu("additionalTaints", { additionalTaints: many(49) }, "at most 48", "got 49"),
      cpu("additionalLabels.node.kubernetes.io/x", { additionalLabels: { "node.kubernetes.io/x": "y" } }, "reserves"),
      cpu("additionalLabels.a.b.k8s.io/x", { additionalLabels: { "a.b.k8s.io/x": "y" } }, "reserves"),
      cpu("additionalLabels.eks.amazonaws.com/x", { additionalLabels: { "eks.amazonaws.com/x": "y" } }, "reserves"),
      cpu("additionalLabels.a b", { additionalLabels: { "a b": "y" } }, "label key", "a b"),
      cpu("additionalLabels.Ex.com/a", { additionalLabels: { "Ex.com/a": "y" } }, "label key"),
      cpu("additionalLabels.a", { additionalLabels: { a: "" } }, "at least 1"),
      cpu("additionalLabels.a", { additionalLabels: { a: "x y" } }, '"x y"'),
      cpu("additionalLabels.a", { additionalLabels: { a: "x".repeat(64) } }, "at most 63"),
      cpu("gpuSharing", { gpuSharing: { timeSlicing: 2 } }, "m5.xlarge has no NVIDIA GPU"),
      neuron("gpuSharing", { gpuSharing: { timeSlicing: 2 } }, "no NVIDIA GPU"),
      gpu("gpuSharing.timeSlicing", { gpuSharing: { timeSlicing: 1 } }, "at least 2", "got 1"),
      cpu("disk_size", { disk_size: 100 }, "did you mean diskSize?"),
      cpu("labels", { labels: {} }, "unknown key"),
    ],
    (scope, wrong) => new Runners(scope, [wrong]),
  );
  rejects(
    "test/runners",
    [["pools[2].suffix", [CPU_POOL, GPU_POOL, { ...NEURON_POOL, suffix: "cpu" }], "unique", "got cpu", "pool 0"]],
    (scope, list: RunnerPool[]) => new Runners(scope, list),
  );
});
it.each<Partial<RunnerPool>>([
  { suffix: "a".repeat(40) },
  { suffix: "A" },
  { minSize: 0, maxSize: 1 },
  { minSize: 5000, maxSize: 5000 },
  { category: "gpu", instanceTypes: ["g5.xlarge"], acceleratorLabel: "a".repeat(63) },
  {
    instanceTypes: ["m5", "m6i", "r5", "r6i", "c5", "c6i"]
      .flatMap((family) => ["xlarge", "2xlarge", "4xlarge"].map((size) => `${family}.${size}`))
      .concat("m5a.xlarge", "m6a.xlarge"),
  },
  {
    additionalLabels: {
      [`a.b/${"c".repeat(59)}`]: "x".repeat(63),
      "mykubernetes.io/x": "y",
      "k8s.amazonaws.com/x": "y",
    },
  },
  { additionalTaints: Array.from({ length: 49 }, (_, i) => ({ key: `k${i}`, effect: "NO_EXECUTE" as const })) },
  { additionalTaints: [{ key: "dedicated", value: "runner", effect: "NO_EXECUTE" }] },
  { additionalTaints: [{ key: "a", value: "", effect: "PREFER_NO_SCHEDULE" }] },
])("accepts %o", (settings) => {
  pool(CPU_POOL, settings, { autoscaler: "none" });
});
