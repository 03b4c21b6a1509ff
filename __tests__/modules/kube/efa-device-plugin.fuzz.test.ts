import fc from "fast-check";
import { EfaDevicePlugin, type EfaDevicePluginProps } from "../../../modules/kube/efa-device-plugin";
import { fuzz, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";
import { PART_BREAKS, POOLS_BREAKS, validPart, validPools } from "./pools.fixture";

const valid: fc.Arbitrary<EfaDevicePluginProps> = fc.record(
  {
    pools: validPools,
    namespace: fc.constantFrom("kube-system", "efa", undefined),
    ...validPart,
  },
  { requiredKeys: ["pools"] },
);
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...PART_BREAKS,
  ...POOLS_BREAKS,
  ...["", "A", "a b", 7, null].map((namespace) => ["namespace", { namespace }] as const),
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<EfaDevicePluginProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/efa",
  { valid, invalid },
  inCluster((scope, props: EfaDevicePluginProps) => new EfaDevicePlugin(scope, "efa", props)),
  0.4,
);
