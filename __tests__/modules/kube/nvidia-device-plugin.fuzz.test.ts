import fc from "fast-check";
import { NvidiaDevicePlugin, type NvidiaDevicePluginProps } from "../../../modules/kube/nvidia-device-plugin";
import { fuzz, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";
import { PART_BREAKS, POOLS_BREAKS, validPart, validPools } from "./pools.fixture";

const valid: fc.Arbitrary<NvidiaDevicePluginProps> = fc.record(
  {
    pools: validPools,
    namespace: fc.constantFrom("kube-system", "gpu", undefined),
    gfd: fc.constantFrom(true, undefined),
    migByImage: fc.constant(true),
    configs: fc.dictionary(
      fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?$/),
      fc.constant({ version: "v1" }),
    ),
    ...validPart,
  },
  { requiredKeys: ["pools", "migByImage"] },
);
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...PART_BREAKS,
  ...POOLS_BREAKS,
  ...["", "A", "a b", 7, null].map((namespace) => ["namespace", { namespace }] as const),
  ...["true", 1, null].map((gfd) => ["gfd", { gfd }] as const),
  ["migByImage", { migByImage: "x" }],
  ["configs.-", { configs: { "-": {} } }],
  ["configs.a", { configs: { a: 1 } }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<NvidiaDevicePluginProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/plugin",
  { valid, invalid },
  inCluster((scope, props: NvidiaDevicePluginProps) => new NvidiaDevicePlugin(scope, "plugin", props)),
  0.4,
);
