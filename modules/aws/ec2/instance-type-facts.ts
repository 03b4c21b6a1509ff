/**
 * Facts about EC2 instance types, which a synth cannot look up.
 *
 * Source: EC2 DescribeInstanceTypes (GpuInfo, NeuronInfo, NetworkInfo.EfaInfo, InstanceStorageInfo) as recorded in
 * Karpenter's reference of instance types, v1.14.0 of 2026-07-11, and in moto 5.2.1; where both know a type they agree.
 * p3 is no longer listed there: EC2 user guide, "Previous generation instances".
 * Left out for lack of a source, so a pool must give the numbers itself: g3, p2, f1, p6e-gb200, trn2u, and
 * g6f and gr6f, whose fractional GPU the driver of the EKS image does not support.
 */

/** Devices of a size, with the number of its EFA interfaces, if any. */
type Size = number | readonly [devices: number, efaInterfaces: number];

export interface Family {
  readonly device: "nvidia" | "neuron" | "other";
  readonly architecture: "x86_64" | "arm64";
  /** Local NVMe disks. */
  readonly instanceStore: boolean;
  /** NeuronCores of one device. */
  readonly coresPerDevice?: number;
  /** Network card of the first EFA interface; 0 unless card 0 serves IP only. */
  readonly firstEfaCard?: number;
  readonly sizes: Readonly<Record<string, Size>>;
}

const x86 = { architecture: "x86_64", instanceStore: true } as const;
const nvidia = { ...x86, device: "nvidia" } as const;
const neuron = { ...x86, device: "neuron" } as const;
const other = { ...x86, device: "other" } as const;

/** Families with accelerators. Devices of the kind `other` (AMD, Gaudi, FPGA, media) are not counted. */
export const ACCELERATED: Readonly<Record<string, Family>> = {
  dl1: { ...other, sizes: { "24xlarge": [0, 4] } },
  dl2q: { ...other, instanceStore: false, sizes: { "24xlarge": [0, 1] } },
  f2: { ...other, sizes: { "6xlarge": 0, "12xlarge": 0, "48xlarge": [0, 1] } },
  g4ad: { ...other, sizes: { xlarge: 0, "2xlarge": 0, "4xlarge": 0, "8xlarge": 0, "16xlarge": 0 } },
  vt1: { ...other, instanceStore: false, sizes: { "3xlarge": 0, "6xlarge": 0, "24xlarge": [0, 1] } },
  g4dn: {
    ...nvidia,
    sizes: {
      xlarge: 1,
      "2xlarge": 1,
      "4xlarge": 1,
      "8xlarge": [1, 1],
      "12xlarge": [4, 1],
      "16xlarge": [1, 1],
      metal: [8, 1],
    },
  },
  g5: {
    ...nvidia,
    sizes: {
      xlarge: 1,
      "2xlarge": 1,
      "4xlarge": 1,
      "8xlarge": [1, 1],
      "12xlarge": [4, 1],
      "16xlarge": [1, 1],
      "24xlarge": [4, 1],
      "48xlarge": [8, 1],
    },
  },
  g5g: {
    ...nvidia,
    architecture: "arm64",
    instanceStore: false,
    sizes: { xlarge: 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "16xlarge": 2, metal: 2 },
  },
  g6: {
    ...nvidia,
    sizes: {
      xlarge: 1,
      "2xlarge": 1,
      "4xlarge": 1,
      "8xlarge": [1, 1],
      "12xlarge": [4, 1],
      "16xlarge": [1, 1],
      "24xlarge": [4, 1],
      "48xlarge": [8, 1],
    },
  },
  g6e: {
    ...nvidia,
    sizes: {
      xlarge: 1,
      "2xlarge": 1,
      "4xlarge": 1,
      "8xlarge": [1, 1],
      "12xlarge": [4, 1],
      "16xlarge": [1, 1],
      "24xlarge": [4, 2],
      "48xlarge": [8, 4],
    },
  },
  g7: {
    ...nvidia,
    sizes: {
      "2xlarge": 1,
      "4xlarge": 1,
      "8xlarge": [1, 1],
      "12xlarge": [2, 1],
      "24xlarge": [4, 1],
      "48xlarge": [8, 2],
    },
  },
  g7e: {
    ...nvidia,
    sizes: {
      "2xlarge": 1,
      "4xlarge": 1,
      "8xlarge": [1, 1],
      "12xlarge": [2, 1],
      "24xlarge": [4, 2],
      "48xlarge": [8, 4],
    },
  },
  gr6: { ...nvidia, sizes: { "4xlarge": 1, "8xlarge": [1, 1] } },
  p3: { ...nvidia, instanceStore: false, sizes: { "2xlarge": 1, "8xlarge": 4, "16xlarge": 8 } },
  p3dn: { ...nvidia, sizes: { "24xlarge": [8, 1] } },
  p4d: { ...nvidia, sizes: { "24xlarge": [8, 4] } },
  p4de: { ...nvidia, sizes: { "24xlarge": [8, 4] } },
  p5: { ...nvidia, sizes: { "4xlarge": [1, 1], "48xlarge": [8, 32] } },
  p5e: { ...nvidia, sizes: { "48xlarge": [8, 32] } },
  p5en: { ...nvidia, sizes: { "48xlarge": [8, 16] } },
  "p6-b200": { ...nvidia, sizes: { "48xlarge": [8, 8] } },
  "p6-b300": { ...nvidia, firstEfaCard: 1, sizes: { "48xlarge": [8, 16] } }, // 17 cards, of which card 0 has no EFA
  inf1: {
    ...neuron,
    instanceStore: false,
    coresPerDevice: 4,
    sizes: { xlarge: 1, "2xlarge": 1, "6xlarge": 4, "24xlarge": [16, 1] },
  },
  inf2: {
    ...neuron,
    instanceStore: false,
    coresPerDevice: 2,
    sizes: { xlarge: 1, "8xlarge": 1, "24xlarge": 6, "48xlarge": 12 },
  },
  trn1: { ...neuron, coresPerDevice: 2, sizes: { "2xlarge": 1, "32xlarge": [16, 8] } },
  trn1n: { ...neuron, coresPerDevice: 2, sizes: { "32xlarge": [16, 16] } },
  trn2: { ...neuron, sizes: { "3xlarge": [1, 1], "48xlarge": [16, 16] } }, // what counts as a core is set on the node
};

/** EFA interfaces of the CPU families that have any; a size that is not named has none. */
export const CPU_EFA: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  c5n: { "9xlarge": 1, "18xlarge": 1, metal: 1 },
  c6a: { "48xlarge": 1, metal: 1 },
  c6gn: { "16xlarge": 1 },
  c6i: { "32xlarge": 1, metal: 1 },
  c6id: { "32xlarge": 1, metal: 1 },
  c6in: { "32xlarge": 2, metal: 2 },
  c7a: { "48xlarge": 1, "metal-48xl": 1 },
  c7g: { "16xlarge": 1, metal: 1 },
  c7gd: { "16xlarge": 1, metal: 1 },
  c7gn: { "16xlarge": 1, metal: 1 },
  c7i: { "48xlarge": 1, "metal-48xl": 1 },
  c8a: { "48xlarge": 1, "metal-48xl": 1 },
  c8g: { "24xlarge": 1, "48xlarge": 1, "metal-24xl": 1, "metal-48xl": 1 },
  c8gb: { "16xlarge": 1, "24xlarge": 1, "48xlarge": 2, "metal-24xl": 1, "metal-48xl": 2 },
  c8gd: { "24xlarge": 1, "48xlarge": 1, "metal-24xl": 1, "metal-48xl": 1 },
  c8gn: { "16xlarge": 1, "24xlarge": 1, "48xlarge": 2, "metal-24xl": 1, "metal-48xl": 2 },
  c8i: { "48xlarge": 1, "96xlarge": 1, "metal-48xl": 1, "metal-96xl": 1 },
  c8ib: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  c8id: { "48xlarge": 1, "96xlarge": 1, "metal-48xl": 1, "metal-96xl": 1 },
  c8in: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  c9g: { "48xlarge": 1, "metal-48xl": 1 },
  c9gd: { "48xlarge": 1, "metal-48xl": 1 },
  hpc6a: { "48xlarge": 1 },
  hpc6id: { "32xlarge": 2 },
  hpc7a: { "12xlarge": 2, "24xlarge": 2, "48xlarge": 2, "96xlarge": 2 },
  hpc7g: { "4xlarge": 1, "8xlarge": 1, "16xlarge": 1 },
  hpc8a: { "96xlarge": 2 },
  i3en: { "12xlarge": 1, "24xlarge": 1, metal: 1 },
  i4g: { "16xlarge": 1 },
  i4i: { "32xlarge": 1, metal: 1 },
  i7i: { "24xlarge": 1, "48xlarge": 1, "metal-48xl": 1 },
  i7ie: { "48xlarge": 1, "metal-48xl": 1 },
  i8g: { "48xlarge": 1, "metal-48xl": 1 },
  i8ge: { "48xlarge": 1, "metal-48xl": 1 },
  im4gn: { "16xlarge": 1 },
  m5dn: { "24xlarge": 1, metal: 1 },
  m5n: { "24xlarge": 1, metal: 1 },
  m5zn: { "12xlarge": 1, metal: 1 },
  m6a: { "48xlarge": 1, metal: 1 },
  m6i: { "32xlarge": 1, metal: 1 },
  m6id: { "32xlarge": 1, metal: 1 },
  m6idn: { "32xlarge": 2, metal: 2 },
  m6in: { "32xlarge": 2, metal: 2 },
  m7a: { "48xlarge": 1, "metal-48xl": 1 },
  m7g: { "16xlarge": 1, metal: 1 },
  m7gd: { "16xlarge": 1, metal: 1 },
  m7i: { "48xlarge": 1, "metal-48xl": 1 },
  m8a: { "48xlarge": 1, "metal-48xl": 1 },
  m8azn: { "24xlarge": 1, "metal-24xl": 1 },
  m8g: { "24xlarge": 1, "48xlarge": 1, "metal-24xl": 1, "metal-48xl": 1 },
  m8gb: { "16xlarge": 1, "24xlarge": 1, "48xlarge": 2, "metal-24xl": 1, "metal-48xl": 2 },
  m8gd: { "24xlarge": 1, "48xlarge": 1, "metal-24xl": 1, "metal-48xl": 1 },
  m8gn: { "16xlarge": 1, "24xlarge": 1, "48xlarge": 2, "metal-24xl": 1, "metal-48xl": 2 },
  m8i: { "48xlarge": 1, "96xlarge": 1, "metal-48xl": 1, "metal-96xl": 1 },
  m8ib: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  m8id: { "48xlarge": 1, "96xlarge": 1, "metal-48xl": 1, "metal-96xl": 1 },
  m8idb: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  m8idn: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  m8in: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  m9g: { "48xlarge": 1, "metal-48xl": 1 },
  m9gd: { "48xlarge": 1, "metal-48xl": 1 },
  r5dn: { "24xlarge": 1, metal: 1 },
  r5n: { "24xlarge": 1, metal: 1 },
  r6a: { "48xlarge": 1, metal: 1 },
  r6i: { "32xlarge": 1, metal: 1 },
  r6id: { "32xlarge": 1, metal: 1 },
  r6idn: { "32xlarge": 2, metal: 2 },
  r6in: { "32xlarge": 2, metal: 2 },
  r7a: { "48xlarge": 1, "metal-48xl": 1 },
  r7g: { "16xlarge": 1, metal: 1 },
  r7gd: { "16xlarge": 1, metal: 1 },
  r7i: { "48xlarge": 1, "metal-48xl": 1 },
  r7iz: { "32xlarge": 1, "metal-32xl": 1 },
  r8a: { "48xlarge": 1, "metal-48xl": 1 },
  r8g: { "24xlarge": 1, "48xlarge": 1, "metal-24xl": 1, "metal-48xl": 1 },
  r8gb: { "16xlarge": 1, "24xlarge": 1, "48xlarge": 2, "metal-24xl": 1, "metal-48xl": 2 },
  r8gd: { "24xlarge": 1, "48xlarge": 1, "metal-24xl": 1, "metal-48xl": 1 },
  r8gn: { "16xlarge": 1, "24xlarge": 1, "48xlarge": 2, "metal-24xl": 1, "metal-48xl": 2 },
  r8i: { "48xlarge": 1, "96xlarge": 1, "metal-48xl": 1, "metal-96xl": 1 },
  r8ib: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  r8id: { "48xlarge": 1, "96xlarge": 1, "metal-48xl": 1, "metal-96xl": 1 },
  r8idb: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  r8idn: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  r8in: { "48xlarge": 1, "96xlarge": 2, "metal-48xl": 1, "metal-96xl": 2 },
  "u7i-12tb": { "224xlarge": 1 },
  "u7i-6tb": { "112xlarge": 1 },
  "u7i-8tb": { "112xlarge": 1 },
  "u7in-16tb": { "224xlarge": 2 },
  "u7in-24tb": { "224xlarge": 2 },
  "u7in-32tb": { "224xlarge": 2 },
  x2idn: { "32xlarge": 1, metal: 1 },
  x2iedn: { "32xlarge": 1, metal: 1 },
  x2iezn: { "12xlarge": 1, metal: 1 },
  x8aedz: { "24xlarge": 1, "metal-24xl": 1 },
  x8g: { "24xlarge": 1, "48xlarge": 1, "metal-24xl": 1, "metal-48xl": 1 },
  x8i: { "48xlarge": 1, "64xlarge": 1, "96xlarge": 1, "metal-48xl": 1, "metal-96xl": 1 },
};
