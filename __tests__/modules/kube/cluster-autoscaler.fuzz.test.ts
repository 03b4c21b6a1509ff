import fc from "fast-check";
import { ClusterAutoscaler, type ClusterAutoscalerProps } from "../../../modules/kube/cluster-autoscaler";
import { fuzz, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";
import { PART_BREAKS, validPart } from "./pools.fixture";

const minutes = fc.integer({ min: 1, max: 120 });
const valid: fc.Arbitrary<ClusterAutoscalerProps> = fc
  .tuple(
    fc.record(
      {
        cluster: fc.record({
          clusterName: fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/),
          clusterVersion: fc.constantFrom("1.30", "1.35", "1.77"),
        }),
        namespace: fc.constantFrom("kube-system", "scaling"),
        balanceSimilarGroups: fc.boolean(),
        scaleDownThreshold: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        scaleDownAfterMinutes: minutes,
        nodeProvisionMinutes: minutes,
        replicas: fc.integer({ min: 1, max: 3 }),
        ...validPart,
      },
      { requiredKeys: ["cluster"] },
    ),
    fc.oneof(
      fc.record({
        expander: fc.constantFrom("least-waste" as const, "most-pods" as const, "random" as const, undefined),
      }),
      fc.record({
        expander: fc.constant("priority" as const),
        priorities: fc.dictionary(
          fc.integer({ min: 1, max: 1000 }).map(String),
          fc.array(fc.constantFrom(".*", "runner-.*", "a"), { minLength: 1 }),
          { minKeys: 1 },
        ),
      }),
    ),
  )
  .map(([settings, order]) => ({ ...settings, ...order }));
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...PART_BREAKS,
  ...[undefined, "ml", {}, { clusterName: "ml" }].map((cluster) => ["cluster", { cluster }] as const),
  ...["", "A", 7, null].map((namespace) => ["namespace", { namespace }] as const),
  ...["price", "", 1].map((expander) => ["expander", { expander }] as const),
  ["priorities", { expander: "priority", priorities: undefined }],
  ["priorities", { expander: "random", priorities: { 1: ["x"] } }],
  ["priorities.-1", { expander: "priority", priorities: { "-1": ["x"] } }],
  ["priorities[1][0]", { expander: "priority", priorities: { 1: ["["] } }],
  ...[0, 1, "0.5", Number.NaN].map((scaleDownThreshold) => ["scaleDownThreshold", { scaleDownThreshold }] as const),
  ...[0, 121, 1.5, "10m"].map((scaleDownAfterMinutes) => ["scaleDownAfterMinutes", { scaleDownAfterMinutes }] as const),
  ...[0, 121, 1.5].map((nodeProvisionMinutes) => ["nodeProvisionMinutes", { nodeProvisionMinutes }] as const),
  ...[0, 4, 1.5].map((replicas) => ["replicas", { replicas }] as const),
  ["balanceSimilarGroups", { balanceSimilarGroups: "no" }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<ClusterAutoscalerProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/autoscaler",
  { valid, invalid },
  inCluster((scope, props: ClusterAutoscalerProps) => new ClusterAutoscaler(scope, "autoscaler", props)),
  0.4,
);
