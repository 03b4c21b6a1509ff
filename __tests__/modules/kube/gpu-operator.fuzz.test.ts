import fc from "fast-check";
import { GpuOperator, type GpuOperatorProps } from "../../../modules/kube/gpu-operator";
import { fuzz, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";
import { PART_BREAKS, POOLS_BREAKS, validPart, validPools } from "./pools.fixture";

const valid: fc.Arbitrary<GpuOperatorProps> = fc.record(
  {
    pools: validPools,
    namespace: fc.constantFrom("kube-system", "gpu", undefined),
    configs: fc.dictionary(
      fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?$/),
      fc.constant({ version: "v1" }),
    ),
    createNamespace: fc.boolean(),
    ...validPart,
  },
  { requiredKeys: ["pools"] },
);
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...PART_BREAKS,
  ...POOLS_BREAKS,
  ...["", "A", "a b", 7, null].map((namespace) => ["namespace", { namespace }] as const),
  ["configs.-", { configs: { "-": {} } }],
  ["configs.a", { configs: { a: 1 } }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<GpuOperatorProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/operator",
  { valid, invalid },
  inCluster((scope, props: GpuOperatorProps) => new GpuOperator(scope, "operator", props)),
  0.4,
);
