import fc from "fast-check";
import { WorkloadOperator, type WorkloadOperatorProps } from "../../../modules/kube/workload-operator";
import { fuzz, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";
import { PART_BREAKS, validPart } from "./pools.fixture";

const shared = {
  namespace: fc.constantFrom("kube-system", "x", undefined),
  createNamespace: fc.boolean(),
  ...validPart,
};
const valid: fc.Arbitrary<WorkloadOperatorProps> = fc.oneof(
  fc.record(
    {
      operator: fc.constantFrom("metrics-server", "keda", "kuberay-operator", "leader-worker-set", "kueue"),
      replicas: fc.integer({ min: 1, max: 3 }),
      ...shared,
    },
    { requiredKeys: ["operator"] },
  ),
  fc.record({ operator: fc.constant("volcano"), ...shared }, { requiredKeys: ["operator"] }),
) as fc.Arbitrary<WorkloadOperatorProps>;
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...PART_BREAKS,
  ...[undefined, "", "lws", 7, null].map((operator) => ["operator", { operator }] as const),
  ...["", "A", "a b", 7, null].map((namespace) => ["namespace", { namespace }] as const),
  ...[0, 4, 1.5, "1"].map((replicas) => ["replicas", { replicas }] as const),
  ["replicas", { operator: "volcano", replicas: 3 }],
  ["createNamespace", { createNamespace: 1 }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<WorkloadOperatorProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/operator",
  { valid, invalid },
  inCluster((scope, props: WorkloadOperatorProps) => new WorkloadOperator(scope, "operator", props)),
  0.4,
);
