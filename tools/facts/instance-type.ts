/** What an instance type has, as EC2's DescribeInstanceTypes tells it; what is zero, false or empty is left out. */
export interface InstanceTypeFacts {
  readonly architecture: "x86_64" | "arm64";
  readonly vcpus: number;
  readonly memoryMib: number;
  /** NVIDIA GPUs; a fraction of one, as g6f has it, where a size has less. */
  readonly gpus?: number;
  readonly gpu?: string;
  readonly gpuMemoryMib?: number;
  /** Accelerators that are neither NVIDIA GPUs nor Neuron devices. */
  readonly otherAccelerators?: number;
  readonly neuronDevices?: number;
  readonly neuronCores?: number;
  readonly efaInterfaces?: number;
  /** Network card of the first EFA interface, where that is not card 0. */
  readonly firstEfaCard?: number;
  /** Network cards, where there are more than one. */
  readonly networkCards?: number;
  /** Network interfaces on the default network card, the only one that pods get addresses of, and IPv4 addresses on each. */
  readonly interfaces: number;
  readonly addresses: number;
  /** GB of local NVMe disks together. */
  readonly nvmeGb?: number;
  /** GB of local disks that are no NVMe. */
  readonly localGb?: number;
  readonly bareMetal?: true;
}

// biome-ignore lint/suspicious/noExplicitAny: EC2's answer is read by its own keys
type Answer = any;

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const some = (count: number) => count || undefined;

/** Facts of one type from its entry in the answer of DescribeInstanceTypes; undefined for types that run macOS. */
export function factsOf(type: Answer): InstanceTypeFacts | undefined {
  const architecture = (type.ProcessorInfo.SupportedArchitectures as string[]).find((name) =>
    ["x86_64", "arm64"].includes(name),
  );
  if (!architecture) return undefined;
  const gpus: Answer[] = type.GpuInfo?.Gpus ?? [];
  const nvidia = gpus.filter(({ Manufacturer }) => Manufacturer === "NVIDIA");
  const neuron: Answer[] = type.NeuronInfo?.NeuronDevices ?? [];
  const inference: Answer[] = type.InferenceAcceleratorInfo?.Accelerators ?? [];
  const others: Answer[] = [
    ...gpus.filter((gpu) => !nvidia.includes(gpu)),
    ...(type.FpgaInfo?.Fpgas ?? []),
    ...(type.MediaAcceleratorInfo?.Accelerators ?? []),
    ...(neuron.length > 0 ? [] : inference),
  ];
  const { NetworkInfo: network, InstanceStorageInfo: storage } = type;
  const cards: Answer[] = network.NetworkCards ?? [];
  const efaCard = cards.findIndex(({ InterfaceTypes = [] }) => InterfaceTypes.includes("efa"));
  const isNvme = ["required", "supported"].includes(storage?.NvmeSupport);
  const facts: Record<keyof InstanceTypeFacts, unknown> = {
    architecture,
    vcpus: type.VCpuInfo.DefaultVCpus,
    memoryMib: type.MemoryInfo.SizeInMiB,
    gpus: some(sum(nvidia.map(({ Count, GpuPartitionSize = 1 }) => Count || GpuPartitionSize))),
    gpu: nvidia[0]?.Name,
    gpuMemoryMib: nvidia[0]?.MemoryInfo.SizeInMiB,
    otherAccelerators: some(sum(others.map(({ Count }) => Count ?? 1))),
    neuronDevices: some(sum(neuron.map(({ Count }) => Count))),
    neuronCores: some(sum(neuron.map(({ Count, CoreInfo }) => Count * CoreInfo.Count))),
    efaInterfaces: some(network.EfaInfo?.MaximumEfaInterfaces ?? 0),
    firstEfaCard: some(Math.max(0, efaCard)),
    networkCards: network.MaximumNetworkCards > 1 ? network.MaximumNetworkCards : undefined,
    interfaces: cards[network.DefaultNetworkCardIndex].MaximumNetworkInterfaces,
    addresses: network.Ipv4AddressesPerInterface,
    nvmeGb: isNvme ? storage.TotalSizeInGB : undefined,
    localGb: storage && !isNvme ? storage.TotalSizeInGB : undefined,
    bareMetal: type.BareMetal || undefined,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;
}
