import { expect, it } from "vitest";
import { type Size, sizeOf } from "../../../modules/aws/ec2/instance-types";
import { allocatableOf } from "../../../modules/cluster/allocatable";
import { nodeGroupSchema } from "../../../modules/cluster/group-rules";
import { mib as MEASURED } from "./memory-overheads.json";
import { PLAIN, type Settings } from "./node-group.fixture";

const leftOn = (settings: Partial<Settings>, prefixDelegation = false) =>
  allocatableOf(nodeGroupSchema.parse({ ...PLAIN, ...settings }), { prefixDelegation });
const typed = (...instanceTypes: string[]) => leftOn({ instanceTypes });
const mib = ({ memory = "" }: ReturnType<typeof leftOn>) => Number(memory.replace("Mi", ""));

it.each([
  // reserved: 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the others
  ["c6g.medium", "940m", "8"],
  ["m6i.large", "1930m", "29"],
  ["m5.xlarge", "3920m", "58"],
  ["m5.2xlarge", "7910m", "58"],
  ["m5.4xlarge", "15890m", "110"], // 234 addresses
  ["m5.8xlarge", "31850m", "234"],
  ["m5.24xlarge", "95690m", "250"], // 737 addresses
  ["p5.48xlarge", "191450m", "100"], // two interfaces on the default network card
])("%s leaves %s of CPU and %s pods", (type, cpu, pods) => {
  expect(typed(type)).toMatchObject({ cpu, pods });
});

it.each([
  // 256 MiB, 7.5 % of 64 GiB and 5 % of the rest; then 255 MiB, 11 a pod that has an address, and 100 that stay free
  ["m5.xlarge", 16384 - 256 - 1229 - 255 - 11 * 58 - 100],
  ["m5.4xlarge", 65536 - 256 - 4916 - 255 - 11 * 234 - 100],
  ["p5.48xlarge", 2097152 - 256 - 4916 - 101580 - 255 - 11 * 100 - 100],
  ["t3.nano", 0],
])("%s leaves %i MiB", (type, memory) => {
  expect(typed(type).memory).toBe(`${memory}Mi`);
});
it("promises no more memory than any type had whose nodes were measured, and nine tenths of that of all but the smallest", () => {
  const measured = Object.entries(MEASURED);
  expect(measured).toHaveLength(649);
  const promises = measured.map(([type, lost]) => {
    const { memoryMib, interfaces, addresses } = sizeOf(type) as Size;
    const addressed = interfaces * (addresses - 1) + 2;
    const real = Math.max(0, memoryMib - lost - 255 - 11 * addressed - 100);
    const group = { instanceTypes: [type], imageFamily: "bottlerocket" as const, diskSize: 20 };
    return { type, memoryMib, real, promised: mib(allocatableOf(group, { prefixDelegation: false })) };
  });
  expect(promises.filter(({ real, promised }) => promised > real)).toEqual([]);
  const large = promises.filter(({ memoryMib }) => memoryMib >= 8192);
  expect(large.filter(({ real, promised }) => promised <= real * 0.9)).toEqual([]);
});

it("is the least of all types, of each resource by itself", () => {
  expect(typed("c5.2xlarge", "m5.xlarge")).toMatchObject({ cpu: "3920m", memory: typed("m5.xlarge").memory });
  // as much memory, and fewer addresses, for which less is reserved
  expect(typed("g5.xlarge", "g4dn.xlarge")).toMatchObject({ memory: typed("g5.xlarge").memory, pods: "29" });
});
it("is not known of a group with a type that is not, but for its volume", () => {
  const unknown = { architecture: "x86_64" as const, gpuCount: 1 };
  expect(leftOn({ instanceTypes: ["g5.xlarge", "g99.xlarge"], ...unknown })).toEqual({ "ephemeral-storage": "87Gi" });
});

it("reserves memory for the pods that prefixes allow, where the image does", () => {
  const bottlerocket = { imageFamily: "bottlerocket" as const };
  expect(leftOn({}, true)).toEqual({ ...leftOn({}), pods: "110" });
  expect(mib(leftOn(bottlerocket)) - mib(leftOn(bottlerocket, true))).toBe(11 * (110 - 58));
  const large = { ...bottlerocket, instanceTypes: ["m5.8xlarge"] };
  expect(mib(leftOn(large)) - mib(leftOn(large, true))).toBe(11 * (250 - 234));
  expect(leftOn({ ...bottlerocket, instanceTypes: ["m5.24xlarge"] }, true).memory).toBe(typed("m5.24xlarge").memory);
});

it.each([
  ["m5.xlarge", "110"],
  ["m5.8xlarge", "250"],
  ["t3.nano", "34"], // two interfaces with a prefix each
  ["m4.xlarge", "58"], // Xen, as the next ones
  ["p3.2xlarge", "58"],
  ["i3.xlarge", "58"],
  ["i3.metal", "250"],
  ["p3dn.24xlarge", "250"],
  ["r4.8xlarge", "234"],
])("leaves on %s %s pods with prefixes, of which Xen has none", (type, pods) => {
  expect(leftOn({ instanceTypes: [type] }, true).pods).toBe(pods);
});
it("leaves with prefixes as many pods as the type with the fewest", () => {
  expect(leftOn({ instanceTypes: ["m5.xlarge", "m4.xlarge"] }, true).pods).toBe("58");
});

it.each<[settings: Partial<Settings>, storage: string]>([
  // a tenth stays free, kubelet and the file system take 3 GiB
  [{}, "87Gi"],
  [{ diskSize: 20 }, "15Gi"],
  [{ diskSize: 500, imageFamily: "bottlerocket" }, "447Gi"],
  [{ diskSize: 16384 }, "14742Gi"],
  // local disks are sold by GB
  [{ instanceTypes: ["m5d.large"], localStorage: "raid0" }, "59Gi"], // 75 GB
  [{ instanceTypes: ["g5.xlarge", "g5.2xlarge"], localStorage: "raid0", diskSize: 20 }, "206Gi"], // 250 and 450 GB
  [{ instanceTypes: ["p5.48xlarge"], localStorage: "raid0" }, "25477Gi"], // 30400 GB
  [{ instanceTypes: ["m10id.large"], localStorage: "raid0", localDiskGb: 20 }, "13Gi"],
  [{ instanceTypes: ["m10id.large", "m5d.large"], localStorage: "raid0", localDiskGb: 1000 }, "59Gi"],
])("%j leaves %s of disk", (settings, storage) => {
  expect(leftOn(settings)["ephemeral-storage"]).toBe(storage);
});
