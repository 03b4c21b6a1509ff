import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { Release } from "@cdktf/provider-helm/lib/release";
import fc from "fast-check";
import { expect, it } from "vitest";
import { types } from "../../../modules/aws/ec2/data/instance-types.json";
import type { Cluster } from "../../../modules/cluster/cluster";
import type { NodePool } from "../../../modules/cluster/node-pool";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { DcgmExporter } from "../../../modules/kube/dcgm-exporter";
import { EfaDevicePlugin } from "../../../modules/kube/efa-device-plugin";
import { GpuOperator } from "../../../modules/kube/gpu-operator";
import { Karpenter } from "../../../modules/kube/karpenter";
import { karpenterName } from "../../../modules/kube/karpenter-nodes";
import { karpenterFaults } from "../../../modules/kube/karpenter-options";
import { NeuronDevicePlugin } from "../../../modules/kube/neuron-device-plugin";
import { NvidiaDevicePlugin } from "../../../modules/kube/nvidia-device-plugin";
import {
  dedicatedScheduling,
  nodePools,
  type PoolSettings,
  runnerScheduling,
} from "../../../modules/kube/pool-scheduling";
import { fits, isAwaited, templateOf } from "../../support/autoscaler-template";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";
import { make, NETWORK } from "../cluster/cluster.fixture";
import { validNodeGroup, validRunnerPool } from "../cluster/group-arbitraries.fixture";
import { mib as MEASURED } from "../cluster/memory-overheads.json";
import { GPU, runnersOf } from "./pools.fixture";

/**
 * A pool's settings are the single source: node group or NodePool, labels, taints, tags of the Auto Scaling group,
 * configuration of the device plugin, and tolerations of what runs there, all of one cluster, must agree.
 */
type Autoscaler = NonNullable<PoolSettings["autoscaler"]>;
interface Case {
  settings: PoolSettings;
  software: "NvidiaDevicePlugin" | "GpuOperator";
}

const AUTOSCALERS: Autoscaler[] = ["cluster-autoscaler", "karpenter", "none"];
/** Ways of sharing that random pools seldom have. */
const SHARED: RunnerPool[] = [
  { ...GPU, suffix: "seven", instanceTypes: ["p5.48xlarge"], gpuSharing: { mig: "1g.10gb" } },
  { ...GPU, suffix: "three", instanceTypes: ["p4d.24xlarge"], gpuSharing: { mig: "2g.10gb" } },
  { ...GPU, suffix: "least", instanceTypes: ["p4d.24xlarge", "p4de.24xlarge"], gpuSharing: { mig: "1g.10gb" } },
  { ...GPU, suffix: "mps", gpuSharing: { mps: 5 } },
  { ...GPU, suffix: "turns", gpuSharing: { timeSlicing: 9 } },
];

/** Pools with the settings that touch scheduling more often than by chance. */
const pool: fc.Arbitrary<RunnerPool> = fc
  .tuple(
    fc.oneof({ weight: 2, arbitrary: validRunnerPool }, { weight: 1, arbitrary: fc.constantFrom(...SHARED) }),
    fc.constantFrom(undefined, "yes"),
    fc.constantFrom(undefined, "own"),
    fc.boolean(),
  )
  .map(([one, present, label, divided]) => {
    const own: Record<string, string> = {
      ...(one.category === "gpu" && present && { "nvidia.com/gpu.present": present }),
      ...(label && { "example.com/team": label }),
    };
    const perSubnet = divided && one.subnetIndex === undefined && one.capacityReservationId === undefined;
    return { ...one, perSubnet, additionalLabels: { ...one.additionalLabels, ...own } };
  });
const served = (one: RunnerPool): RunnerPool | undefined => {
  if (one.efa && one.minSize > 0) return one; // stays a node group
  const emptied = { ...one, minSize: 0 };
  return karpenterFaults(runnersOf(emptied)[0] as NodePool, NETWORK.privateSubnetIds).length === 0
    ? emptied
    : undefined;
};
const cases: fc.Arbitrary<Case> = fc
  .record({
    runnerPools: fc.uniqueArray(pool, { maxLength: 3, selector: ({ suffix }) => suffix.toLowerCase() }),
    additionalNodeGroups: fc.dictionary(fc.constantFrom("batch", "own"), validNodeGroup, { noNullPrototype: true }),
    autoscaler: fc.constantFrom(...AUTOSCALERS),
    scheduler: fc.constantFrom(false as const, undefined, {
      taints: [{ key: "more", value: "x", effect: "NO_EXECUTE" as const }],
    }),
    software: fc.constantFrom("NvidiaDevicePlugin" as const, "GpuOperator" as const),
  })
  .map(({ runnerPools, additionalNodeGroups, autoscaler, scheduler, software }) => ({
    software,
    settings: {
      autoscaler,
      runnerPools: autoscaler === "karpenter" ? runnerPools.flatMap((one) => served(one) ?? []) : runnerPools,
      additionalNodeGroups,
      systemGroups: { scheduler },
    },
  }));

interface Found {
  pools: NodePool[];
  groups: Record<string, string>;
  json: ReturnType<typeof synth>;
  runners: { nodeSelector: Json; tolerations: Json[] };
  scheduler: { nodeSelector: Json; tolerations: Json[] };
}

function build({ settings, software }: Case): Found {
  const found = {} as Found;
  const whole = inCluster((scope) => {
    const cluster: Cluster = make(scope, settings);
    const pools = nodePools(scope, settings);
    if (software === "GpuOperator") new GpuOperator(scope, "operator", { pools });
    else new NvidiaDevicePlugin(scope, "plugin", { pools, migByImage: true });
    new NeuronDevicePlugin(scope, "neuron", { pools });
    new EfaDevicePlugin(scope, "efa", { pools });
    new DcgmExporter(scope, "dcgm", { pools });
    if (settings.autoscaler === "karpenter") {
      new Karpenter(scope, "karpenter", { cluster, pools, subnetIds: NETWORK.privateSubnetIds, vpcId: NETWORK.vpcId });
    }
    found.pools = pools;
    // of a pool with a group for each subnet, any one
    found.groups = Object.fromEntries(
      pools.flatMap(({ name, settings }) => {
        const [, group] =
          Object.entries(cluster.nodeGroups).find(([key]) =>
            settings.perSubnet ? key.startsWith(`${name}_`) : key === name,
          ) ?? [];
        return group ? [[name, group.resource.friendlyUniqueId]] : [];
      }),
    );
    found.runners = runnerScheduling(scope, pools) as Found["runners"];
    found.scheduler = dedicatedScheduling(pools, "scheduler") as Found["scheduler"];
  });
  found.json = synth(whole);
  return found;
}

const EFFECTS: Record<string, string> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

/** Kubernetes, "Taints and Tolerations": whether a pod with these tolerations may run, and stay, on the nodes. */
const tolerates = (tolerations: Json[], { taints }: NodePool) =>
  taints.every(({ key, value, effect }) =>
    tolerations.some(
      (one) =>
        (one.key === undefined || one.key === key) &&
        (one.effect === undefined || one.effect === EFFECTS[effect]) &&
        (one.operator === "Exists" || one.value === value),
    ),
  );
/** Kubernetes, "Assigning Pods to Nodes": whether the nodes fulfil the node affinity. */
const fulfils = (affinity: Json, { labels }: NodePool) =>
  affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.some((term: Json) =>
    term.matchExpressions.every(({ key, operator, values }: Json) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      return value === undefined || !values.includes(value); // NotIn
    }),
  );
const selects = (nodeSelector: Json, { labels }: NodePool) =>
  Object.entries(nodeSelector).every(([key, value]) => labels[key] === value);

const valuesOf = ({ json }: Found, name: string): Json => {
  const release = json.all(Release).find((one) => one.name === name);
  return release && JSON.parse(release.values[0]);
};

/** Node group, or NodePool: labels and taints as Kubernetes will see them. */
function nodesOf(found: Found, { name }: NodePool): Json {
  const id = found.groups[name];
  if (id === undefined) {
    const { objects } = valuesOf(found, "karpenter-nodes");
    const { spec } = objects.find(
      (one: Json) => one.kind === "NodePool" && one.metadata.name === karpenterName({ name }),
    );
    return { labels: spec.template.metadata.labels, taints: spec.template.spec.taints ?? [] };
  }
  const group = found.json.byId(EksNodeGroup)[id];
  const taints = (group.taint ?? []).map(({ effect, ...taint }: Json) => ({ ...taint, effect: EFFECTS[effect] }));
  return { labels: group.labels ?? {}, taints };
}

function tagsOf(found: Found, { name }: NodePool): Record<string, string> {
  const id = found.groups[name];
  const tags = found.json.all(AutoscalingGroupTagA).filter((tag) => tag.autoscaling_group_name.includes(`.${id}.`));
  return Object.fromEntries(tags.map(({ tag }) => [tag.key, tag.value]));
}
const TEMPLATE = "k8s.io/cluster-autoscaler/node-template/";

/**
 * The pool's nodes as they start, and as the GPU operator leaves them before feature discovery has seen a GPU. Source:
 * github.com/NVIDIA/gpu-operator, v26.3.3, controllers/state_manager.go, `labelGPUNodes` and `removeAllGPUStateLabels`.
 */
function relabelled(pool: NodePool): NodePool[] {
  if (!("nvidia.com/gpu.present" in pool.labels)) return [pool];
  const state = /^nvidia\.com\/gpu\.deploy\.(?!operands$)/;
  const kept = Object.entries(pool.labels).filter(([key]) => !state.test(key));
  return [pool, { ...pool, labels: { ...Object.fromEntries(kept), "nvidia.com/gpu.present": "false" } }];
}

interface Capacity {
  vcpus: number;
  memoryMib: number;
  interfaces: number;
  addresses: number;
  nvmeGb?: number;
}
const capacityOf = (type: string) => (types as unknown as Record<string, Capacity>)[type];
/** MiB that the kernel lacks: as measured, or 0.8 % of all, less than what any of the measured lacks. */
const lostOf = (type: string, memoryMib: number) => (MEASURED as Record<string, number>)[type] ?? memoryMib * 0.008;

/**
 * What the autoscaler expects of an empty group is no more than each of its types has, with kubelet's reserve as nodeadm has it
 * (github.com/awslabs/amazon-eks-ami, config.go), and enough for what the pool is for: a pod with all of its devices, and half
 * of the rest.
 */
function expectsWhatNodesHave(found: Found, pool: NodePool, tolerations: Json[]) {
  const { settings, hardware, accelerator } = pool;
  const sizes = settings.instanceTypes.flatMap((type) => {
    const size = capacityOf(type);
    return size ? { ...size, lost: lostOf(type, size.memoryMib) } : [];
  });
  if (sizes.length < settings.instanceTypes.length) return; // nobody here knows what such a node has
  const tags = tagsOf(found, pool);
  const { instanceTypes } = settings;
  const template = templateOf({ instanceTypes, zones: ["us-east-1a", "us-east-1b"], tags });
  const { cpu = 0, memory = 0, pods = 0, "ephemeral-storage": disk = 0 } = template.allocatable;
  for (const { vcpus, memoryMib, lost, interfaces, addresses, nvmeGb = 0 } of sizes) {
    const shares = Array.from({ length: vcpus }, (_, core) => [60, 10, 5, 5][core] ?? 2.5);
    const reserved = Math.floor(shares.reduce((a, b) => a + b, 0));
    expect(Math.round(cpu * 1000)).toBeLessThanOrEqual(vcpus * 1000 - reserved);
    const addressed = interfaces * (addresses - 1) + 2;
    expect(pods).toBeLessThanOrEqual(Math.min(addressed, vcpus < 30 ? 110 : 250));
    expect(memory / 2 ** 20).toBeLessThanOrEqual(Math.max(0, memoryMib - lost - 355 - 11 * addressed));
    const bytes = settings.localStorage ? nvmeGb * 1e9 : settings.diskSize * 2 ** 30;
    expect(disk).toBeLessThanOrEqual(bytes * 0.9 - 2 ** 30);
  }
  const least = (quantity: (size: Capacity) => number) => Math.min(...sizes.map(quantity));
  const { efaInterfaces = 0 } = hardware;
  const requests = {
    cpu: least(({ vcpus }) => vcpus) / 2,
    memory: least(({ memoryMib }) => memoryMib) * 2 ** 19,
    "ephemeral-storage":
      (settings.localStorage ? least(({ nvmeGb = 0 }) => nvmeGb) * 1e9 : settings.diskSize * 2 ** 30) / 2,
    ...(accelerator === "gpu" && { "nvidia.com/gpu": hardware.gpus }),
    ...(accelerator === "neuron" && { "aws.amazon.com/neuron": hardware.neuronDevices }),
    ...(settings.efa && { "vpc.amazonaws.com/efa": efaInterfaces }),
  };
  expect(fits({ requests, tolerations, nodeSelector: pool.labels }, template)).toBe(true);
  // a node that boots is waited for where it has GPUs, until they are announced
  expect(isAwaited({ ...template, allocatable: {} })).toBe(accelerator === "gpu");
}

/** GPUs that the plugin will announce for each that a node has, by the configuration that the node's label names. */
function announced(map: Record<string, string>, { labels, settings }: NodePool): number {
  const name = labels["nvidia.com/device-plugin.config"];
  const { flags, sharing } = JSON.parse(map[name ?? "default"] ?? "{}");
  if (flags?.migStrategy === "single") {
    expect(labels["nvidia.com/mig.config"]).toBe(`all-${settings.gpuSharing?.mig}`);
    const parts: Record<string, number> = { "p5.48xlarge": 7, "p4d.24xlarge 2g.10gb": 3, "p4d.24xlarge 1g.10gb": 4 };
    const type = settings.instanceTypes[0] ?? "";
    return parts[type] ?? parts[`${type} ${settings.gpuSharing?.mig}`] ?? Number.NaN;
  }
  const [{ name: resource, replicas }] = (sharing?.timeSlicing ?? sharing?.mps)?.resources ?? [
    { name: "nvidia.com/gpu", replicas: 1 },
  ];
  expect(resource).toBe("nvidia.com/gpu");
  return replicas;
}

it("holds for every combination of pools: what the nodes have is what everything else expects", {
  timeout: 600_000,
}, () => {
  fc.assert(
    fc.property(cases, (one) => {
      const found = build(one);
      const { autoscaler } = one.settings;
      const plugin = valuesOf(found, "nvidia-device-plugin");
      const operator = valuesOf(found, "gpu-operator");
      const neuron = valuesOf(found, "neuron");
      const efa = valuesOf(found, "aws-efa-k8s-device-plugin");
      const dcgm = valuesOf(found, "dcgm-exporter");
      const needed = found.pools.some((one) => one.accelerator === "gpu" && one.settings.imageFamily === "al2023");
      expect([plugin, operator].filter(Boolean)).toHaveLength(needed ? 1 : 0);

      for (const pool of found.pools) {
        const { name, kind, accelerator, hardware, settings, labels, taints } = pool;
        const runner = kind === "runner";
        const tag = (key: string) => tagsOf(found, pool)[`${TEMPLATE}${key}`];

        // the nodes are what the pool says, by node group or by Karpenter, never by both
        expect(name in found.groups).toBe(
          !(runner && autoscaler === "karpenter" && !(settings.efa && settings.minSize > 0)),
        );
        const nodes = nodesOf(found, pool);
        expect(nodes.labels).toEqual(labels);
        expect(nodes.taints).toEqual(
          taints.map(({ key, value, effect }) => ({ key, ...(value && { value }), effect: EFFECTS[effect] })),
        );

        // what runs there may run there
        if (runner)
          expect([tolerates(found.runners.tolerations, pool), selects(found.runners.nodeSelector, pool)]).toEqual([
            true,
            true,
          ]);
        if (name === "scheduler") {
          expect([tolerates(found.scheduler.tolerations, pool), selects(found.scheduler.nodeSelector, pool)]).toEqual([
            true,
            true,
          ]);
        }

        // pods that tolerate nothing are kept off devices, but where the user says otherwise
        const device = { cpu: undefined, gpu: "nvidia.com/gpu", neuron: "aws.amazon.com/neuron" }[accelerator];
        const hard = taints.filter(({ effect }) => effect !== "PREFER_NO_SCHEDULE");
        if (device && !settings.taints.some(({ key }) => key === device)) expect(hard).not.toEqual([]);

        // GPU software is on each GPU node whose image has none, and on no other
        const gpus = accelerator === "gpu";
        const bare = gpus && settings.imageFamily === "al2023";
        const seen = operator ? relabelled(pool) : [pool];
        for (const values of [plugin, dcgm]) {
          if (bare && values === plugin && one.software === "GpuOperator") continue;
          for (const node of seen) {
            if (bare)
              expect([fulfils(values.affinity, node), tolerates(values.tolerations, node)]).toEqual([true, true]);
            else if (values) expect(fulfils(values.affinity, node)).toBe(false);
          }
        }
        if (bare && operator) {
          const worker = operator["node-feature-discovery"].worker;
          expect(tolerates(operator.daemonsets.tolerations, pool)).toBe(true);
          for (const node of seen) {
            expect([fulfils(worker.affinity, node), tolerates(worker.tolerations, node)]).toEqual([true, true]);
          }
        }
        for (const node of seen) {
          expect(node.labels["nvidia.com/gpu.deploy.operands"]).toBe(gpus && !bare ? "false" : undefined);
        }

        // each GPU is announced as often as the autoscaler expects
        const map = plugin?.config?.map ?? operator?.devicePlugin.config?.data ?? {};
        const shares = bare ? announced(map, pool) : (settings.gpuSharing?.timeSlicing ?? 1);
        const counts = {
          "nvidia.com/gpu": hardware.gpus * (gpus ? shares : 1),
          "aws.amazon.com/neuron": hardware.neuronDevices,
          "vpc.amazonaws.com/efa": settings.efa ? hardware.efaInterfaces : 0,
        };
        const tagged = autoscaler === "cluster-autoscaler";
        for (const [resource, count] of Object.entries(counts)) {
          expect(tag(`resources/${resource}`)).toBe(tagged && count ? String(count) : undefined);
        }
        for (const [key, value] of Object.entries(labels)) {
          expect(tag(`label/${key}`)).toBe(tagged ? value : undefined);
        }
        for (const { key, effect } of taints) {
          const told = taints
            .filter((taint) => taint.key === key)
            .map((taint) => `${taint.value}:${EFFECTS[taint.effect]}`);
          if (tagged) expect(told).toContain(tag(`taint/${key}`));
          else expect(tag(`taint/${key}`), effect).toBeUndefined();
        }

        const all = [...found.runners.tolerations, ...found.scheduler.tolerations, { operator: "Exists" }];
        if (tagged) expectsWhatNodesHave(found, pool, runner ? found.runners.tolerations : all);

        // Neuron and EFA plugins likewise
        if (accelerator === "neuron") {
          const { affinity, tolerations } = neuron.devicePlugin;
          expect([fulfils(affinity, pool), tolerates(tolerations, pool)]).toEqual([true, true]);
        } else if (neuron) expect(fulfils(neuron.devicePlugin.affinity, pool)).toBe(false);
        const { keys: [key] = [], values: marks = [] } = efa?.supportedInstanceLabels ?? {};
        expect(marks.includes(labels[key])).toBe(settings.efa);
        if (settings.efa) expect(tolerates(efa.tolerations, pool)).toBe(true);
      }
    }),
    { numRuns: Math.ceil(Number(process.env.FUZZ_RUNS ?? 100) * 0.3) },
  );
});
