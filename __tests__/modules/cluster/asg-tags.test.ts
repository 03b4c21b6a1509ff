import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { describe, expect, it } from "vitest";
import { NodeGroup, type NodeGroupProps } from "../../../modules/cluster/node-group";
import { rejects } from "../../support/bad-input";
import { refTo } from "../../support/synth";
import {
  asgTags,
  CLUSTER,
  CPU_POOL,
  GPU_POOL,
  group,
  NEURON_POOL,
  ONE_SUBNET,
  PLAIN,
  pool,
  pools,
} from "./node-group.fixture";

const TEMPLATE = "k8s.io/cluster-autoscaler/node-template";
const resource = (name: string) => `${TEMPLATE}/resources/${name}`;

it("describe labels, taints and GPUs of an empty GPU pool", () => {
  const found = pool(GPU_POOL, {
    instanceTypes: ["g5.12xlarge"],
    acceleratorLabel: "nvidia-a10g",
    additionalTaints: [{ key: "x", effect: "NO_EXECUTE" }],
  });
  expect(asgTags(found)).toEqual({
    [`${TEMPLATE}/label/role`]: "runner",
    [`${TEMPLATE}/label/k8s.amazonaws.com/accelerator`]: "nvidia-a10g",
    [`${TEMPLATE}/label/nvidia.com/gpu`]: "present",
    [`${TEMPLATE}/label/nvidia.com/gpu.present`]: "true",
    [`${TEMPLATE}/taint/dedicated`]: "runner:NoSchedule",
    [`${TEMPLATE}/taint/nvidia.com/gpu`]: "present:NoSchedule",
    [`${TEMPLATE}/taint/x`]: ":NoExecute",
    [resource("nvidia.com/gpu")]: "4",
    [resource("cpu")]: "47810m",
    [resource("memory")]: "176421Mi",
    [resource("pods")]: "250",
    [resource("ephemeral-storage")]: "87Gi",
  });
  const on = refTo(EksNodeGroup, "resources[0].autoscaling_groups[0].name");
  for (const tag of found.all(AutoscalingGroupTagA)) {
    expect(tag).toMatchObject({ autoscaling_group_name: on, tag: { propagate_at_launch: false } });
    expect(tag.tag.value).not.toMatch(/NO_/);
  }
});
it("spell effects as Kubernetes does, and of two effects keep the stronger", () => {
  const taints = [
    { key: "a", value: "v", effect: "PREFER_NO_SCHEDULE" as const },
    { key: "b", value: "v", effect: "NO_EXECUTE" as const },
    { key: "b", value: "w", effect: "NO_SCHEDULE" as const },
  ];
  const tags = asgTags(group({ taints }));
  expect(tags[`${TEMPLATE}/taint/a`]).toBe("v:PreferNoSchedule");
  expect(tags[`${TEMPLATE}/taint/b`]).toBe("v:NoExecute");
});
it.each([
  ["inf1.2xlarge", "1", "4"],
  ["inf2.24xlarge", "6", "12"],
  ["trn1.32xlarge", "16", "32"],
  ["trn2.48xlarge", "16", undefined], // what counts as a core is configured on the node
])("describe Neuron devices and cores of %s", (type, devices, cores) => {
  const tags = asgTags(pool(NEURON_POOL, { instanceTypes: [type] }));
  expect(tags[resource("aws.amazon.com/neuron")]).toBe(devices);
  expect(tags[resource("aws.amazon.com/neuroncore")]).toBe(cores);
  expect(tags).not.toHaveProperty([resource("nvidia.com/gpu")]);
});
it("describe the fewest GPUs if the instance types differ", () => {
  const tags = asgTags(pool(GPU_POOL, { instanceTypes: ["g5.48xlarge", "g5.12xlarge"] }));
  expect(tags[resource("nvidia.com/gpu")]).toBe("4");
});
it("describe EFA interfaces only if EFA is on", () => {
  const settings = { instanceTypes: ["p5en.48xlarge"], ...ONE_SUBNET };
  expect(asgTags(pool(GPU_POOL, { ...settings, efa: true }))).toMatchObject({
    [resource("vpc.amazonaws.com/efa")]: "16",
    [`${TEMPLATE}/label/vpc.amazonaws.com/efa.present`]: "true",
  });
  expect(JSON.stringify(asgTags(pool(GPU_POOL, settings)))).not.toContain("efa");
});
it("describe what kubelet leaves, of every type, of the volume or of local disks in its place", () => {
  const types = { instanceTypes: ["g5.2xlarge", "g5.xlarge"] };
  const found = asgTags(pool(GPU_POOL, { ...types, localStorage: "raid0" }));
  expect(found).toMatchObject({
    [resource("cpu")]: "3920m",
    [resource("memory")]: "13906Mi",
    [resource("pods")]: "58",
    [resource("ephemeral-storage")]: "206Gi",
  });
  const unknown = { instanceTypes: ["g99.xlarge"], architecture: "x86_64" as const, gpuCount: 2 };
  const resources = Object.keys(asgTags(pool(GPU_POOL, unknown))).filter((key) => key.includes("/resources/"));
  expect(resources.sort()).toEqual([resource("ephemeral-storage"), resource("nvidia.com/gpu")]);
});
it("know of prefixes, for which Bottlerocket reserves memory", () => {
  const memory = (prefixDelegation: boolean) =>
    asgTags(group({ imageFamily: "bottlerocket" }, { prefixDelegation }))[resource("memory")];
  expect([memory(false), memory(true)]).toEqual(["13906Mi", "13334Mi"]);
});
it("describe labels and taints of plain groups, and nothing they lack", () => {
  expect(asgTags(group({ labels: { team: "a" } }))).toEqual({
    [`${TEMPLATE}/label/team`]: "a",
    [resource("cpu")]: "3920m",
    [resource("memory")]: "13906Mi",
    [resource("pods")]: "58",
    [resource("ephemeral-storage")]: "87Gi",
  });
});
it.each(["karpenter", "none"] as const)("are left out with autoscaler %s", (autoscaler) => {
  expect(pool(GPU_POOL, {}, { autoscaler }).all(AutoscalingGroupTagA)).toEqual([]);
  expect(asgTags(group({}, { autoscaler, autoscalingGroupTags: { owner: "x" } }))).toEqual({ owner: "x" });
});

describe("the caller's tags", () => {
  it("stand once on every group, under ids that adding a group does not change", () => {
    const cluster = { autoscalingGroupTags: { owner: "x" } };
    const two = pools([CPU_POOL, GPU_POOL], cluster);
    const owners = two.all(AutoscalingGroupTagA).filter(({ tag }) => tag.key === "owner");
    expect(owners.map(({ tag }) => tag)).toEqual(
      Array(2).fill({ key: "owner", value: "x", propagate_at_launch: false }),
    );
    expect(new Set(owners.map((tag) => tag.autoscaling_group_name)).size).toBe(2);
    const three = pools([NEURON_POOL, CPU_POOL, GPU_POOL], cluster);
    expect(three.byId(AutoscalingGroupTagA)).toMatchObject(two.byId(AutoscalingGroupTagA));
  });
  it("win over the template's, and may look like them", () => {
    const own = { [`${TEMPLATE}/label/role`]: "own", "label/role": "a", "label role": "b" };
    expect(asgTags(pool(CPU_POOL, {}, { autoscalingGroupTags: own }))).toMatchObject(own);
  });
  it("keep the JSON when their order changes", () => {
    const json = (autoscalingGroupTags: Record<string, string>) => group({}, { autoscalingGroupTags }).json;
    expect(json({ a: "1", b: "2" })).toBe(json({ b: "2", a: "1" }));
  });
});

describe("limits", () => {
  const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, "x"]));
  const props = (settings: object, cluster: object = {}): NodeGroupProps => ({
    name: "default",
    cluster: { ...CLUSTER, ...cluster },
    settings: { ...PLAIN, ...settings },
  });
  it("lets 45 tags onto a group, beside the five of EKS", () => {
    expect(Object.keys(asgTags(group({ labels: labels(41) })))).toHaveLength(45);
    group({ labels: labels(60) }, { autoscaler: "none" });
  });
  rejects(
    "test/group",
    [
      ["settings.labels", props({ labels: labels(42) }), "at most 45 tags", "got 46"],
      [
        "settings.labels",
        props({ labels: labels(37) }, { autoscalingGroupTags: { a: "1", b: "2", c: "3", d: "4", e: "5" } }),
        "got 46",
      ],
      [
        "cluster.autoscalingGroupTags.a",
        props({}, { autoscalingGroupTags: { a: "x".repeat(257) } }),
        "at most 256",
        "257",
      ],
      [
        `cluster.autoscalingGroupTags.${"k".repeat(129)}`,
        props({}, { autoscalingGroupTags: { ["k".repeat(129)]: "x" } }),
      ],
      ["cluster.instanceTags.aws:x", props({}, { instanceTags: { "aws:x": "y" } })],
    ],
    (scope, wrong: NodeGroupProps) => new NodeGroup(scope, "group", wrong),
  );
  it("accepts keys of 128 and values of 256 characters", () => {
    const autoscalingGroupTags = { ["k".repeat(128)]: "x".repeat(256) };
    expect(asgTags(group({}, { autoscalingGroupTags }))).toMatchObject(autoscalingGroupTags);
  });
});
