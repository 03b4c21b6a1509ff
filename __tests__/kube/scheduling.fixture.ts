import type { NodePool } from "../../modules/cluster/node-pool";
import { dedicatedScheduling } from "../../modules/kube/pool-scheduling";
import { CPU, EFA, GPU, NEURON, poolsOf } from "../modules/kube/pools.fixture";
import type { Json } from "../support/synth";

/** One pool of every kind that a cluster can have. */
export const POOLS: readonly NodePool[] = poolsOf({
  runnerPools: [
    CPU,
    { ...CPU, suffix: "evicting", additionalTaints: [{ key: "team", value: "a", effect: "NO_EXECUTE" }] },
    GPU,
    { ...GPU, suffix: "bottlerocket", instanceTypes: ["g5.xlarge"], imageFamily: "bottlerocket" },
    { ...GPU, suffix: "shared", instanceTypes: ["g5.xlarge"], gpuSharing: { timeSlicing: 4 } },
    { ...GPU, suffix: "mps", instanceTypes: ["g5.xlarge"], gpuSharing: { mps: 3 } },
    { ...GPU, suffix: "mig", instanceTypes: ["p5.48xlarge"], gpuSharing: { mig: "1g.10gb" } },
    EFA,
    NEURON,
  ],
  additionalNodeGroups: {
    extra: { instanceTypes: ["m5.xlarge"], minSize: 0, maxSize: 2 },
    "extra-gpu": { instanceTypes: ["g5.xlarge"], minSize: 0, maxSize: 2 },
    "extra-inf": { instanceTypes: ["inf2.xlarge"], minSize: 0, maxSize: 2 },
    batch: {
      instanceTypes: ["m5.xlarge"],
      minSize: 0,
      maxSize: 2,
      labels: { "example.com/batch": "yes" },
      taints: [{ key: "example.com/batch", effect: "NO_SCHEDULE" }],
    },
  },
});

const tolerating = (...keys: string[]): Json[] => keys.map((key) => ({ key, operator: "Exists" }));
const asking = (limits: Record<string, string | number>): Json => ({
  resources: { limits: Object.fromEntries(Object.entries(limits).map(([name, amount]) => [name, String(amount)])) },
});
const RUNNER = tolerating("dedicated");

interface PodKind {
  /** The pod's spec, of which its only container is apart. */
  readonly spec?: Json;
  readonly container?: Json;
}

/** Pods as people and controllers write them. */
export const POD_KINDS: Readonly<Record<string, PodKind>> = {
  plain: {},
  "of ExaDeploy's scheduler": { spec: dedicatedScheduling(POOLS, "scheduler") },
  "of ExaDeploy's module repository": { spec: dedicatedScheduling(POOLS, "module-repository") },
  "of Prometheus": { spec: dedicatedScheduling(POOLS, "prometheus") },
  "of a batch group": {
    spec: { nodeSelector: { "example.com/batch": "yes" }, tolerations: tolerating("example.com/batch") },
  },
  "a runner": { spec: { nodeSelector: { role: "runner" }, tolerations: RUNNER } },
  // EKS adds the toleration of the taint that is called as the resource; that of the runner pools is the pod's own
  "a GPU, no toleration": { container: asking({ "nvidia.com/gpu": 1 }) },
  "a GPU": { spec: { tolerations: RUNNER }, container: asking({ "nvidia.com/gpu": 1 }) },
  "four GPUs": { spec: { tolerations: RUNNER }, container: asking({ "nvidia.com/gpu": 4 }) },
  "a share of four": {
    spec: { tolerations: RUNNER, nodeSelector: { "nvidia.com/device-plugin.config": "time-slicing-4" } },
    container: asking({ "nvidia.com/gpu": 1 }),
  },
  "a MIG instance": {
    spec: { tolerations: RUNNER, nodeSelector: { "nvidia.com/mig.config": "all-1g.10gb" } },
    container: asking({ "nvidia.com/gpu": 1 }),
  },
  "GPUs with EFA": {
    spec: { tolerations: RUNNER },
    container: asking({ "nvidia.com/gpu": 8, "vpc.amazonaws.com/efa": 32 }),
  },
  "a Neuron device": {
    spec: { tolerations: RUNNER },
    container: asking({ "aws.amazon.com/neuron": 1 }),
  },
  "a NeuronCore": {
    spec: { tolerations: tolerating("dedicated", "aws.amazon.com/neuron") },
    container: asking({ "aws.amazon.com/neuroncore": 1 }),
  },
  "a NeuronCore, no toleration": {
    spec: { tolerations: RUNNER },
    container: asking({ "aws.amazon.com/neuroncore": 1 }),
  },
  "more CPUs than a node": { spec: { tolerations: [{ operator: "Exists" }] }, container: asking({ cpu: 200 }) },
};
