import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../../common/settings/faults";
import { nearest } from "../../common/settings/props";
import type { Ec2Architecture } from "./architecture";

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

/** Capacity of an instance type. */
export interface Size {
  readonly vcpus: number;
  readonly memoryMib: number;
  /** Network interfaces on the default network card, and IPv4 addresses on each. */
  readonly interfaces: number;
  readonly addresses: number;
  /** Local NVMe disks together, GB; undefined without any. */
  readonly nvmeGb?: number;
}

/** Row of the data file: what DescribeInstanceTypes says of a type; what is zero or false is left out. */
interface Row extends Size {
  readonly architecture: Ec2Architecture;
  readonly gpus?: number;
  readonly neuronDevices?: number;
  readonly neuronCores?: number;
  readonly efaInterfaces?: number;
  readonly firstEfaCard?: number;
}

let table: ReadonlyMap<string, Row> | undefined;
/** Every type in the data file, which names its source. It is read when first asked for, as a plain network needs none. */
function rows(): ReadonlyMap<string, Row> {
  table ??= new Map(Object.entries<Row>(JSON.parse(readFileSync(FILE, "utf8")).types));
  return table;
}
const FILE = join(__dirname, "data", "instance-types.json");

/** Family prefixes of general, compute, memory and storage types, which have no accelerator. */
const CPU_PREFIXES = new Set(["a", "c", "d", "h", "hpc", "i", "im", "is", "m", "r", "t", "u", "x", "z"]);
/** Generations ahead of the newest in the data file that a family's name may claim before it looks like a slip. */
const AHEAD = 2;

const familyOf = (instanceType: string) => instanceType.split(".")[0] ?? "";
// EC2 Instance Types guide, "Naming conventions": prefix, generation, then letters, of which g is Graviton and d a local disk.
const partsOf = (family: string) => {
  const [, prefix = "", generation = "", letters = ""] = /^([a-z]+)-?(\d+)([a-z]*)/.exec(family) ?? [];
  return { prefix, generation: Number(generation), letters };
};

/** Facts of an instance type, from the data file or, for new CPU families, from EC2's naming convention; empty when unknown. */
export function factsOf(instanceType: string): Facts {
  const row = rows().get(instanceType);
  if (row) {
    const { architecture, gpus = 0, neuronDevices = 0, efaInterfaces = 0, firstEfaCard = 0 } = row;
    return {
      architecture,
      // the driver of the EKS images serves whole GPUs only, so that it is for the user to say what g6f and gr6f have
      gpus: Number.isInteger(gpus) ? gpus : undefined,
      neuronDevices: Number.isInteger(gpus) ? neuronDevices : undefined,
      neuronCores: familyOf(instanceType) === "trn2" ? undefined : row.neuronCores, // set on the node
      efaInterfaces,
      firstEfaCard,
      instanceStore: row.nvmeGb !== undefined,
    };
  }
  const family = familyOf(instanceType);
  const sibling = siblingOf(family);
  if (sibling) return { architecture: sibling.architecture };
  const { prefix, letters } = partsOf(family);
  if (!CPU_PREFIXES.has(prefix) || isFarAhead(family)) return {};
  return {
    architecture: prefix === "a" || letters.includes("g") ? "arm64" : "x86_64",
    gpus: 0,
    neuronDevices: 0,
    firstEfaCard: 0,
    instanceStore: letters.includes("d") || ["d", "i", "im", "is"].includes(prefix),
  };
}

/** Capacity of an instance type; undefined when unknown. */
export const sizeOf = (instanceType: string): Size | undefined => rows().get(instanceType);

/** Any type of a family; undefined if the data file has none. */
const siblingOf = (family: string): Row | undefined => [...rows()].find(([type]) => familyOf(type) === family)?.[1];

/** Whether the name claims a generation far ahead of the data file's; that of u-6tb1 and its like is a size in TB. */
const isFarAhead = (family: string): boolean => {
  const { prefix, generation } = partsOf(family);
  return CPU_PREFIXES.has(prefix) && !family.startsWith("u-") && generation > newestOf(prefix) + AHEAD;
};

const newestOf = (prefix: string): number =>
  Math.max(
    0,
    ...[...rows().keys()]
      .map((type) => partsOf(familyOf(type)))
      .filter((parts) => parts.prefix === prefix)
      .map(({ generation }) => generation),
  );

/** Says that a type is not in the data file, and which one may have been meant. */
function unknownType(instanceType: string): string {
  const near = nearest(instanceType, [...rows().keys()]);
  return `${instanceType} is not a known type${near ? `, did you mean ${near}` : ""}`;
}

/** What is wrong with a type that no instance can have: of a size that its family lacks, or of a generation far ahead. */
export function impossibleType(instanceType: string): string | undefined {
  const family = familyOf(instanceType);
  if (rows().has(instanceType) || !(siblingOf(family) || isFarAhead(family))) return undefined;
  return `must be an instance type that exists: ${unknownType(instanceType)}, got ${instanceType}`;
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

  const isCounted = (i: number) => gpus[i] !== undefined || neuronDevices[i] !== undefined;
  const impossible = types.flatMap(({ type }, i) => (isCounted(i) ? [] : (impossibleType(type) ?? [])))[0];
  if (impossible) fault("instanceTypes", `${impossible}; for a newer type set architecture and gpuCount too`);
  const nameless = types.find((_, i) => architectures[i] === undefined)?.type;
  if (nameless && !impossible) {
    fault("architecture", `is required (x86_64 or arm64) since ${unknownType(nameless)}, got nothing`);
  }
  const uncounted = types.find((_, i) => !isCounted(i))?.type;
  if (uncounted && !impossible) {
    fault("gpuCount", `or neuronDeviceCount is required (0 if none) since ${unknownType(uncounted)}, got nothing`);
  }
  if (!nameless && new Set(architectures).size > 1) {
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
