import { describe, expect, it } from "vitest";
import { nodeGroupSchema } from "../../../modules/cluster/group-rules";
import { instanceTags, isOpen, nodePool, type PoolKind } from "../../../modules/cluster/node-pool";
import { PLAIN, type Settings } from "./node-group.fixture";

const poolOf = (settings: Partial<Settings> = {}, kind: PoolKind = "additional") =>
  nodePool({ name: "extra", kind, settings: nodeGroupSchema.parse({ ...PLAIN, ...settings }) });
const GPU = { instanceTypes: ["g5.xlarge"] };
/** By which the cluster autoscaler knows GPU nodes that still boot. */
const LABEL = { "k8s.amazonaws.com/accelerator": "nvidia-gpu" };

/** Labels and taints that follow from a setting; that node groups, NodePools and tags have them is for agreement.fuzz. */
it.each<[settings: Partial<Settings>, labels: object, taints?: object[]]>([
  [{}, {}],
  [{ labels: { team: "a" } }, { team: "a" }],
  [GPU, { ...LABEL, "nvidia.com/gpu.present": "true" }],
  [
    { ...GPU, labels: { "k8s.amazonaws.com/accelerator": "a10g" } },
    { ...LABEL, "k8s.amazonaws.com/accelerator": "a10g", "nvidia.com/gpu.present": "true" },
  ],
  [
    { ...GPU, labels: { "nvidia.com/gpu.present": "no" } },
    { ...LABEL, "nvidia.com/gpu.present": "no" },
  ],
  [
    { ...GPU, imageFamily: "bottlerocket" },
    { ...LABEL, "nvidia.com/gpu.present": "true", "nvidia.com/gpu.deploy.operands": "false" },
  ],
  [
    { ...GPU, gpuSharing: { mps: 2 } },
    { ...LABEL, "nvidia.com/gpu.present": "true", "nvidia.com/device-plugin.config": "mps-2" },
  ],
  [{ instanceTypes: ["inf2.xlarge"] }, { "aws.amazon.com/neuron.present": "true" }],
  [{ instanceTypes: ["c5n.18xlarge"], efa: true, subnetIndex: 0 }, { "vpc.amazonaws.com/efa.present": "true" }],
  [{ taints: [{ key: "a", effect: "NO_EXECUTE" }] }, {}, [{ key: "a", value: "", effect: "NO_EXECUTE" }]],
])("with %j the nodes have the labels %j", (settings, labels, taints = []) => {
  expect(poolOf(settings, "system")).toMatchObject({ name: "extra", kind: "system", taints });
  expect(poolOf(settings).labels).toEqual(labels);
});

describe("an additional group with devices", () => {
  const NEURON = { instanceTypes: ["inf2.xlarge"] };
  const taint = (key: string, effect: "NO_SCHEDULE" | "NO_EXECUTE" | "PREFER_NO_SCHEDULE", value = "") => ({
    key,
    effect,
    value,
  });
  const GPU_TAINT = taint("nvidia.com/gpu", "NO_SCHEDULE", "present");
  it.each([
    ["of GPUs", GPU, GPU_TAINT],
    ["of Neuron devices", NEURON, taint("aws.amazon.com/neuron", "NO_SCHEDULE", "present")],
  ])("keeps pods off that ask for none: %s", (_, settings, added) => {
    expect(poolOf(settings).taints).toEqual([added]);
    const preferred = taint("a", "PREFER_NO_SCHEDULE");
    expect(poolOf({ ...settings, taints: [preferred] }).taints).toEqual([preferred, added]);
    for (const kind of ["system", "runner"] as const) expect(poolOf(settings, kind).taints).toEqual([]);
  });
  it.each([
    taint("team", "NO_SCHEDULE"),
    taint("team", "NO_EXECUTE"),
    taint("nvidia.com/gpu", "PREFER_NO_SCHEDULE"),
    taint("nvidia.com/gpu", "NO_EXECUTE", "own"),
  ])("has its own taint alone: %j", (own) => {
    expect(poolOf({ ...GPU, taints: [own] }).taints).toEqual([own]);
  });
  it("is another thing than one without", () => {
    expect(poolOf().taints).toEqual([]);
    expect(poolOf({ ...NEURON, taints: [taint("nvidia.com/gpu", "PREFER_NO_SCHEDULE")] }).taints).toHaveLength(2);
  });
});

it.each([
  ["m5.xlarge", "cpu", { gpus: 0, neuronDevices: 0 }],
  ["g5.12xlarge", "gpu", { gpus: 4, neuronDevices: 0 }],
  ["inf2.24xlarge", "neuron", { gpus: 0, neuronDevices: 6 }],
])("on %s the accelerator is %s", (type, accelerator, hardware) => {
  expect(poolOf({ instanceTypes: [type] })).toMatchObject({ accelerator, hardware });
});

it("names its instances, unless the cluster's tags do", () => {
  expect(instanceTags(poolOf(), "ml", { team: "a" })).toEqual({ Name: "ml-extra", team: "a" });
  expect(instanceTags(poolOf(), "ml", { Name: "own" })).toEqual({ Name: "own" });
});

describe("a pool is open", () => {
  it.each([
    ["NO_SCHEDULE", false],
    ["NO_EXECUTE", false],
    ["PREFER_NO_SCHEDULE", true],
  ] as const)("with a taint of effect %s: %s", (effect, open) => {
    expect(isOpen(poolOf({ taints: [{ key: "a", effect }] }))).toBe(open);
    expect(isOpen(poolOf())).toBe(true);
  });
});
