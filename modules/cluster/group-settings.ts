import { z } from "zod";
import { ec2ArchitectureSchema } from "../aws/ec2/architecture";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { gpuSharingSchema } from "./gpu-sharing";
import { labelsSchema, taintsSchema } from "./labels";
import { nodeRepairSchema } from "./node-repair";

const size = "(\\d*xlarge|nano|micro|small|medium|large|metal(-\\d+xl)?)";

/** Options of every group of nodes: system group, runner pool or additional group. */
export const groupShape = {
  /**
   * EC2 instance types, 1 to 20, all of one architecture. On-demand groups launch the first with capacity. With SPOT, name
   * several types of the same size: each adds a capacity pool to draw from.
   */
  instanceTypes: z
    .array(z.string().regex(new RegExp(`^[a-z][a-z0-9-]*\\d[a-z0-9-]*\\.${size}$`)))
    .min(1)
    .max(20) // EKS API reference, CreateNodegroup: 0 to 20 instance types
    .superRefine((types, ctx) => {
      types.forEach((type, i) => {
        if (types.indexOf(type) !== i) refuse(ctx, [i], `must not name an instance type twice, got ${type} again`);
      });
    }),
  /** Purchase option. CAPACITY_BLOCK needs a reservation, one instance type and one subnet. */
  capacityType: z.enum(["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]).default("ON_DEMAND"),
  /** Minimum and initial number of nodes. The autoscaler changes the number later, and no apply changes it back. */
  minSize: z.int().min(0),
  /** Maximum number of nodes, 1 to 5000 and at least minSize. AWS allows 450 per group until the quota is raised. */
  maxSize: z.int().min(1).max(5000), // Kubernetes, "Considerations for large clusters": 5000 nodes

  /** Size of the volume for images and pods, GiB, 20 to 16384. Machine learning images take tens of GiB. */
  diskSize: z.int().min(20).max(16384).default(100),
  /** IOPS of that volume, 3000 to 80000 and at most 500 per GiB; gp3's baseline of 3000 when absent. */
  diskIops: z.int().min(3000).max(80000).optional(),
  /**
   * Throughput of that volume, MiB/s, 125 to 2000 and at most a quarter of its IOPS; gp3's baseline of 125 when absent.
   * More makes large images start sooner. Above 1000 needs AWS provider 6.x.
   */
  diskThroughput: z.int().min(125).max(2000).optional(),
  /**
   * KMS key that encrypts the volumes; the account's default EBS key when absent. A node group gives EC2 Auto Scaling a grant
   * on it, so who deploys must be allowed kms:CreateGrant. Auto Scaling's service-linked role must exist, which the first Auto
   * Scaling group of an account creates: `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com`.
   */
  diskKmsKeyArn: kmsKeyArnSchema.optional(),

  /** Operating system: EKS-optimized Amazon Linux 2023, or Bottlerocket. */
  imageFamily: z.enum(["al2023", "bottlerocket"]).default("al2023"),
  /** Release of the image, such as 1.35.1-20251112; the latest at creation when absent. */
  releaseVersion: orToken(z.string().regex(/^\d+\.\d+\.\d+-[0-9a-z]+$/)).optional(),

  /** Hop limit of the instance metadata service. 1 keeps pods from using the node's role; 2 lets them. */
  metadataHopLimit: z.literal([1, 2]).default(1),
  /** Report the instances' CloudWatch metrics every minute rather than every five. */
  detailedMonitoring: z.boolean().default(true),

  /**
   * Subnets of the group; the cluster's when absent. EFA, placement groups and capacity blocks need exactly one. With subnets in
   * several zones, the cluster autoscaler expects the nodes of a group without any in the first zone alone: see `perSubnet`.
   */
  subnetIds: orToken(
    z
      .array(orToken(z.string().regex(/^subnet-[0-9a-f]{8,17}$/)))
      .min(1)
      .max(16),
  ).optional(),
  /** Index, from 0, of the group's only subnet in the cluster's list; for settings that cannot know its id. */
  subnetIndex: z.int().min(0).optional(),

  /**
   * A node group for each of the subnets, of `minSize` to `maxSize` nodes each: for pods that can run in one zone only, such as
   * those with EBS volumes. The cluster autoscaler then starts a node in their zone. Karpenter does so anyway. The groups are named
   * `<name>_<last 8 characters of the subnet's id>`, or `<name>_0` and so on where the ids are known at apply only: removing a subnet
   * that is not the last then replaces the groups of those after it. Switched on, it replaces the group in no order, so that pods
   * stop: to keep them running, add a second pool first.
   * Not with what is in one zone: a reservation by its id, a capacity block, EFA or a placement group.
   */
  perSubnet: z.boolean().default(false),

  /** Capacity reservation or capacity block to launch into, cr-.... */
  capacityReservationId: orToken(z.string().regex(/^cr-[0-9a-f]{8,17}$/)).optional(),
  /** ARN of a resource group of capacity reservations to launch into. */
  capacityReservationResourceGroupArn: orToken(
    z.string().regex(/^arn:aws[a-z-]*:resource-groups:[a-z0-9-]+:\d{12}:group\/[\w.-]+(\/[\w.-]+)?$/),
  ).optional(),

  /** Elastic Fabric Adapter on every network card, with a security group of its own. */
  efa: z.boolean().default(false),
  /**
   * Create a cluster placement group. Defaults to true with EFA, unless the group has a reservation: a reservation made
   * outside the placement group does not serve launches into it.
   */
  placementGroup: z.boolean().optional(),
  /** Existing placement group, such as the one that a reservation was made in. */
  placementGroupName: orToken(z.string().min(1).max(255)).optional(),
  /** Combines the local NVMe disks into one array for images and pods. AL2023 only. */
  localStorage: z.enum(["raid0"]).optional(),
  /** Replace nodes that EKS' monitoring agent finds unhealthy. The limits need AWS provider 6.x. */
  nodeRepair: z
    .union([z.boolean(), nodeRepairSchema], { error: "must be true, false or an object of limits" })
    .default(false),
  /** How pods share a GPU: time slicing, CUDA MPS or MIG partitions; each pod has whole GPUs when absent. */
  gpuSharing: gpuSharingSchema.optional(),

  /** Architecture of instance types that this project does not know. */
  architecture: ec2ArchitectureSchema.optional(),
  /** NVIDIA GPUs of instance types that this project does not know, 0 to 64. */
  gpuCount: z.int().min(0).max(64).optional(),
  /** Neuron devices of instance types that this project does not know, 0 to 64. */
  neuronDeviceCount: z.int().min(0).max(64).optional(),
  /** EFA network cards of instance types that this project does not know, 1 to 32. */
  efaNetworkCards: z.int().min(1).max(32).optional(),
  /** Local NVMe disks, together, of instance types that this project does not know, GB, 20 to 1000000; for `localStorage`. */
  localDiskGb: z.int().min(20).max(1000000).optional(),
};

const groupSchema = z.strictObject(groupShape);
/** Options that runner pools and node groups share. */
export type Group = z.output<typeof groupSchema>;

/** Settings of a node group; a runner pool is turned into them. */
export const nodeGroupShape = {
  ...groupShape,
  /** Kubernetes labels of the nodes, keys and values of at most 63 characters. */
  labels: labelsSchema.default({}),
  /**
   * Kubernetes taints of the nodes, at most 50 with those that this project adds. An additional group with GPUs or Neuron devices gets the taint
   * `nvidia.com/gpu` or `aws.amazon.com/neuron` where these keep no pod off it and none has that key; one of effect
   * PREFER_NO_SCHEDULE and that key leaves it open to all pods.
   */
  taints: taintsSchema.default([]),
};
const nodeGroupSchema = z.strictObject(nodeGroupShape);
export type NodeGroupSettings = z.output<typeof nodeGroupSchema>;
