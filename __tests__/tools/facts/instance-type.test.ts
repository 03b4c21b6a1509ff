import { expect, it } from "vitest";
import { factsOf } from "../../../tools/facts/instance-type";
import { described } from "./facts.fixture";

const plain = { architecture: "x86_64", vcpus: 4, memoryMib: 16384, interfaces: 4, addresses: 15 };
const network = (more: object) => ({ NetworkInfo: { ...described().NetworkInfo, ...more } });

it("leaves out what a type has not", () => {
  expect(factsOf(described())).toEqual(plain);
});
it.each([
  ["Graviton", { ProcessorInfo: { SupportedArchitectures: ["arm64"] } }, { architecture: "arm64" }],
  ["a type of both", { ProcessorInfo: { SupportedArchitectures: ["i386", "x86_64"] } }, {}],
  [
    "NVIDIA GPUs",
    {
      GpuInfo: {
        Gpus: [
          { Count: 8, GpuPartitionSize: 1, Manufacturer: "NVIDIA", Name: "H100", MemoryInfo: { SizeInMiB: 81920 } },
        ],
      },
    },
    { gpus: 8, gpu: "H100", gpuMemoryMib: 81920 },
  ],
  [
    "an eighth of a GPU",
    {
      GpuInfo: {
        Gpus: [
          { Count: 0, GpuPartitionSize: 0.125, Manufacturer: "NVIDIA", Name: "L4", MemoryInfo: { SizeInMiB: 2861 } },
        ],
      },
    },
    { gpus: 0.125, gpu: "L4", gpuMemoryMib: 2861 },
  ],
  [
    "AMD GPUs",
    { GpuInfo: { Gpus: [{ Count: 2, Manufacturer: "AMD", MemoryInfo: { SizeInMiB: 8192 } }] } },
    { otherAccelerators: 2 },
  ],
  [
    "Neuron devices, which are listed as inference accelerators too",
    {
      NeuronInfo: { NeuronDevices: [{ Count: 16, CoreInfo: { Count: 4 } }] },
      InferenceAcceleratorInfo: { Accelerators: [{ Count: 16 }] },
    },
    { neuronDevices: 16, neuronCores: 64 },
  ],
  [
    "other inference accelerators",
    { InferenceAcceleratorInfo: { Accelerators: [{ Count: 8 }] } },
    { otherAccelerators: 8 },
  ],
  ["FPGAs", { FpgaInfo: { Fpgas: [{ Count: 1 }] } }, { otherAccelerators: 1 }],
  [
    "EFA",
    network({
      EfaInfo: { MaximumEfaInterfaces: 1 },
      NetworkCards: [{ MaximumNetworkInterfaces: 4, InterfaceTypes: ["interface", "efa"] }],
    }),
    { efaInterfaces: 1 },
  ],
  [
    "EFA from the second of several cards",
    network({
      EfaInfo: { MaximumEfaInterfaces: 16 },
      MaximumNetworkCards: 17,
      NetworkCards: [
        { MaximumNetworkInterfaces: 4, InterfaceTypes: ["interface"] },
        { MaximumNetworkInterfaces: 2, InterfaceTypes: ["interface", "efa"] },
      ],
    }),
    { efaInterfaces: 16, networkCards: 17, firstEfaCard: 1 },
  ],
  [
    "the interfaces of the default card, not of all",
    network({
      MaximumNetworkCards: 2,
      MaximumNetworkInterfaces: 9,
      DefaultNetworkCardIndex: 1,
      NetworkCards: [{ MaximumNetworkInterfaces: 2 }, { MaximumNetworkInterfaces: 7 }],
    }),
    { networkCards: 2, interfaces: 7 },
  ],
  ["NVMe disks", { InstanceStorageInfo: { NvmeSupport: "required", TotalSizeInGB: 75 } }, { nvmeGb: 75 }],
  ["old disks", { InstanceStorageInfo: { NvmeSupport: "unsupported", TotalSizeInGB: 6144 } }, { localGb: 6144 }],
  ["bare metal", { BareMetal: true }, { bareMetal: true }],
])("tells %s", (_, more, facts) => {
  expect(factsOf(described(more))).toEqual({ ...plain, ...facts });
});
it("does not know Macs", () => {
  expect(factsOf(described({ ProcessorInfo: { SupportedArchitectures: ["arm64_mac"] } }))).toBeUndefined();
});
