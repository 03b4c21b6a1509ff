import type { ITerraformDependable } from "cdktf";
import { z } from "zod";
import { instanceTypeSchema, loginShape, METADATA_OPTIONS } from "../aws/ec2/machine-settings";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { orToken, show } from "../common/settings/props";
import { GPU_IMAGE_GIB, hasGpu, imageFor } from "./image";

/** Inputs that concern what the machines are. */
export const machineShape = {
  /**
   * Type of the machines; `t3.medium`, as the document says. One with NVIDIA GPUs, such as `g4dn.xlarge` or `g5.2xlarge`,
   * gets the deep-learning image, one with Graviton the image for arm64.
   */
  instanceType: instanceTypeSchema.default("t3.medium"),
  /** How many machines, 1 to 20, spread over the subnets; 1 by default. A fleet counts for itself. */
  instanceCount: z.int().min(1).max(20).default(1),
  /**
   * GiB of the root volume, 20 to 1000, and 75 at least with the deep-learning image; when absent 50, as the document
   * says, and 100 for types with NVIDIA GPUs.
   */
  rootVolumeSize: z.int().min(20).max(1000).optional(),
  /** KMS key that encrypts the root volume, which EC2 may use; EBS's own key when absent. Another one makes the machine anew. */
  rootVolumeKmsKeyArn: kmsKeyArnSchema.optional(),
  /**
   * Image to stay with, an Amazon Linux 2023 for the type's architecture. When absent, a machine takes the newest when it
   * is made and stays with that: a newer image never replaces a machine.
   */
  amiId: orToken(
    z.string().regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "must be the id of an image such as ami-0123456789abcdef0"),
  ).optional(),
  ...loginShape,
  /**
   * Whether the machines are spare capacity at a lower price, which EC2 takes away, with all that is on the root volume,
   * on two minutes' notice. `maxPrice`: dollars an hour for a machine, at most the on-demand price when absent.
   */
  spot: z
    .union(
      [
        z.boolean(),
        z.strictObject({
          /** Dollars an hour, 0.0001 to 1000. AWS advises against a limit: it makes interruptions more frequent. */
          maxPrice: z.number().min(0.0001).max(1000).multipleOf(0.0001),
        }),
      ],
      { error: ({ input }) => `must be true, false or an object with maxPrice, got ${show(input)}` },
    )
    .default(false),
  /** Subnets of the machines; `public` gives each a public address. */
  placement: z.enum(["private", "public"]).default("private"),
  /** Whether EC2 refuses to terminate a machine until this is off again. */
  terminationProtection: z.boolean().default(false),
  /**
   * Whether a change of the script of the first boot makes the machines anew, with all that is on their root volumes. If
   * not, it is for machines made later; those that run are left alone.
   */
  userDataReplaceOnChange: z.boolean().default(false),
};
const schema = z.object(machineShape);
export type MachineSettings = z.output<typeof schema>;

/** Network that machines stand in; `Network` is one. */
export interface MachineNetwork {
  readonly vpcId: string;
  readonly vpcCidrBlocks: string[];
  readonly publicSubnetIds: string[];
  readonly privateSubnetIds: string[];
}

/** What machines are made of beside their settings. */
export interface MachineProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  readonly network: Pick<MachineNetwork, "publicSubnetIds" | "privateSubnetIds">;
  readonly securityGroupIds: string[];
  readonly instanceProfileName: string;
  /** Script of the first boot, as Terraform reads it: references keep, and what the shell expands is escaped. */
  readonly userData: string;
  /** Whether EC2 tells its metrics each minute and not every five, which costs extra. */
  readonly detailedMonitoring: boolean;
  /** Tags of each machine and its volume beside the name; machines can read them, so keys hold neither spaces nor slashes. */
  readonly tags: Record<string, string>;
  /** What a machine needs as it boots: permissions, the way to the internet. */
  readonly dependsOn: ITerraformDependable[];
}

/** Rules across the settings of machines. */
export function checkMachine(
  settings: MachineSettings & { network?: Partial<MachineNetwork> },
  ctx: z.RefinementCtx,
): void {
  const { instanceType, rootVolumeSize, amiId, spot, placement, network } = settings;
  const image = imageFor(instanceType);
  if (!amiId && "fault" in image) refuse(ctx, "amiId", `is required, since ${image.fault}, got nothing`);
  if (!amiId && hasGpu(instanceType) && rootVolumeSize !== undefined && rootVolumeSize < GPU_IMAGE_GIB) {
    const message = `must be at least ${GPU_IMAGE_GIB} for the deep-learning image of ${instanceType}`;
    refuse(ctx, "rootVolumeSize", `${message}, got ${rootVolumeSize}`);
  }
  if (spot && settings.terminationProtection) {
    // Source: EC2 User Guide, "Change instance termination protection", limits
    refuse(ctx, "terminationProtection", "must be false with spot, which EC2 does not protect, got true");
  }
  if (network?.[`${placement}SubnetIds`]?.length === 0) {
    refuse(ctx, "placement", `must be a tier that the network has subnets of, got ${placement}`);
  }
}

/** GiB of the root volume. */
export const rootVolumeGib = ({ rootVolumeSize, instanceType }: MachineSettings): number =>
  rootVolumeSize ?? (hasGpu(instanceType) ? 100 : 50);

/** Subnets that machines of this placement stand in. */
export const subnetsFor = ({ placement }: Pick<MachineSettings, "placement">, network: MachineProps["network"]) =>
  placement === "public" ? network.publicSubnetIds : network.privateSubnetIds;

/** Metadata by session tokens only, with the machine's tags. */
export const TAGGED_METADATA = { ...METADATA_OPTIONS, instanceMetadataTags: "enabled" };
