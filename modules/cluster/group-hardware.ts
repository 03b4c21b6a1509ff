import type { z } from "zod";
import { factsOf, type Hardware, hardwareOf, sizeOf } from "../aws/ec2/instance-types";
import { refuse } from "../common/settings/faults";
import { checkGpuSharing } from "./gpu-sharing";
import type { Group } from "./group-settings";
import { acceleratorOf, amiType } from "./image";

/**
 * Types with AMD's GPUs and with Gaudi devices, which device plugins announce as `amd.com/gpu` and `habana.ai/gaudi`: the
 * cluster autoscaler waits for these too. Sources: EC2 Instance Types guide, "Accelerated computing"; gpu_processor.go as in labels.ts.
 */
const OTHER_AWAITED = /^(g4ad|dl1)\./;

/** Refuses the label of GPU nodes on others, which the cluster autoscaler would never take for ready; `path` is the label's. */
export function checkAccelerator(
  group: Pick<Group, "instanceTypes">,
  label: string | undefined,
  path: string[],
  ctx: z.RefinementCtx,
): void {
  const { hardware, faults } = hardwareOf(group);
  if (label === undefined || faults.length > 0 || hardware.gpus > 0) return;
  const without = group.instanceTypes.filter((type) => !OTHER_AWAITED.test(type));
  if (without.length === 0) return;
  const why = `since ${without.join(", ")} has no GPU, for which the cluster autoscaler would wait`;
  refuse(ctx, path, `must be left out, ${why}, got ${label}`);
}

/** Rules between the settings of a group and the hardware of its instance types. */
export function checkHardware(group: Group, ctx: z.RefinementCtx): void {
  const { hardware, faults } = hardwareOf(group);
  for (const { path, message } of faults) refuse(ctx, path, message);
  if (faults.length > 0) return;
  checkImage(group, hardware, ctx);
  checkEfa(group, ctx);
  checkLocalDisks(group, hardware, ctx);
  checkSharing(group, hardware, ctx);
}

function checkImage(group: Group, hardware: Hardware, ctx: z.RefinementCtx) {
  const accelerator = acceleratorOf(hardware);
  if (amiType(group.imageFamily, accelerator, hardware.architecture)) return;
  const key = group.imageFamily === "bottlerocket" ? "imageFamily" : "architecture";
  const none = `${group.imageFamily} for ${accelerator} nodes of ${hardware.architecture}`;
  refuse(ctx, key, `must be one that EKS has an image for, and it has none of ${none}, got ${group[key]}`);
}

function checkEfa({ efa, efaNetworkCards, instanceTypes }: Group, ctx: z.RefinementCtx) {
  if (!efa) {
    if (efaNetworkCards === undefined) return;
    refuse(ctx, "efaNetworkCards", `must be left out unless efa is true, got ${efaNetworkCards}`);
    return;
  }
  const cards = instanceTypes.map((type) => factsOf(type).efaInterfaces ?? efaNetworkCards);
  const list = instanceTypes.map((type, i) => `${type} ${cards[i]}`).join(", ");
  const unknown = instanceTypes.find((_, i) => cards[i] === undefined);
  if (unknown) {
    refuse(ctx, "efaNetworkCards", `is required with efa since ${unknown} is not in this project's table, got nothing`);
  } else if (cards.includes(0)) {
    refuse(ctx, "efa", `must be false, since not every instance type has EFA network cards (${list}), got true`);
  } else if (new Set(cards).size > 1) {
    // A launch template lists the cards, so some types would leave cards unused.
    refuse(ctx, "instanceTypes", `must all have the same number of EFA network cards, got ${list}`);
  }
}

function checkLocalDisks(group: Group, hardware: Hardware, ctx: z.RefinementCtx) {
  const { imageFamily, instanceTypes, localStorage, localDiskGb } = group;
  const unknown = instanceTypes.find((type) => sizeOf(type) === undefined);
  if (localStorage && imageFamily !== "al2023") {
    refuse(ctx, "localStorage", `must be left out unless imageFamily is al2023, got ${localStorage}`);
  }
  if (localStorage && hardware.instanceStore === false) {
    const message = `must be left out, since not every instance type has local NVMe disks (${instanceTypes.join(", ")}), got raid0`;
    refuse(ctx, "localStorage", message);
  } else if (localStorage && unknown && localDiskGb === undefined) {
    const message = `is required with localStorage since ${unknown} is not in this project's table, got nothing`;
    refuse(ctx, "localDiskGb", message);
  }
  if (localDiskGb === undefined || (localStorage && unknown)) return;
  const why = localStorage ? "since this project knows the disks of all instanceTypes" : "unless localStorage is set";
  refuse(ctx, "localDiskGb", `must be left out ${why}, got ${localDiskGb}`);
}

function checkSharing({ gpuSharing, ...group }: Group, { gpus }: Hardware, ctx: z.RefinementCtx) {
  if (!gpuSharing) return;
  if (gpus > 0) return checkGpuSharing({ ...group, gpuSharing }, ctx);
  const types = group.instanceTypes.join(", ");
  refuse(ctx, "gpuSharing", `must be left out, since ${types} has no NVIDIA GPU, got ${JSON.stringify(gpuSharing)}`);
}
