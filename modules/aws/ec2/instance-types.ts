import type { Fault } from "../../common/settings/faults";
import type { Ec2Architecture } from "./architecture";
import { ACCELERATED, CPU_EFA } from "./instance-type-facts";

/** Hardware of a group of instances; if its instance types differ, what they all have at least. */
export interface Hardware {
  readonly architecture: Ec2Architecture;
  /** NVIDIA GPUs. */
  readonly gpus: number;
  /** Inferentia or Trainium devices. */
  readonly neuronDevices: number;
  /** NeuronCores; undefined where the devices are unknown or their cores depend on the node's configuration. */
  readonly neuronCores?: number;
  /** EFA interfaces; undefined when unknown. */
  readonly efaInterfaces?: number;
  /** Network card of the first EFA interface. */
  readonly firstEfaCard: number;
  /** Local NVMe disks; undefined when unknown. */
  readonly instanceStore?: boolean;
}

/** Facts given by the caller about instance types that the table does not know. */
export interface GivenHardware {
  readonly instanceTypes: readonly string[];
  readonly architecture?: Ec2Architecture;
  readonly gpuCount?: number;
  readonly neuronDeviceCount?: number;
  readonly efaNetworkCards?: number;
}

type Facts = Partial<Hardware>;

/** Family prefixes of general, compute, memory and storage types, which have no accelerator. */
const CPU_PREFIXES = new Set(["a", "c", "d", "h", "hpc", "i", "im", "is", "m", "r", "t", "u", "x", "z"]);
/** Of those, the families whose local disks are not NVMe. */
const OLD_STORAGE = new Set(["d2", "h1", "i2"]);

/** Latest generation for which the table lists all families with EFA; newer ones are still being extended. */
const COMPLETE = 7;

/** Facts of an instance type, from the table or, for CPU families, from EC2's naming convention; empty when unknown. */
export function factsOf(instanceType: string): Facts {
  const [family = "", size = ""] = instanceType.split(".");
  const known = ACCELERATED[family];
  if (known) {
    const row = known.sizes[size];
    if (row === undefined) return { architecture: known.architecture };
    const [devices, efaInterfaces] = typeof row === "number" ? [row, 0] : row;
    const isNeuron = known.device === "neuron";
    return {
      architecture: known.architecture,
      gpus: known.device === "nvidia" ? devices : 0,
      neuronDevices: isNeuron ? devices : 0,
      neuronCores: known.coresPerDevice && devices * known.coresPerDevice,
      efaInterfaces,
      firstEfaCard: known.firstEfaCard ?? 0,
      instanceStore: known.instanceStore,
    };
  }
  // EC2 Instance Types guide, "Naming conventions": prefix, generation, then letters, of which g is Graviton and d a local disk.
  const [, prefix = "", generation = "", letters = ""] = /^([a-z]+)-?(\d+)([a-z]*)/.exec(family) ?? [];
  if (!CPU_PREFIXES.has(prefix)) return {};
  return {
    architecture: prefix === "a" || letters.includes("g") ? "arm64" : "x86_64",
    gpus: 0,
    neuronDevices: 0,
    efaInterfaces: CPU_EFA[family] ? (CPU_EFA[family][size] ?? 0) : Number(generation) <= COMPLETE ? 0 : undefined,
    firstEfaCard: 0,
    instanceStore: !OLD_STORAGE.has(family) && (letters.includes("d") || ["d", "i", "im", "is"].includes(prefix)),
  };
}

/** Combines the facts of all instance types with the caller's; reports what is missing, contradictory or unequal. */
export function hardwareOf(given: GivenHardware): { hardware: Hardware; faults: Fault[] } {
  const faults: Fault[] = [];
  const types = given.instanceTypes.map((type) => ({ type, facts: factsOf(type) }));
  const fault = (key: keyof GivenHardware, message: string) => void faults.push({ path: [key], message });

  /** The value of `fact` for each type: the known one, or the given one, which may not contradict it. */
  const valuesOf = <F extends keyof Facts>(fact: F, key: keyof GivenHardware, value: Facts[F]) =>
    types.map(({ type, facts }) => {
      if (facts[fact] === undefined) return value;
      if (value !== undefined && value !== facts[fact]) {
        fault(key, `must be ${facts[fact]}, as ${type} has, or be left out; got ${value}`);
      }
      return facts[fact];
    });

  const architectures = valuesOf("architecture", "architecture", given.architecture);
  const gpus = valuesOf("gpus", "gpuCount", given.gpuCount);
  const neuronDevices = valuesOf("neuronDevices", "neuronDeviceCount", given.neuronDeviceCount);
  const efa = valuesOf("efaInterfaces", "efaNetworkCards", given.efaNetworkCards);

  const unknownType = types.find((_, i) => architectures[i] === undefined)?.type;
  if (unknownType)
    fault("architecture", `is required (x86_64 or arm64) since ${unknownType} is not a known type, got nothing`);
  const uncounted = types.find((_, i) => gpus[i] === undefined && neuronDevices[i] === undefined)?.type;
  if (uncounted) {
    fault(
      "gpuCount",
      `or neuronDeviceCount is required (0 if none) since ${uncounted} is not a known type, got nothing`,
    );
  }
  if (!unknownType && new Set(architectures).size > 1) {
    const list = types.map(({ type }, i) => `${type} ${architectures[i]}`).join(", ");
    fault("instanceTypes", `must all have the same architecture, got ${list}`);
  }
  const kinds = types.map((_, i) => (gpus[i] ? "NVIDIA GPUs" : neuronDevices[i] ? "Neuron devices" : "neither"));
  if (!uncounted && new Set(kinds).size > 1) {
    const list = types.map(({ type }, i) => `${type} ${kinds[i]}`).join(", ");
    fault("instanceTypes", `must all have NVIDIA GPUs, all Neuron devices, or all neither, got ${list}`);
  }

  const stores = types.map(({ facts }) => facts.instanceStore);
  const hardware = {
    architecture: architectures[0] ?? "x86_64",
    gpus: Math.min(...gpus.map((count) => count ?? 0)),
    neuronDevices: Math.min(...neuronDevices.map((count) => count ?? 0)),
    neuronCores: least(types.map(({ facts }) => facts.neuronCores)),
    efaInterfaces: least(efa),
    firstEfaCard: Math.max(...types.map(({ facts }) => facts.firstEfaCard ?? 0)),
    instanceStore: stores.includes(false) ? false : stores.includes(undefined) ? undefined : true,
  };
  return { hardware, faults };
}

/** Minimum of the values; undefined if any is undefined. */
const least = (values: readonly (number | undefined)[]): number | undefined =>
  values.some((value) => value === undefined) ? undefined : Math.min(...(values as number[]));
