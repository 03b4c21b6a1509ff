import fc from "fast-check";
import { Karpenter, type KarpenterProps } from "../../../modules/kube/karpenter";
import { karpenterName } from "../../../modules/kube/karpenter-nodes";
import { karpenterFaults } from "../../../modules/kube/karpenter-options";
import { fuzz, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";
import { validRunnerPools } from "../cluster/group-arbitraries.fixture";
import { PART_BREAKS, POOLS_BREAKS, runnersOf, validPart } from "./pools.fixture";

const SUBNETS = ["subnet-0000000000000000a", "subnet-0000000000000000b"];
const pools = validRunnerPools
  .map((all) => runnersOf(...all.map((pool) => ({ ...pool, minSize: 0 }))))
  .map((all) => all.filter((pool) => karpenterFaults(pool, SUBNETS).length === 0))
  .filter((all) => new Set(all.map(karpenterName)).size === all.length);
const valid: fc.Arbitrary<KarpenterProps> = fc.record(
  {
    cluster: fc.constant({ clusterName: "ml", clusterEndpoint: "https://x", nodeSecurityGroupId: "sg-0a" }),
    pools,
    subnetIds: fc.constant(SUBNETS),
    vpcId: fc.constant("vpc-0a1b2c3d"),
    namespace: fc.constantFrom("kube-system", "karpenter"),
    replicas: fc.integer({ min: 1, max: 3 }),
    consolidation: fc.constantFrom("WhenEmpty" as const, "WhenEmptyOrUnderutilized" as const),
    consolidateAfterMinutes: fc.integer({ min: 0, max: 1440 }),
    expireAfterHours: fc.oneof(fc.constant("Never" as const), fc.integer({ min: 1, max: 8760 })),
    sessionManager: fc.boolean(),
    instanceTags: fc.constantFrom({}, { team: "a" }) as fc.Arbitrary<Record<string, string>>,
    ...validPart,
  },
  { requiredKeys: ["cluster", "pools", "subnetIds", "vpcId"] },
);
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...PART_BREAKS,
  ...POOLS_BREAKS,
  ...[undefined, "ml", {}, { clusterName: "ml" }].map((cluster) => ["cluster", { cluster }] as const),
  ...[[], "x", {}].map((subnetIds) => ["subnetIds", { subnetIds }] as const),
  ["subnetIds[0]", { subnetIds: ["x"] }],
  ...["", "A", 7].map((namespace) => ["namespace", { namespace }] as const),
  ...[0, 4, "1"].map((replicas) => ["replicas", { replicas }] as const),
  ...["Never", "", null].map((consolidation) => ["consolidation", { consolidation }] as const),
  ...[-1, 1441, "5m"].map(
    (consolidateAfterMinutes) => ["consolidateAfterMinutes", { consolidateAfterMinutes }] as const,
  ),
  ...[0, 8761, 1.5, "never"].map((expireAfterHours) => ["expireAfterHours", { expireAfterHours }] as const),
  ["sessionManager", { sessionManager: 1 }],
  ["instanceTags.a", { instanceTags: { a: 1 } }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<KarpenterProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/karpenter",
  { valid, invalid },
  inCluster((scope, props: KarpenterProps) => new Karpenter(scope, "karpenter", props)),
  0.5,
);
