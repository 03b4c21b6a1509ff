import { TerraformStack, Testing } from "cdktf";
import fc from "fast-check";
import type { NodePool } from "../../../modules/cluster/node-pool";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { nodePools, type PoolSettings } from "../../../modules/kube/pool-scheduling";
import { jsonValue } from "../../support/fuzz";
import { validRunnerPools } from "../cluster/group-arbitraries.fixture";

export const CPU: RunnerPool = { suffix: "cpu", category: "cpu", instanceTypes: ["m5.xlarge"], minSize: 1, maxSize: 4 };
export const GPU: RunnerPool = {
  suffix: "gpu",
  category: "gpu",
  instanceTypes: ["g5.12xlarge"],
  minSize: 0,
  maxSize: 4,
};
export const NEURON: RunnerPool = { ...GPU, suffix: "inf", category: "neuron", instanceTypes: ["inf2.xlarge"] };
export const EFA: RunnerPool = { ...GPU, suffix: "efa", instanceTypes: ["p5.48xlarge"], efa: true, subnetIndex: 0 };

/** Pools of a cluster with these settings. */
export const poolsOf = (settings: PoolSettings = {}): NodePool[] =>
  nodePools(new TerraformStack(Testing.app(), "pools"), settings);
/** The runner pools alone. */
export const runnersOf = (...runnerPools: RunnerPool[]): NodePool[] => poolsOf({ autoMode: {}, runnerPools });

/** Valid pools of a cluster, over every option of a runner pool. */
export const validPools: fc.Arbitrary<NodePool[]> = validRunnerPools.map((pools) => runnersOf(...pools));

/** Valid inputs that all charts share. */
export const validPart = {
  chart: fc.record({ version: fc.constantFrom("1.2.3", "v1.2.3-rc.1") }, { requiredKeys: [] }),
  values: fc.dictionary(fc.string(), jsonValue() as fc.Arbitrary<string>, { maxKeys: 3 }),
  timeoutSeconds: fc.integer({ min: 60, max: 3600 }),
};
/** Ways to break those. */
export const PART_BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ["chart", { chart: "1.2.3" }],
  ["chart.version", { chart: { version: "newest" } }],
  ["chart.repository", { chart: { repository: "http://x" } }],
  ["values", { values: [] }],
  ["timeoutSeconds", { timeoutSeconds: 59 }],
  ["timeoutSeconds", { timeoutSeconds: 3601 }],
  ["dependsOn", { dependsOn: "x" }],
  ["dependsOn[0]", { dependsOn: [{}] }],
  ["nodeSelector", { nodeSelector: {} }],
];
/** Ways to break `pools`. */
export const POOLS_BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ["pools", { pools: undefined }],
  ["pools", { pools: {} }],
  ["pools[0]", { pools: [GPU] }],
  ["pools[0]", { pools: ["gpu"] }],
];
