import type { ITerraformDependable } from "cdktf";
import { z } from "zod";
import { impossibleType } from "../aws/ec2/instance-types";
import { GPU_IMAGE_GIB, hasGpu, imageFor } from "../aws/ec2/machine-image";
import { instanceTypeSchema, loginShape, METADATA_OPTIONS } from "../aws/ec2/machine-settings";
import type { PrivateReach } from "../common/private-reach";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { orToken, show } from "../common/settings/props";
import type { Zones } from "../common/zones";

/** Settings of the machines. */
export const machineShape = {
  /**
   * Instance type. Types with NVIDIA GPUs, such as `g4dn.xlarge` or `g5.2xlarge`, get the deep-learning image, Graviton
   * types the arm64 image.
   */
  instanceType: instanceTypeSchema.default("t3.medium"),
  /** Number of machines, 1 to 20, spread over the subnets. A fleet has its own sizes. */
  instanceCount: z.int().min(1).max(20).default(1),
  /**
   * Root volume, GiB, 20 to 1000, and at least 75 with the deep-learning image. When absent 50, or 100 for types with
   * NVIDIA GPUs.
   */
  rootVolumeSize: z.int().min(20).max(1000).optional(),
  /**
   * KMS key of the root volume; EBS's own key when absent. Changing it replaces the machine. For a single machine,
   * who deploys must be allowed to use it. A fleet gives EC2 Auto Scaling a grant on it, for which who deploys must be allowed
   * kms:CreateGrant, and Auto Scaling's service-linked role must exist: the first Auto Scaling group of an account creates it.
   */
  diskKmsKeyArn: kmsKeyArnSchema.optional(),
  /**
   * Fixed image, an Amazon Linux 2023 for the type's architecture. When absent, a machine keeps the newest of the time when
   * it is created: a newer image never replaces a machine.
   */
  amiId: orToken(
    z.string().regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "must be the id of an image such as ami-0123456789abcdef0"),
  ).optional(),
  ...loginShape,
  /**
   * Spot Instances: cheaper, but EC2 terminates them, with their root volumes, on two minutes' notice. `maxPrice`: USD per
   * hour and machine, the on-demand price when absent.
   */
  spot: z
    .union(
      [
        z.boolean(),
        z.strictObject({
          /** USD per hour, 0.0001 to 1000. AWS recommends no limit, since one makes interruptions more frequent. */
          maxPrice: z.number().min(0.0001).max(1000).multipleOf(0.0001),
        }),
      ],
      { error: ({ input }) => `must be true, false or an object with maxPrice, got ${show(input)}` },
    )
    .default(false),
  /** Subnets of the machines; `public` gives each a public IP address. */
  placement: z.enum(["private", "public"]).default("private"),
  /** Termination protection of EC2. */
  terminationProtection: z.boolean().default(false),
  /**
   * Replace the machines, with their root volumes, when the user data changes. Otherwise a change applies to machines that
   * are created later.
   */
  userDataReplaceOnChange: z.boolean().default(false),
};
const schema = z.object(machineShape);
export type MachineSettings = z.output<typeof schema>;

/** Network of the machines; `Network` is one. */
export interface MachineNetwork extends Zones {
  readonly vpcId: string;
  readonly vpcCidrBlocks: string[];
  readonly publicSubnetIds: string[];
  readonly privateSubnetIds: string[];
  /** What the private subnets reach outside the VPC; nothing is known of it when absent. */
  readonly privateReach?: PrivateReach;
}

/** Inputs of the machines in addition to their settings. */
export interface MachineProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  readonly network: Pick<MachineNetwork, "publicSubnetIds" | "privateSubnetIds">;
  readonly securityGroupIds: string[];
  readonly instanceProfileName: string;
  /** User data as a Terraform string: references stay, and shell expansions are escaped. */
  readonly userData: string;
  /** EC2 metrics every minute instead of every five, at extra cost. */
  readonly detailedMonitoring: boolean;
  /** Tags of each machine and its volume in addition to the name. Instance metadata shows them, so keys have no spaces or slashes. */
  readonly tags: Record<string, string>;
  /** What a machine needs at boot: permissions, routes to the internet. */
  readonly dependsOn: ITerraformDependable[];
}

/** Rules across the settings of machines. */
export function checkMachine(
  settings: MachineSettings & { network?: Partial<MachineNetwork> },
  ctx: z.RefinementCtx,
): void {
  const { instanceType, rootVolumeSize, amiId, spot, placement, network } = settings;
  const image = imageFor(instanceType);
  const exists = impossibleType(instanceType) === undefined; // or else its own error says so
  if (!amiId && exists && "fault" in image) refuse(ctx, "amiId", `is required, since ${image.fault}, got nothing`);
  if (!amiId && hasGpu(instanceType) && rootVolumeSize !== undefined && rootVolumeSize < GPU_IMAGE_GIB) {
    const message = `must be at least ${GPU_IMAGE_GIB} for the deep-learning image of ${instanceType}`;
    refuse(ctx, "rootVolumeSize", `${message}, got ${rootVolumeSize}`);
  }
  if (spot && settings.terminationProtection) {
    // Source: EC2 User Guide, "Change instance termination protection", limits
    refuse(ctx, "terminationProtection", "must be false with spot, which EC2 does not protect, got true");
  }
  if (network?.[`${placement}SubnetIds`]?.length === 0) {
    refuse(ctx, "placement", `must be a tier of which the network has subnets, got ${placement}`);
  }
  const { privateReach = "everything" } = network ?? {};
  if (placement === "private" && privateReach !== "everything") {
    const why = "the first boot installs libraries by pip from the internet, which no endpoint leads to";
    refuse(ctx, "placement", `must be public where the network has no NAT, or give it NAT: ${why}, got private`);
  }
}

/** Size of the root volume, GiB. */
export const rootVolumeGib = ({ rootVolumeSize, instanceType }: MachineSettings): number =>
  rootVolumeSize ?? (hasGpu(instanceType) ? 100 : 50);

/** Subnets of this placement. */
export const subnetsFor = ({ placement }: Pick<MachineSettings, "placement">, network: MachineProps["network"]) =>
  placement === "public" ? network.publicSubnetIds : network.privateSubnetIds;

/** Metadata by session tokens only, with the machine's tags. */
export const TAGGED_METADATA = { ...METADATA_OPTIONS, instanceMetadataTags: "enabled" };
