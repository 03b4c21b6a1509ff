import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  type Cluster,
  type ClusterProps,
  type ClusterSettings,
  clusterSettings,
} from "../../../modules/cluster/cluster";
import { type Json, refTo } from "../../support/synth";
import { cluster, LEAN, lean, NETWORK, rejectsCluster, wrong } from "./cluster.fixture";
import { CPU_POOL, PLAIN } from "./node-group.fixture";

type SystemGroups = NonNullable<ClusterSettings["systemGroups"]>;
/** Node groups in the JSON by the prefix of their names. */
const groups = (settings: Partial<ClusterProps> = {}): Record<string, Json> =>
  Object.fromEntries(
    cluster(settings)
      .all(EksNodeGroup)
      .map((group) => [group.node_group_name_prefix, group]),
  );
const system = (systemGroups: SystemGroups) => ({ systemGroups });
const pools = (...suffixes: string[]) => ({ runnerPools: suffixes.map((suffix) => ({ ...CPU_POOL, suffix })) });
const size = (min: number, max: number) => ({ min_size: min, max_size: max, desired_size: min });
const dedicated = (value: string) => ({ key: "dedicated", value, effect: "NO_SCHEDULE" });

describe("by default", () => {
  it("there is one group for whatever tolerates no taint", () => {
    const group = groups()["default-"];
    expect(group).toMatchObject({ instance_types: ["m5.xlarge"], scaling_config: size(1, 10) });
    expect(group.taint ?? []).toEqual([]);
    expect(group.labels ?? {}).toEqual({});
  });
  it.each([
    ["scheduler", "c5.xlarge", 2],
    ["module-repository", "c5.xlarge", 2],
    ["prometheus", "m5.xlarge", 1],
  ])("there is one kept for %s", (role, type, max) => {
    expect(groups()[`${role}-`]).toMatchObject({
      instance_types: [type],
      capacity_type: "ON_DEMAND",
      scaling_config: size(1, max),
      labels: { role },
      taint: [dedicated(role)],
    });
  });
  it("there is a pool of GPU runners that starts empty, and nothing more", () => {
    const all = groups();
    expect(all["runner-gpu-"]).toMatchObject({
      ami_type: "AL2023_x86_64_NVIDIA",
      instance_types: ["g4dn.xlarge"],
      capacity_type: "ON_DEMAND",
      scaling_config: size(0, 3),
    });
    expect(all["runner-gpu-"].labels["k8s.amazonaws.com/accelerator"]).toBe("nvidia-tesla-t4");
    expect(Object.keys(all)).toHaveLength(5);
    const disks = cluster().all(LaunchTemplate);
    expect(disks.map(({ block_device_mappings: [disk] }) => disk.ebs.volume_size)).toEqual([100, 100, 100, 100, 100]);
  });
});

describe("built-in groups", () => {
  it("are adjusted key by key; undefined keeps the default", () => {
    const scheduler = { instanceTypes: ["c7g.xlarge"], maxSize: 4, minSize: undefined, labels: { a: "b" } };
    const taints = [{ key: "x", value: "y", effect: "NO_EXECUTE" as const }];
    expect(groups(system({ scheduler: { ...scheduler, taints } }))["scheduler-"]).toMatchObject({
      ami_type: "AL2023_ARM_64_STANDARD",
      scaling_config: size(1, 4),
      labels: { role: "scheduler", a: "b" },
      taint: [dedicated("scheduler"), { key: "x", value: "y", effect: "NO_EXECUTE" }],
    });
    expect(groups(system({ default: { maxSize: 3 }, prometheus: undefined }))).toMatchObject({
      "default-": { scaling_config: size(1, 3) },
      "prometheus-": { scaling_config: size(1, 1) },
    });
  });
  it("are left out one by one", () => {
    const off = groups(system({ scheduler: false, "module-repository": false, prometheus: false }));
    expect(Object.keys(off).sort()).toEqual(["default-", "runner-gpu-"]);
  });
  it("may have a taint on the default one that only advises", () => {
    const taints = [{ key: "x", effect: "PREFER_NO_SCHEDULE" as const }];
    expect(groups(system({ default: { taints } }))["default-"].taint).toHaveLength(1);
  });
});

it("takes pools and further groups beside the built-in ones", () => {
  const all = groups({ ...pools("a", "b"), additionalNodeGroups: { extra_1: PLAIN } });
  expect(Object.keys(all).sort()).toEqual(
    ["default-", "extra_1-", "module-repository-", "prometheus-", "runner-a-", "runner-b-", "scheduler-"].sort(),
  );
  expect(Object.keys(groups({ runnerPools: [] }))).toHaveLength(4);
});
it("leaves the runner pools to Karpenter where that is the autoscaler", () => {
  const extra = { additionalNodeGroups: { "runner-x": PLAIN } };
  const named = (autoscaler: ClusterSettings["autoscaler"]) =>
    Object.keys(groups({ ...pools("a"), ...extra, autoscaler })).filter((name) => name.startsWith("runner-"));
  expect(named("karpenter")).toEqual(["runner-x-"]);
  const efa = { suffix: "efa", category: "cpu" as const, instanceTypes: ["c5n.18xlarge"], efa: true, subnetIndex: 0 };
  const kept = (minSize: number) =>
    Object.keys(groups({ runnerPools: [{ ...efa, minSize, maxSize: 2 }], autoscaler: "karpenter" }));
  expect([kept(0).includes("runner-efa-"), kept(1).includes("runner-efa-")]).toEqual([false, true]);
  expect(named("none").sort()).toEqual(["runner-a-", "runner-x-"]);
  expect(Object.keys(groups({ autoscaler: "karpenter" }))).toHaveLength(4);
});
it("lists its groups by name", () => {
  let names: string[] = [];
  const use = (made: Cluster) => {
    names = Object.entries(made.nodeGroups).map(([key, { resource }]) => `${key} ${resource.nodeGroupNamePrefixInput}`);
  };
  cluster({ ...pools("a"), systemGroups: { scheduler: false }, additionalNodeGroups: { zoo: PLAIN } }, use);
  const expected = ["default", "module-repository", "prometheus", "runner-a", "zoo"];
  expect(names).toEqual(expected.map((name) => `${name} ${name}-`));
});
it("keeps its resources whatever the order of pools and groups, and whatever is added", () => {
  const some = cluster({ ...pools("a", "b"), additionalNodeGroups: { x: PLAIN, y: PLAIN } });
  expect(cluster({ ...pools("b", "a"), additionalNodeGroups: { y: PLAIN, x: PLAIN } }).json).toBe(some.json);
  const more = cluster({ ...pools("0", "a", "b"), additionalNodeGroups: { aa: PLAIN, x: PLAIN, y: PLAIN } });
  for (const type of [EksNodeGroup, LaunchTemplate, AutoscalingGroupTagA]) {
    expect(more.byId(type)).toMatchObject(some.byId(type));
  }
});
it("puts each group on the nodes' role, subnets and version", () => {
  for (const [prefix, group] of Object.entries(groups({ version: "1.33" }))) {
    expect(group).toMatchObject({
      version: "1.33",
      node_role_arn: expect.stringMatching(/^\$\{aws_iam_role\.cluster_node-role/),
    });
    expect(group.subnet_ids).toHaveLength(prefix === "prometheus-" ? 1 : 2);
    expect(group.cluster_name).toMatch(/^\$\{aws_eks_cluster\./);
  }
});

it("keeps Prometheus' node in one zone, that of its EBS volume, unless another is asked for", () => {
  const subnets = (prometheus: object) => groups(system({ prometheus }))["prometheus-"].subnet_ids;
  expect(subnets({})).toEqual(["subnet-0000000000000000a"]);
  expect(subnets({ subnetIndex: 1 })).toEqual(["subnet-0000000000000000b"]);
  expect(subnets({ subnetIds: ["subnet-0000000000000000c"] })).toEqual(["subnet-0000000000000000c"]);
});

describe("a pool with a group for each of its subnets", () => {
  const [a, b, c] = ["a", "b", "c"].map((end) => `subnet-0000000000000000${end}`);
  const runner = { ...CPU_POOL, suffix: "cpu", perSubnet: true, minSize: 0, maxSize: 4 };
  const subnets = (settings: Partial<ClusterProps>) =>
    Object.fromEntries(Object.entries(groups(settings)).map(([prefix, { subnet_ids }]) => [prefix, subnet_ids]));
  it("has the cluster's, or its own, and nothing else is divided", () => {
    const settings = {
      systemGroups: { scheduler: false, "module-repository": false, prometheus: { perSubnet: true } },
      runnerPools: [runner, { ...runner, suffix: "own", subnetIds: [c as string] }],
      additionalNodeGroups: { extra: { ...PLAIN, perSubnet: true }, whole: PLAIN },
    } satisfies Partial<ClusterProps>;
    expect(subnets(settings)).toEqual({
      "default-": [a, b],
      "extra_0000000a-": [a],
      "extra_0000000b-": [b],
      "prometheus_0000000a-": [a],
      "prometheus_0000000b-": [b],
      "runner-cpu_0000000a-": [a],
      "runner-cpu_0000000b-": [b],
      "runner-own_0000000c-": [c],
      "whole-": [a, b],
    });
    const nodeSubnetIds = [c as string];
    expect(subnets({ runnerPools: [runner], nodeSubnetIds })["runner-cpu_0000000c-"]).toEqual([c]);
  });
  it("keeps its other groups when a subnet is removed, also the first", () => {
    const of = (...subnetIds: unknown[]) =>
      groups({ runnerPools: [{ ...runner, subnetIds: subnetIds as string[] }], systemGroups: LEAN.systemGroups });
    const { "runner-cpu_0000000a-": first, ...others } = of(a, b, c);
    expect(first.subnet_ids).toEqual([a]);
    expect(of(b, c)).toEqual(others);
  });
  it("counts the subnets whose ids are known at apply only", () => {
    const unknown = Token.asString({ resolve: () => "late" });
    const found = subnets({
      runnerPools: [{ ...runner, subnetIds: [unknown, b as string] }],
      systemGroups: LEAN.systemGroups,
    });
    expect(found).toMatchObject({ "runner-cpu_0-": ["late"], "runner-cpu_0000000b-": [b] });
  });
  it("has groups that are alike but for the subnet, each of the pool's size", () => {
    const found = groups({ runnerPools: [runner] });
    const [first, second] = [found["runner-cpu_0000000a-"], found["runner-cpu_0000000b-"]];
    expect(first).toMatchObject({
      scaling_config: size(0, 4),
      labels: { role: "runner" },
      taint: [dedicated("runner")],
    });
    for (const key of ["scaling_config", "labels", "taint", "instance_types"]) expect(second[key]).toEqual(first[key]);
  });
  it("keeps its other groups when a subnet is added, and leaves Karpenter's pools alone", () => {
    const network = { ...NETWORK, privateSubnetIds: [a, b, c] as string[] };
    const settings = { runnerPools: [runner] };
    const [two, three] = [cluster(settings), cluster({ ...settings, network })];
    for (const [id, group] of Object.entries(two.byId(EksNodeGroup))) {
      if (group.node_group_name_prefix.startsWith("runner-")) expect(three.byId(EksNodeGroup)[id]).toEqual(group);
    }
    expect(Object.keys(groups({ ...settings, network }))).toContain("runner-cpu_0000000c-");
    expect(Object.keys(groups({ ...settings, autoscaler: "karpenter" })).join()).not.toContain("runner-");
  });
  const late = Token.asList({ resolve: () => [a] });
  const additionalNodeGroups = (name: string, perSubnet = true) => ({
    additionalNodeGroups: { [name]: { ...PLAIN, perSubnet } },
  });
  it("may have a reservation where it has one subnet, and subnets that others name twice", () => {
    const reserved = { ...runner, capacityReservationId: "cr-0123456789abcdef0", subnetIds: [c as string] };
    const own = { ...runner, subnetIds: [a as string, c as string] };
    cluster({ runnerPools: [reserved] });
    cluster({ runnerPools: [own], nodeSubnetIds: [a, a] as string[] });
    cluster({ runnerPools: [{ ...runner, perSubnet: false, subnetIds: [a, a] as string[] }] });
  });
  it("has a name that leaves room for the subnet", () => {
    cluster(additionalNodeGroups("x".repeat(54)));
    cluster(additionalNodeGroups("x".repeat(63), false));
    cluster({ ...additionalNodeGroups("runner-cpu_"), runnerPools: [runner] });
    cluster({ ...additionalNodeGroups("runner-cpu_0000000a"), runnerPools: [{ ...runner, perSubnet: false }] });
  });
  it("leaves names to others that none of its groups has", () => {
    const settings = { ...additionalNodeGroups("runner-cpu_0", false), runnerPools: [runner] };
    expect(clusterSettings.safeParse(settings).success).toBe(true); // of which the network may be known later
    cluster({ ...additionalNodeGroups("runner-cpu_0", false), runnerPools: [runner] });
    cluster({ ...additionalNodeGroups("runner-cpu_0000000a"), runnerPools: [runner] });
    cluster({ ...additionalNodeGroups("runner-cpu_0000000a", false), runnerPools: [runner], autoscaler: "karpenter" });
  });
  rejectsCluster(
    ["runnerPools[0].perSubnet", { runnerPools: [{ ...runner, subnetIndex: 0 }] }, "left out with subnetIndex"],
    ["runnerPools[0].perSubnet", wrong({ runnerPools: [{ ...runner, perSubnet: "yes" }] }), "boolean"],
    ["runnerPools[0].subnetIds", { runnerPools: [{ ...runner, subnetIds: late }] }, "known now", "one by one"],
    [
      "runnerPools[0].perSubnet",
      { runnerPools: [runner], network: { ...NETWORK, privateSubnetIds: late } },
      "known at apply only",
      "subnetIds",
    ],
    ["runnerPools[0].subnetIds", wrong({ runnerPools: [{ ...runner, subnetIds: a }] }), "must be of type array"],
    [
      "network.privateSubnetIds",
      wrong({ runnerPools: [runner], network: { ...NETWORK, privateSubnetIds: a } }),
      "must be of type array",
    ],
    [
      "runnerPools[0].perSubnet",
      { runnerPools: [runner], nodeSubnetIds: [a, b, a] as string[] },
      `name ${a} twice`,
      "subnetIds",
    ],
    [
      "runnerPools[0].subnetIds[2]",
      { runnerPools: [{ ...runner, subnetIds: [a, b, a] as string[] }] },
      "twice with perSubnet",
      `got ${a}`,
    ],
    [
      "runnerPools[0].subnetIds[1]",
      { runnerPools: [{ ...runner, subnetIds: [a as string, "subnet-1000000000000000a"] }] },
      "whose id ends alike",
    ],
    [
      "runnerPools[0].perSubnet",
      { runnerPools: [{ ...runner, capacityReservationId: "cr-0123456789abcdef0" }] },
      "left out with capacityReservationId",
      "set subnetIndex",
    ],
    [`additionalNodeGroups.${"x".repeat(55)}`, additionalNodeGroups("x".repeat(55)), "at most 54", "got 55"],
    [
      "additionalNodeGroups.runner-cpu_0000000a",
      { ...additionalNodeGroups("runner-cpu_0000000a", false), runnerPools: [runner] },
      "a group of runner-cpu",
    ],
    [
      "additionalNodeGroups.scheduler_0000000b",
      { ...additionalNodeGroups("scheduler_0000000b", false), systemGroups: { scheduler: { perSubnet: true } } },
      "a group of scheduler",
    ],
  );
});

describe("tags", () => {
  it("for the Auto Scaling groups are on each of them, and on no instance", () => {
    const { all } = cluster({ autoscalingGroupTags: { owner: "x" }, additionalNodeGroups: { extra: PLAIN } });
    const owners = all(AutoscalingGroupTagA).filter(({ tag }) => tag.key === "owner");
    expect(owners.map(({ tag }) => tag)).toEqual(
      Array(6).fill({ key: "owner", value: "x", propagate_at_launch: false }),
    );
    expect(new Set(owners.map(({ autoscaling_group_name }) => autoscaling_group_name)).size).toBe(6);
    expect(owners[0].autoscaling_group_name).toEqual(refTo(EksNodeGroup, "resources[0].autoscaling_groups[0].name"));
  });
  it("that describe nodes are there for the cluster autoscaler alone", () => {
    const described = (settings: Partial<ClusterProps>) =>
      cluster({ ...settings, autoscalingGroupTags: { owner: "x" } })
        .all(AutoscalingGroupTagA)
        .filter(({ tag }) => tag.key.includes("node-template")).length;
    expect(described({})).toBeGreaterThan(5);
    expect(described({ autoscaler: "cluster-autoscaler" })).toBe(described({}));
    expect(described({ autoscaler: "karpenter" })).toBe(0);
    expect(described({ autoscaler: "none" })).toBe(0);
  });
  it("for instances are on instances, volumes and network interfaces", () => {
    for (const { tag_specifications } of cluster({ instanceTags: { team: "ml" } }).all(LaunchTemplate)) {
      const tagged = tag_specifications.filter(({ tags }: Json) => tags.team === "ml");
      expect(tagged.map(({ resource_type }: Json) => resource_type)).toEqual([
        "instance",
        "volume",
        "network-interface",
      ]);
    }
  });
});

const taints = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ key: `k${i}`, effect: "PREFER_NO_SCHEDULE" as const }));
const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, "v"]));
it("takes as many taints as a node may have, with those that groups get besides", () => {
  const settings = {
    runnerPools: [{ ...CPU_POOL, additionalLabels: labels(44) }],
    systemGroups: { default: { taints: taints(50) }, scheduler: { taints: taints(49) } },
    additionalNodeGroups: {
      cpu: { ...PLAIN, taints: taints(50) },
      gpu: { ...PLAIN, instanceTypes: ["g5.xlarge"], taints: taints(49) },
    },
    autoscaler: "none" as const, // whose tags on the Auto Scaling group would be too many
  };
  const found = groups(settings);
  for (const name of ["default-", "scheduler-", "cpu-", "gpu-"]) expect(found[name].taint).toHaveLength(50);
});
it.each([`x${"9".repeat(62)}`, "0_a-B", "group", "addons"])("takes %s as the name of a further group", (name) => {
  expect(lean({ additionalNodeGroups: { [name]: PLAIN } }).all(EksNodeGroup)).toHaveLength(2);
});
rejectsCluster(
  ["systemGroups.default", system({ default: false }), "autoMode", "false"],
  ["systemGroups.default.minSize", system({ default: { minSize: 0 } }), "at least 1", "got 0"],
  ["systemGroups.default.taints", system({ default: { taints: [{ key: "a", effect: "NO_SCHEDULE" }] } }), "add-ons"],
  ["systemGroups.default.taints", system({ default: { taints: [{ key: "a", effect: "NO_EXECUTE" }] } }), "add-ons"],
  ["systemGroups.prometheus.maxSize", system({ prometheus: { minSize: 2 } }), "minSize (2)", "got 1"],
  ["systemGroups.scheduler.maxSize", system({ scheduler: { maxSize: 0 } }), "at least 1", "got 0"],
  ["systemGroups.scheduler.diskSize", system({ scheduler: { diskSize: 19 } }), "at least 20", "19"],
  ["systemGroups.scheduler.diskSize", wrong(system({ scheduler: { diskSize: "50" as never } })), "number", "50"],
  [
    "systemGroups.scheduler.capacityType",
    wrong(system({ scheduler: { capacityType: "FOO" as "SPOT" } })),
    "SPOT",
    "FOO",
  ],
  [
    'systemGroups.scheduler.labels["k8s.amazonaws.com/accelerator"]',
    system({ scheduler: { labels: { "k8s.amazonaws.com/accelerator": "a" } } }),
    "c5.xlarge has no GPU",
  ],
  [
    'additionalNodeGroups.extra.labels["k8s.amazonaws.com/accelerator"]',
    { additionalNodeGroups: { extra: { ...PLAIN, labels: { "k8s.amazonaws.com/accelerator": "a" } } } },
    "m5.xlarge has no GPU",
  ],
  ["systemGroups.scheduler.labels.role", system({ scheduler: { labels: { role: "runner" } } }), "runner"],
  [
    "systemGroups.module-repository.taints[1]",
    system({
      "module-repository": {
        taints: [
          { key: "a", effect: "NO_EXECUTE" },
          { key: "dedicated", value: "b", effect: "NO_EXECUTE" },
        ],
      },
    }),
    "dedicated=module-repository",
  ],
  [
    "systemGroups.scheduler.taints",
    system({ scheduler: { taints: taints(50) } }),
    "at most 49 items",
    "own 1",
    "got 50",
  ],
  [
    "additionalNodeGroups.x.taints",
    { additionalNodeGroups: { x: { ...PLAIN, instanceTypes: ["g5.xlarge"], taints: taints(50) } } },
    "at most 49 items beside the group's own 1",
    "got 50",
  ],
  ["systemGroups.schedular", wrong({ systemGroups: { schedular: false } }), "did you mean scheduler?"],
  ["systemGroups.scheduler.maxsize", wrong({ systemGroups: { scheduler: { maxsize: 1 } } }), "did you mean maxSize?"],
  ["systemGroups.scheduler", wrong({ systemGroups: { scheduler: true } }), "must be false or an object", "got true"],
  ["systemGroups", wrong({ systemGroups: false }), "object"],
  ["runnerPools[1].suffix", pools("a", "a"), "unique", "got a"],
  ["runnerPools[0].category", wrong({ runnerPools: [{ ...CPU_POOL, category: "tpu" }] }), "neuron", "tpu"],
  ["runnerPools[0].maxSize", { runnerPools: [{ ...CPU_POOL, minSize: 5, maxSize: 4 }] }, "minSize (5)", "got 4"],
  ["runnerPools", wrong({ runnerPools: CPU_POOL }), "array"],
  ["additionalNodeGroups.default", { additionalNodeGroups: { default: PLAIN } }, "another name", "built-in"],
  [
    "additionalNodeGroups.prometheus",
    { systemGroups: { prometheus: false }, additionalNodeGroups: { prometheus: PLAIN } },
    "another name",
  ],
  ["additionalNodeGroups.runner-gpu", { additionalNodeGroups: { "runner-gpu": PLAIN } }, "the runner pool gpu"],
  ["additionalNodeGroups.runner-a", { ...pools("a"), additionalNodeGroups: { "runner-a": PLAIN } }, "runner pool a"],
  ["additionalNodeGroups.-x", { additionalNodeGroups: { "-x": PLAIN } }, "1 to 63", "-x"],
  ["additionalNodeGroups.a b", { additionalNodeGroups: { "a b": PLAIN } }, "1 to 63"],
  [`additionalNodeGroups.${"x".repeat(64)}`, { additionalNodeGroups: { ["x".repeat(64)]: PLAIN } }, "1 to 63"],
  [
    "additionalNodeGroups.x.minSize",
    wrong({ additionalNodeGroups: { x: { ...PLAIN, minSize: undefined } } }),
    "required",
  ],
  [
    "runnerPools[1].additionalLabels",
    { runnerPools: [CPU_POOL, { ...CPU_POOL, suffix: "b", additionalLabels: labels(44) }] },
    "at most 45 tags",
    "runner-b",
  ],
  ["additionalNodeGroups.x.labels", { additionalNodeGroups: { x: { ...PLAIN, labels: labels(42) } } }, "got 46"],
  ["additionalNodeGroups.x.taints", { additionalNodeGroups: { x: { ...PLAIN, taints: taints(42) } } }, "got 46"],
  ["systemGroups.scheduler.labels", system({ scheduler: { labels: labels(40) } }), "at most 45", "got 46"],
  ["autoscalingGroupTags", { ...LEAN, autoscalingGroupTags: labels(42) }, "group of default", "got 46"],
  ["autoscaler", wrong({ autoscaler: "keda" }), "karpenter", "keda"],
  ["instanceTags.aws:x", { instanceTags: { "aws:x": "y" } }],
  ["instanceTags.k", { instanceTags: { k: "x".repeat(257) } }, "at most 256"],
  ["autoscalingGroupTags.k", wrong({ autoscalingGroupTags: { k: 1 } }), "string"],
);
