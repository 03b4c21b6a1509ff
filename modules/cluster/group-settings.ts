import { z } from "zod";
import { orToken } from "../common/settings/props";
import { gpuSharingSchema } from "./gpu-sharing";
import { checkHardware } from "./group-hardware";
import { nodeRepairSchema } from "./node-repair";

const size = "(\\d*xlarge|nano|micro|small|medium|large|metal(-\\d+xl)?)";

/** The settings that every node group has, be it a runner pool or a plain group. */
export const groupShape = {
  /**
   * EC2 instance types, 1 to 20, of one architecture. On-demand groups launch the first that has capacity. With SPOT,
   * name several of the same size: each further one is a further pool of spare capacity to draw from.
   */
  instanceTypes: z
    .array(z.string().regex(new RegExp(`^[a-z][a-z0-9-]*\\d[a-z0-9-]*\\.${size}$`)))
    .min(1)
    .max(20) // EKS API reference, CreateNodegroup: 0 to 20 instance types
    .superRefine((types, ctx) => {
      types.forEach((type, i) => {
        const message = `must not name an instance type twice, got ${type} again`;
        if (types.indexOf(type) !== i) ctx.addIssue({ code: "custom", path: [i], message });
      });
    }),
  /** How the nodes are bought. CAPACITY_BLOCK needs a reservation, one instance type and one subnet. */
  capacityType: z.enum(["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]).default("ON_DEMAND"),
  /** Fewest nodes, at least 0; also the number at first. The autoscaler changes it later, and no apply changes it back. */
  minSize: z.int().min(0),
  /** Most nodes, 1 to 5000 and at least minSize. AWS allows 450 in a group until the account's quota is raised. */
  maxSize: z.int().min(1).max(5000), // Kubernetes, "Considerations for large clusters": 5000 nodes

  /** GiB of the volume that holds images and pods, 20 to 16384. 100 as in the reference: ML images are tens of GiB. */
  diskSize: z.int().min(20).max(16384).default(100),
  /** Operations per second of that volume, 3000 to 80000 and at most 500 per GiB; gp3's own 3000 when absent. */
  diskIops: z.int().min(3000).max(80000).optional(),
  /**
   * MiB per second of that volume, 125 to 2000 and at most a quarter of its IOPS; gp3's own 125 when absent. More makes
   * large images start sooner. Above 1000 needs AWS provider 6.x.
   */
  diskThroughput: z.int().min(125).max(2000).optional(),
  /** ARN of the KMS key that encrypts the volumes; the account's own EBS key when absent. */
  diskKmsKeyArn: orToken(z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+$/)).optional(),

  /** Operating system: EKS-optimized Amazon Linux 2023, or Bottlerocket. */
  imageFamily: z.enum(["al2023", "bottlerocket"]).default("al2023"),
  /** Release of the image, such as 1.34.1-20251112; the newest at creation when absent. */
  releaseVersion: orToken(z.string().regex(/^\d+\.\d+\.\d+-[0-9a-z]+$/)).optional(),

  /** Network hops that an answer of the metadata service travels. 1 keeps pods off the node's role; 2 lets them on. */
  metadataHopLimit: z.literal([1, 2]).default(1),
  /** CloudWatch metrics of the instances every minute, as in the reference, and not every five. */
  detailedMonitoring: z.boolean().default(true),

  /** Subnets of the group; those of the cluster when absent. EFA, placement groups and capacity blocks need exactly one. */
  subnetIds: orToken(
    z
      .array(orToken(z.string().regex(/^subnet-[0-9a-f]{8,17}$/)))
      .min(1)
      .max(16),
  ).optional(),
  /** Position, from 0, of the group's one subnet among those of the cluster; for settings that cannot know its id. */
  subnetIndex: z.int().min(0).optional(),

  /** Capacity reservation or capacity block to launch into, cr-.... */
  capacityReservationId: orToken(z.string().regex(/^cr-[0-9a-f]{8,17}$/)).optional(),
  /** ARN of a resource group of capacity reservations to launch into. */
  capacityReservationResourceGroupArn: orToken(
    z.string().regex(/^arn:aws[a-z-]*:resource-groups:[a-z0-9-]+:\d{12}:group\/[\w.-]+(\/[\w.-]+)?$/),
  ).optional(),

  /** Elastic Fabric Adapter on every network card, with a security group of its own. */
  efa: z.boolean().default(false),
  /**
   * Cluster placement group: nodes close to each other. On by default with EFA, unless the group has a reservation: a
   * reservation made outside the placement group does not serve launches into it.
   */
  placementGroup: z.boolean().optional(),
  /** Placement group that exists already, such as the one that a reservation was made in. */
  placementGroupName: orToken(z.string().min(1).max(255)).optional(),
  /** Joins the local NVMe disks to one array for images and pods. AL2023 only. */
  localStorage: z.enum(["raid0"]).optional(),
  /** EKS replaces nodes that its monitoring agent finds unhealthy. The limits need AWS provider 6.x. */
  nodeRepair: z
    .union([z.boolean(), nodeRepairSchema], { error: "must be true, false or an object of limits" })
    .default(false),
  /** How pods share each GPU: by turns, by CUDA MPS or by hardware partitions; each has GPUs of its own when absent. */
  gpuSharing: gpuSharingSchema.optional(),

  /** Architecture of instance types that this project does not know. */
  architecture: z.enum(["x86_64", "arm64"]).optional(),
  /** NVIDIA GPUs of instance types that this project does not know, 0 to 64. */
  gpuCount: z.int().min(0).max(64).optional(),
  /** Neuron devices of instance types that this project does not know, 0 to 64. */
  neuronDeviceCount: z.int().min(0).max(64).optional(),
  /** EFA network cards of instance types that this project does not know, 1 to 32. */
  efaNetworkCards: z.int().min(1).max(32).optional(),
};

const groupSchema = z.strictObject(groupShape);
export type Group = z.output<typeof groupSchema>;

export const hasReservation = (group: Pick<Group, "capacityReservationId" | "capacityReservationResourceGroupArn">) =>
  group.capacityReservationId !== undefined || group.capacityReservationResourceGroupArn !== undefined;

/** Whether the group makes a placement group of its own. */
export const makesPlacementGroup = (group: Group) =>
  group.placementGroupName === undefined && (group.placementGroup ?? (group.efa && !hasReservation(group)));

/** Reports a fault of a setting. */
export type Fail = (key: keyof Group, message: string) => void;

/** Rules across the settings of one group. */
export function checkGroup(group: Group, ctx: z.RefinementCtx): void {
  const fail: Fail = (key, message) => ctx.addIssue({ code: "custom", path: [key], message });
  const { minSize, maxSize } = group;
  if (minSize > maxSize) fail("maxSize", `must be at least minSize (${minSize}), got ${maxSize}`);
  checkDisk(group, fail);
  checkCapacity(group, fail);

  checkHardware(group, fail);
}

/** EBS user guide, "General Purpose SSD volumes": 500 IOPS per GiB, 0.25 MiB/s per IOPS. */
function checkDisk({ diskSize, diskIops, diskThroughput }: Group, fail: Fail) {
  const most = Math.max(3000, 500 * diskSize);
  if (diskIops !== undefined && diskIops > most) {
    fail("diskIops", `must be at most 500 per GiB of diskSize (${most}), got ${diskIops}`);
  }
  const iops = diskIops ?? 3000;
  if (diskThroughput !== undefined && diskThroughput > iops / 4) {
    fail(
      "diskThroughput",
      `must be at most a quarter of diskIops (${iops / 4}), got ${diskThroughput}; set diskIops to ${diskThroughput * 4} or more`,
    );
  }
}

function checkCapacity(group: Group, fail: Fail) {
  const { capacityType, instanceTypes } = group;
  if (group.capacityReservationId !== undefined && group.capacityReservationResourceGroupArn !== undefined) {
    fail("capacityReservationResourceGroupArn", "must not stand beside capacityReservationId; leave out one");
  }
  if (capacityType === "SPOT" && hasReservation(group)) {
    const key =
      group.capacityReservationId === undefined ? "capacityReservationResourceGroupArn" : "capacityReservationId";
    fail(key, "must be left out with capacityType SPOT: a reservation holds on-demand capacity");
  }
  if (capacityType === "CAPACITY_BLOCK") {
    if (!hasReservation(group)) {
      fail(
        "capacityReservationId",
        "or capacityReservationResourceGroupArn is required with capacityType CAPACITY_BLOCK, got nothing",
      );
    }
    // EKS user guide, "Create a managed node group with Capacity Blocks": the launch template holds the one type.
    if (instanceTypes.length > 1) {
      fail("instanceTypes", `must have 1 item with capacityType CAPACITY_BLOCK, got ${instanceTypes.length}`);
    }
  }
  if (group.placementGroup !== undefined && group.placementGroupName !== undefined) {
    fail("placementGroup", `must be left out beside placementGroupName, got ${group.placementGroup}`);
  }
  if (group.subnetIndex !== undefined && group.subnetIds !== undefined) {
    fail("subnetIndex", `must not stand beside subnetIds, got ${group.subnetIndex}; leave out one`);
  }
  const lone = needsOneSubnet(group);
  const count = group.subnetIds?.length ?? 0;
  if (lone && group.subnetIndex === undefined && count !== 1) {
    fail("subnetIds", `must have exactly 1 item with ${lone} (or set subnetIndex), got ${count}`);
  }
}

/** The setting, if any, that keeps the group in one subnet. */
function needsOneSubnet(group: Group): string | undefined {
  if (group.capacityType === "CAPACITY_BLOCK") return "capacityType CAPACITY_BLOCK"; // a block lies in one zone
  if (group.efa) return "efa"; // EC2 user guide, "Elastic Fabric Adapter": EFA traffic does not cross zones
  // EC2 user guide, "Placement groups": a cluster placement group lies in one zone.
  return makesPlacementGroup(group) || group.placementGroupName !== undefined ? "a placement group" : undefined;
}
