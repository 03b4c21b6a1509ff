import fc from "fast-check";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import type { Settings } from "./node-group.fixture";

/** Instance types that may stand in one group, and what they allow. */
interface Kind {
  category: RunnerPool["category"];
  types: string[];
  given?: Partial<Settings>;
  /** Instance types with EFA, if any, and what must be said of them. */
  efa?: string[];
  efaGiven?: Partial<Settings>;
  raid0?: string[];
  raid0Given?: Partial<Settings>;
  bottlerocket: boolean;
}

const KINDS: Kind[] = [
  {
    category: "cpu",
    types: ["m5.xlarge", "m6i.large", "c7i.4xlarge", "t3.medium"],
    efa: ["c5n.18xlarge", "hpc6a.48xlarge"],
    raid0: ["m5d.large", "i4i.xlarge"],
    bottlerocket: true,
  },
  { category: "cpu", types: ["m7g.large", "c8g.2xlarge", "a1.large"], efa: ["c7gn.16xlarge"], bottlerocket: true },
  {
    category: "gpu",
    types: ["g4dn.xlarge", "g5.12xlarge", "g6.4xlarge", "g6e.xlarge", "p3.2xlarge"],
    efa: ["p5.48xlarge"],
    raid0: ["g5.xlarge", "p4d.24xlarge"],
    bottlerocket: true,
  },
  { category: "gpu", types: ["g5g.xlarge", "g5g.metal"], bottlerocket: true },
  {
    category: "gpu",
    types: ["g99.xlarge", "p77-x1.metal-48xl"],
    given: { architecture: "x86_64", gpuCount: 3 },
    efa: ["g99.48xlarge"],
    efaGiven: { efaNetworkCards: 5 },
    raid0: ["g99.xlarge"],
    raid0Given: { localDiskGb: 600 },
    bottlerocket: true,
  },
  { category: "neuron", types: ["inf2.xlarge", "inf2.48xlarge", "inf1.2xlarge"], bottlerocket: false },
  { category: "inferentia", types: ["inf1.xlarge"], bottlerocket: false },
  {
    category: "neuron",
    types: ["trn99.48xlarge"],
    given: { architecture: "x86_64", neuronDeviceCount: 16 },
    bottlerocket: false,
  },
  {
    category: "neuron",
    types: ["trn1.2xlarge"],
    efa: ["trn1.32xlarge"],
    raid0: ["trn2.48xlarge"],
    bottlerocket: false,
  },
];

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const hex = fc.stringMatching(/^[0-9a-f]{17}$/);
const subnetId = hex.map((id) => `subnet-${id}`);
const word = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?$/);
const labelKey = fc.oneof(
  word,
  fc.tuple(fc.constantFrom("example.com", "a", "x-1.k8s.example"), word).map(([prefix, name]) => `${prefix}/${name}`),
);
const labels = fc.dictionary(labelKey, word, { maxKeys: 6, noNullPrototype: true });
const taints = fc.uniqueArray(
  fc.record({
    key: labelKey.filter((key) => key !== "dedicated"),
    value: fc.oneof(fc.constant(""), fc.constant(undefined), word),
    effect: fc.constantFrom("NO_SCHEDULE" as const, "NO_EXECUTE" as const, "PREFER_NO_SCHEDULE" as const),
  }),
  { maxLength: 5, selector: ({ key, effect }) => `${key} ${effect}` },
);
const nodeRepair = fc.oneof(
  fc.boolean(),
  fc.record(
    {
      maxUnhealthyNodeThresholdCount: fc.integer({ min: 1, max: 99 }),
      maxParallelNodesRepairedPercentage: fc.integer({ min: 1, max: 100 }),
    },
    { requiredKeys: [] },
  ),
);
const volume = fc.integer({ min: 20, max: 16384 }).chain((diskSize) =>
  optional(fc.integer({ min: 3000, max: Math.min(80000, Math.max(3000, 500 * diskSize)) })).chain((diskIops) =>
    fc.record({
      diskSize: fc.constant(diskSize),
      diskIops: fc.constant(diskIops),
      diskThroughput: optional(fc.integer({ min: 125, max: Math.min(2000, Math.floor((diskIops ?? 3000) / 4)) })),
      diskKmsKeyArn: optional(fc.constant("arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c")),
    }),
  ),
);

/** How the nodes are bought and where they stand, as far as it is legal together. */
const capacity = fc.oneof(
  fc.record({ capacityType: fc.constantFrom("ON_DEMAND" as const, "SPOT" as const, undefined) }),
  fc.record({ capacityReservationId: hex.map((id) => `cr-${id}`) }),
  fc.record({
    capacityType: fc.constant("CAPACITY_BLOCK" as const),
    capacityReservationResourceGroupArn: fc.constant("arn:aws:resource-groups:us-east-1:123456789012:group/blocks"),
  }),
);
const place = fc.constantFrom(
  {},
  { placementGroup: true },
  { placementGroup: false },
  { placementGroupName: "reserved" },
);

/** Settings that a runner pool and a plain group share. */
const shared = (kind: Kind): fc.Arbitrary<Settings> =>
  fc
    .record({
      types: fc.uniqueArray(fc.constantFrom(...kind.types), { minLength: 1 }),
      efaType: fc.constantFrom(...(kind.efa ?? [""])),
      raid0Types: fc.uniqueArray(fc.constantFrom(...(kind.raid0 ?? [""])), { minLength: 1 }),
      features: fc.record({ efa: fc.boolean(), raid0: fc.boolean(), sharing: fc.boolean(), mps: fc.boolean() }),
      bottlerocket: fc.boolean(),
      minSize: fc.integer({ min: 0, max: 40 }),
      more: fc.integer({ min: 0, max: 4960 }),
      volume,
      capacity,
      place,
      one: fc.oneof(fc.record({ subnetIds: fc.tuple(subnetId) }), fc.record({ subnetIndex: fc.constantFrom(0, 1) })),
      many: optional(fc.uniqueArray(subnetId, { minLength: 1, maxLength: 4 })),
      rest: fc.record(
        {
          metadataHopLimit: fc.constantFrom(1 as const, 2 as const),
          detailedMonitoring: fc.boolean(),
          perSubnet: fc.constant(false), // a single group refuses true, which agreement.fuzz draws for clusters
          releaseVersion: fc.constantFrom("1.35.1-20251112", "1.35.2-20251212"),
          nodeRepair,
        },
        { requiredKeys: [] },
      ),
    })
    .map((choice) => {
      const efa = choice.features.efa && kind.efa !== undefined;
      const raid0 = choice.features.raid0 && kind.raid0 !== undefined && !efa;
      const types = efa ? [choice.efaType] : raid0 ? choice.raid0Types : choice.types;
      const block = "capacityReservationResourceGroupArn" in choice.capacity;
      const alone = efa || block || "placementGroupName" in choice.place || choice.place.placementGroup === true;
      const bottlerocket = choice.bottlerocket && kind.bottlerocket && !raid0;
      const gpuSharing = choice.features.mps && !bottlerocket ? { mps: 3 } : { timeSlicing: 4 };
      return {
        ...kind.given,
        ...(efa ? { ...kind.efaGiven, efa } : {}),
        ...(raid0 ? { ...kind.raid0Given, localStorage: "raid0" as const } : {}),
        ...(choice.features.sharing && kind.category === "gpu" ? { gpuSharing } : {}),
        instanceTypes: block ? types.slice(0, 1) : types,
        imageFamily: bottlerocket ? "bottlerocket" : undefined,
        minSize: choice.minSize,
        maxSize: Math.max(1, choice.minSize + choice.more),
        ...choice.volume,
        ...choice.capacity,
        ...choice.place,
        ...(alone ? choice.one : { subnetIds: choice.many }),
        ...choice.rest,
      };
    });

/** Valid runner pools, over every option. The suffix is unique enough for a list of a few. */
export const validRunnerPool: fc.Arbitrary<RunnerPool> = fc.constantFrom(...KINDS).chain((kind) =>
  fc
    .tuple(
      shared(kind),
      fc.record({
        suffix: fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?$/),
        category: fc.constant(kind.category),
        acceleratorLabel: fc.constantFrom(undefined, ...(kind.category === "gpu" ? ["a", "nvidia-tesla-t4"] : [])),
        additionalTaints: taints,
        additionalLabels: labels,
      }),
    )
    .map(([settings, own]) => ({ ...settings, ...own })),
);

/** Valid lists of runner pools with unique suffixes. */
export const validRunnerPools: fc.Arbitrary<RunnerPool[]> = fc.uniqueArray(validRunnerPool, {
  maxLength: 2,
  selector: ({ suffix }) => suffix,
});

/** Valid settings of a plain node group, over every option. */
export const validNodeGroup: fc.Arbitrary<Settings> = fc
  .constantFrom(...KINDS)
  .chain((kind) => fc.tuple(shared(kind), fc.record({ labels, taints }, { requiredKeys: [] })))
  .map(([settings, own]) => ({ ...settings, ...own }));
