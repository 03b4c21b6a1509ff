import fc from "fast-check";
import { NeuronDevicePlugin, type NeuronDevicePluginProps } from "../../../modules/kube/neuron-device-plugin";
import { fuzz, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";
import { PART_BREAKS, POOLS_BREAKS, validPart, validPools } from "./pools.fixture";

const valid: fc.Arbitrary<NeuronDevicePluginProps> = fc.record(
  {
    pools: validPools,
    scheduler: fc.boolean(),
    problemDetector: fc.boolean(),
    ...validPart,
  },
  { requiredKeys: ["pools"] },
);
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...PART_BREAKS,
  ...POOLS_BREAKS,
  ["scheduler", { scheduler: 1 }],
  ["problemDetector", { problemDetector: "x" }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<NeuronDevicePluginProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/neuron",
  { valid, invalid },
  inCluster((scope, props: NeuronDevicePluginProps) => new NeuronDevicePlugin(scope, "neuron", props)),
  0.4,
);
