import { Token } from "cdktf";
import { z } from "zod";
import { refuse } from "../common/settings/faults";
import { checkAccelerator, checkHardware } from "./group-hardware";
import { type Group, type NodeGroupSettings, nodeGroupShape } from "./group-settings";
import { ACCELERATOR_LABEL } from "./labels";

/** Whether the group launches into reserved capacity. */
export const hasReservation = (group: Pick<Group, "capacityReservationId" | "capacityReservationResourceGroupArn">) =>
  group.capacityReservationId !== undefined || group.capacityReservationResourceGroupArn !== undefined;

/** Whether the group creates a placement group. */
export const makesPlacementGroup = (group: Group) =>
  group.placementGroupName === undefined && (group.placementGroup ?? (group.efa && !hasReservation(group)));

/** Rules across the settings of one group. */
export function checkGroup(group: Group, ctx: z.RefinementCtx): void {
  const { minSize, maxSize } = group;
  if (minSize > maxSize) refuse(ctx, "maxSize", `must be at least minSize (${minSize}), got ${maxSize}`);
  checkDisk(group, ctx);
  checkCapacity(group, ctx);
  checkPlacement(group, ctx);
  checkHardware(group, ctx);
}

/** Rules across the settings of one node group. */
export function checkNodeGroup(group: NodeGroupSettings, ctx: z.RefinementCtx): void {
  checkGroup(group, ctx);
  checkAccelerator(group, group.labels[ACCELERATOR_LABEL], ["labels", ACCELERATOR_LABEL], ctx);
}

/** Settings of a node group, with the rules across them. */
export const nodeGroupSchema = z.strictObject(nodeGroupShape).superRefine(checkNodeGroup);

/** EBS user guide, "General Purpose SSD volumes": 500 IOPS per GiB, 0.25 MiB/s per IOPS. */
function checkDisk({ diskSize, diskIops, diskThroughput }: Group, ctx: z.RefinementCtx) {
  const most = Math.max(3000, 500 * diskSize);
  if (diskIops !== undefined && diskIops > most) {
    refuse(ctx, "diskIops", `must be at most 500 per GiB of diskSize (${most}), got ${diskIops}`);
  }
  const iops = diskIops ?? 3000;
  if (diskThroughput !== undefined && diskThroughput > iops / 4) {
    refuse(
      ctx,
      "diskThroughput",
      `must be at most a quarter of diskIops (${iops / 4}), got ${diskThroughput}; set diskIops to ${diskThroughput * 4} or more`,
    );
  }
}

function checkCapacity(group: Group, ctx: z.RefinementCtx) {
  const { capacityType, instanceTypes } = group;
  if (group.capacityReservationId !== undefined && group.capacityReservationResourceGroupArn !== undefined) {
    refuse(ctx, "capacityReservationResourceGroupArn", "must not be set with capacityReservationId; leave out one");
  }
  if (capacityType === "SPOT" && hasReservation(group)) {
    const key =
      group.capacityReservationId === undefined ? "capacityReservationResourceGroupArn" : "capacityReservationId";
    refuse(ctx, key, "must be left out with capacityType SPOT: a reservation holds on-demand capacity");
  }
  if (capacityType === "CAPACITY_BLOCK") {
    if (!hasReservation(group)) {
      refuse(
        ctx,
        "capacityReservationId",
        "or capacityReservationResourceGroupArn is required with capacityType CAPACITY_BLOCK, got nothing",
      );
    }
    // EKS user guide, "Create a managed node group with Capacity Blocks": the launch template holds the only type.
    if (instanceTypes.length > 1) {
      refuse(ctx, "instanceTypes", `must have 1 item with capacityType CAPACITY_BLOCK, got ${instanceTypes.length}`);
    }
  }
}

function checkPlacement(group: Group, ctx: z.RefinementCtx) {
  if (group.placementGroup !== undefined && group.placementGroupName !== undefined) {
    refuse(ctx, "placementGroup", `must be left out with placementGroupName, got ${group.placementGroup}`);
  }
  if (group.subnetIndex !== undefined && group.subnetIds !== undefined) {
    refuse(ctx, "subnetIndex", `must not be set with subnetIds, got ${group.subnetIndex}; leave out one`);
  }
  if (group.perSubnet && group.subnetIndex !== undefined) {
    refuse(ctx, "perSubnet", "must be left out with subnetIndex, which names one subnet, got true");
  }
  if (group.perSubnet && Token.isUnresolved(group.subnetIds)) {
    refuse(ctx, "subnetIds", "must be a list whose length is known now, with perSubnet; name its items one by one");
  }
  const count = group.subnetIds?.length ?? 0;
  const reason = singleSubnetReason(group);
  if (group.perSubnet) checkDivision(group, reason, ctx);
  else if (reason && group.subnetIndex === undefined && count !== 1) {
    refuse(ctx, "subnetIds", `must have exactly 1 item with ${reason} (or set subnetIndex), got ${count}`);
  }
}

function checkDivision({ subnetIds, capacityReservationId }: Group, reason: string | undefined, ctx: z.RefinementCtx) {
  const again = repeatedSubnet(subnetIds ?? []);
  if (again)
    refuse(
      ctx,
      ["subnetIds", again.index],
      `must not name a subnet twice with perSubnet, or another whose id ends alike, got ${again.id}`,
    );
  // EC2 user guide, "Capacity Reservations": one is in one zone, where the group of another could start no node.
  const single = reason ?? (capacityReservationId === undefined ? undefined : "capacityReservationId");
  if (single === undefined || subnetIds?.length === 1) return;
  refuse(ctx, "perSubnet", `must be left out with ${single}, which is in one zone; set subnetIndex instead, got true`);
}

/**
 * What names the group of one of several subnets: the last 8 characters of the subnet's id, or, of an id that is known at apply
 * only, its place in the list.
 */
export const subnetSuffix = (id: string, index: number): string =>
  /^subnet-[0-9a-f]{8,17}$/.test(id) ? id.slice(-8) : String(index);

/** The first subnet of a list that is there a second time, or whose group would have the name of another's. */
export function repeatedSubnet(subnetIds: readonly string[]): { index: number; id: string } | undefined {
  if (!Array.isArray(subnetIds) || Token.isUnresolved(subnetIds)) return undefined; // of which the schema tells
  const suffixes = subnetIds.map(subnetSuffix);
  const index = subnetIds.findIndex(
    (id, i) => subnetIds.indexOf(id) !== i || suffixes.indexOf(suffixes[i] ?? "") !== i,
  );
  return index < 0 ? undefined : { index, id: subnetIds[index] as string };
}

/** The setting, if any, that confines the group to one subnet. */
function singleSubnetReason(group: Group): string | undefined {
  if (group.capacityType === "CAPACITY_BLOCK") return "capacityType CAPACITY_BLOCK"; // a block is in one zone
  if (group.efa) return "efa"; // EC2 user guide, "Elastic Fabric Adapter": EFA traffic does not cross zones
  // EC2 user guide, "Placement groups": a cluster placement group is in one zone.
  return makesPlacementGroup(group) || group.placementGroupName !== undefined ? "a placement group" : undefined;
}
