import { factsOf, type Hardware, hardwareOf } from "../aws/ec2/instance-types";
import { checkGpuSharing } from "./gpu-sharing";
import type { Fail, Group } from "./group-settings";
import { acceleratorOf, amiType } from "./image";

/** Rules between the settings of a group and what its instance types have. */
export function checkHardware(group: Group, fail: Fail): void {
  const { hardware, faults } = hardwareOf(group);
  for (const { key, message } of faults) fail(key, message);
  if (faults.length > 0) return;
  checkImage(group, hardware, fail);
  checkEfa(group, fail);
  checkDevices(group, hardware, fail);
}

function checkImage(group: Group, hardware: Hardware, fail: Fail) {
  const accelerator = acceleratorOf(hardware);
  if (amiType(group.imageFamily, accelerator, hardware.architecture)) return;
  const key = group.imageFamily === "bottlerocket" ? "imageFamily" : "architecture";
  const none = `${group.imageFamily} for ${accelerator} nodes of ${hardware.architecture}`;
  fail(key, `must be one that EKS has an image for, and it has none of ${none}, got ${group[key]}`);
}

function checkEfa({ efa, efaNetworkCards, instanceTypes }: Group, fail: Fail) {
  if (!efa) {
    if (efaNetworkCards === undefined) return;
    return fail("efaNetworkCards", `must be left out unless efa is true, got ${efaNetworkCards}`);
  }
  const cards = instanceTypes.map((type) => factsOf(type).efaInterfaces ?? efaNetworkCards);
  const list = instanceTypes.map((type, i) => `${type} ${cards[i]}`).join(", ");
  const unknown = instanceTypes.find((_, i) => cards[i] === undefined);
  if (unknown) {
    fail("efaNetworkCards", `is required with efa since ${unknown} is not in this project's table, got nothing`);
  } else if (cards.includes(0)) {
    fail("efa", `must be false, since not every instance type has EFA network cards (${list}), got true`);
  } else if (new Set(cards).size > 1) {
    // A launch template lists the cards, so that on some types some would lie idle.
    fail("instanceTypes", `must all have the same number of EFA network cards, got ${list}`);
  }
}

function checkDevices(group: Group, hardware: Hardware, fail: Fail) {
  const { imageFamily, instanceTypes, localStorage, gpuSharing } = group;
  const types = instanceTypes.join(", ");
  if (localStorage && imageFamily !== "al2023") {
    fail("localStorage", `must be left out unless imageFamily is al2023, got ${localStorage}`);
  }
  if (localStorage && hardware.instanceStore === false) {
    fail("localStorage", `must be left out, since not every instance type has local NVMe disks (${types}), got raid0`);
  }
  if (gpuSharing && hardware.gpus === 0) {
    fail("gpuSharing", `must be left out, since ${types} has no NVIDIA GPU, got ${JSON.stringify(gpuSharing)}`);
  } else checkGpuSharing(group, fail);
}
