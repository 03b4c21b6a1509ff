import { TerraformStack, Testing } from "cdktf";
import { describe, expect, it } from "vitest";
import type { NodePool } from "../../../modules/cluster/node-pool";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import {
  affinityTo,
  dedicatedScheduling,
  nodePools,
  type PoolSettings,
  poolsSchema,
  poolsWith,
  runnerPoolsOf,
  runnerScheduling,
  tolerationsOf,
} from "../../../modules/kube/pool-scheduling";
import { errorOf } from "../../support/bad-input";

const stack = () => new TerraformStack(Testing.app(), "test");
const pools = (settings: PoolSettings = {}) => nodePools(stack(), settings);
const named = (found: NodePool[], name: string) => found.find((pool) => pool.name === name);
const CPU: RunnerPool = { suffix: "cpu", category: "cpu", instanceTypes: ["m5.xlarge"], minSize: 1, maxSize: 4 };
const GPU: RunnerPool = { suffix: "gpu", category: "gpu", instanceTypes: ["g5.12xlarge"], minSize: 0, maxSize: 4 };
const TEAM_TAINT = [{ key: "team", value: "a", effect: "NO_EXECUTE" as const }];
const runners = (...runnerPools: RunnerPool[]) => runnerScheduling(stack(), pools({ runnerPools }));
const equal = (key: string, value: string, effect = "NoSchedule") => ({ key, operator: "Equal", value, effect });

describe("the pools", () => {
  it("are those that a cluster has by default, by name", () => {
    expect(pools().map(({ name }) => name)).toEqual([
      "default",
      "module-repository",
      "prometheus",
      "runner-gpu",
      "scheduler",
    ]);
    expect(named(pools(), "runner-gpu")).toMatchObject({
      kind: "runner",
      accelerator: "gpu",
      hardware: { gpus: 1 },
      labels: { role: "runner", "nvidia.com/gpu.present": "true", "k8s.amazonaws.com/accelerator": "nvidia-tesla-t4" },
      taints: [
        { key: "dedicated", value: "runner", effect: "NO_SCHEDULE" },
        { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" },
      ],
    });
    expect(named(pools(), "default")).toMatchObject({ kind: "system", accelerator: "cpu", labels: {}, taints: [] });
  });
  it("are none with Auto Mode, unless asked for", () => {
    expect(pools({ autoMode: {} })).toEqual([]);
    expect(pools({ autoMode: {}, runnerPools: [CPU] }).map(({ name }) => name)).toEqual(["runner-cpu"]);
  });
  it("have the labels that follow from the settings of a group", () => {
    const [found] = pools({
      autoMode: {},
      runnerPools: [
        { ...GPU, instanceTypes: ["p5.48xlarge"], efa: true, subnetIndex: 0, gpuSharing: { timeSlicing: 4 } },
      ],
    });
    expect(found?.labels).toMatchObject({
      "vpc.amazonaws.com/efa.present": "true",
      "nvidia.com/device-plugin.config": "time-slicing-4",
    });
  });
  it("are no runners for being called so", () => {
    const extra = { instanceTypes: ["m5.large"], minSize: 0, maxSize: 1 };
    const found = pools({ runnerPools: [CPU], additionalNodeGroups: { "runner-x": extra } });
    expect(runnerPoolsOf(found).map(({ name }) => name)).toEqual(["runner-cpu"]);
  });
  it("are found by what they have", () => {
    const all = pools({
      runnerPools: [CPU, GPU, { ...CPU, suffix: "inf", category: "neuron", instanceTypes: ["inf2.xlarge"] }],
    });
    expect(poolsWith(all, "gpu").map(({ name }) => name)).toEqual(["runner-gpu"]);
    expect(poolsWith(all, "neuron").map(({ name }) => name)).toEqual(["runner-inf"]);
  });
  it("take the settings of a cluster whole", () => {
    const settings = { runnerPools: [CPU], name: "ml", version: "1.35", logRetentionDays: 3 };
    expect(pools(settings)).toHaveLength(5);
  });
  it.each<[string, object]>([
    ["runnerPools[0].maxSize", { runnerPools: [{ ...CPU, maxSize: 0 }] }],
    ["runnerPools[1].suffix", { runnerPools: [CPU, CPU] }],
    ["systemGroups.default", { systemGroups: { default: false } }],
    ["runnerPools", { runnerPools: {} }],
    ["autoscaler", { autoscaler: "x" }],
    ["additionalNodeGroups.a.minSize", { additionalNodeGroups: { a: { instanceTypes: ["m5.large"], maxSize: 1 } } }],
  ])("are refused with %s as the cluster itself would", (key, settings) => {
    const error = errorOf(() => pools(settings as PoolSettings));
    expect(error).toMatchObject({ name: "InputError", message: expect.stringContaining(`test: ${key}: `) });
  });
});

it("tells pools from other objects", () => {
  expect(poolsSchema.safeParse(pools()).success).toBe(true);
  expect(poolsSchema.safeParse([{ name: "a", labels: {} }]).success).toBe(false);
});

describe("tolerations", () => {
  it("say each taint of the pools once, in Kubernetes' spelling", () => {
    const taints = [
      { key: "b", value: "", effect: "PREFER_NO_SCHEDULE" as const },
      { key: "a", value: "x", effect: "NO_EXECUTE" as const },
    ];
    const found = tolerationsOf([{ taints }, { taints: taints.slice(1) }, { taints: [] }]);
    expect(found).toEqual([equal("a", "x", "NoExecute"), equal("b", "", "PreferNoSchedule")]);
  });
  it("are the same whatever the order of the pools", () => {
    const both = [{ taints: TEAM_TAINT }, { taints: [{ key: "z", value: "", effect: "NO_SCHEDULE" as const }] }];
    expect(tolerationsOf([...both].reverse())).toEqual(tolerationsOf(both));
  });
});

describe("runners", () => {
  it("go to every runner pool, whatever its taints", () => {
    expect(runners(CPU, { ...GPU, additionalTaints: TEAM_TAINT })).toEqual({
      nodeSelector: { role: "runner" },
      tolerations: [
        equal("dedicated", "runner"),
        equal("team", "a", "NoExecute"),
        { key: "nvidia.com/gpu", operator: "Exists" },
      ],
    });
  });
  it("find nodes of other making where there is no pool", () => {
    expect(runnerScheduling(stack(), [])).toEqual({
      nodeSelector: { role: "runner" },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
    });
  });
  it("go to another role where all pools have it, and to no two", () => {
    const other = { additionalLabels: { role: "worker" } };
    expect(runners({ ...CPU, ...other }, { ...GPU, ...other }).nodeSelector).toEqual({ role: "worker" });
    const error = errorOf(() => runners({ ...CPU, ...other }, GPU));
    expect(error.name).toBe("InputError");
    expect(error.message).toBe(
      "test: runnerPools: must all have the same label role, which runners are scheduled by, got worker, runner; leave role out of additionalLabels",
    );
  });
});

describe("parts with a group of their own", () => {
  it.each(["scheduler", "module-repository", "prometheus"] as const)("such as %s go there", (role) => {
    const expected = { nodeSelector: { role }, tolerations: [equal("dedicated", role)] };
    expect(dedicatedScheduling(pools(), role)).toEqual(expected);
  });
  it("tolerate its further taints", () => {
    const systemGroups = { prometheus: { taints: TEAM_TAINT } };
    expect(dedicatedScheduling(pools({ systemGroups }), "prometheus").tolerations).toEqual([
      equal("dedicated", "prometheus"),
      equal("team", "a", "NoExecute"),
    ]);
  });
  it("go anywhere where the cluster has no such group", () => {
    const nowhere = { nodeSelector: {}, tolerations: [] };
    expect(dedicatedScheduling(pools({ systemGroups: { scheduler: false } }), "scheduler")).toEqual(nowhere);
    expect(dedicatedScheduling(pools({ autoMode: {} }), "prometheus")).toEqual(nowhere);
  });
});

it("finds nodes by a label whatever value a controller gives it", () => {
  const further = { key: "a", operator: "NotIn" as const, values: ["b"] };
  expect(affinityTo("nvidia.com/gpu.present", further)).toEqual({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "nvidia.com/gpu.present", operator: "Exists" }, further] }],
      },
    },
  });
});
