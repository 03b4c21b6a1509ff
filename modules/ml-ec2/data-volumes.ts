import { createHash } from "node:crypto";
import { EbsVolume } from "@cdktf/provider-aws/lib/ebs-volume";
import { VolumeAttachment } from "@cdktf/provider-aws/lib/volume-attachment";
import { Construct } from "constructs";
import { z } from "zod";
import type { FleetVolume } from "../aws/ec2/fleet";
import { GP3_BASELINE } from "../aws/ec2/gp3";
import { allowReplacementShape, lastingSettings } from "../common/lasting-settings";
import { idFrom } from "../common/names";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { mountPointSchema } from "./mounts";

/** Device letters that EC2 recommends for data volumes. Source: EC2 User Guide, "Device names for volumes". */
const LETTERS = [..."fghijklmnop"];
const DEVICES = LETTERS.map((letter) => `/dev/sd${letter}`);

const volumeSchema = z
  .strictObject({
    /** Name of the volume, 1 to 30 lower-case letters, digits and hyphens. Changing it replaces the volume. */
    name: z
      .string()
      .max(30)
      .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, "must be lower-case letters, digits and hyphens, a letter first"),
    /** Size, GiB, 1 to 16384. It can grow later, but not shrink. */
    size: z.int().min(1).max(16384),
    /** IOPS, 3000 to 16000 and at most 500 per GiB; 3000, which are free of charge, when absent. */
    iops: z.int().min(3000).max(16000).optional(),
    /** Throughput, MiB/s, 125 to 1000 and at most a quarter of `iops`; 125, which are free of charge, when absent. */
    throughput: z.int().min(125).max(1000).optional(),
    /**
     * KMS key of the volume; EBS's own key when absent. It cannot be changed. As for `diskKmsKeyArn`, who deploys
     * must be allowed to use it, and a fleet gives EC2 Auto Scaling a grant on it.
     */
    kmsKeyArn: kmsKeyArnSchema.optional(),
    /** Mount point. */
    mountPoint: mountPointSchema,
    /** Device name, /dev/sdf to /dev/sdp; derived from the name when absent. */
    device: z.enum(DEVICES).optional(),
    ...allowReplacementShape,
  })
  .superRefine(({ size, iops = 3000, throughput = 125 }, ctx) => {
    // Source: EBS User Guide, "General Purpose SSD volumes", gp3; every size includes 3000
    const most = Math.max(3000, size * 500);
    if (iops > most) refuse(ctx, "iops", `must be at most ${most} for ${size} GiB, got ${iops}`);
    if (throughput > iops / 4)
      refuse(ctx, "throughput", `must be at most ${iops / 4}, a quarter of iops (${iops}), got ${throughput}`);
  });

/** Settings of the volumes in addition to the root volume. */
export const dataVolumesShape = {
  /** Encrypted gp3 data volumes of every machine, at most 11. */
  dataVolumes: z
    .array(volumeSchema)
    .max(LETTERS.length)
    .superRefine((volumes, ctx) => {
      const free = DEVICES.find((device) => volumes.every((volume) => deviceOf(volume) !== device));
      const names = new Set<string>();
      const owners = new Map<string, string>();
      for (const [index, volume] of volumes.entries()) {
        const { name } = volume;
        if (names.has(name)) refuse(ctx, [index, "name"], `must differ from that of every other volume, got ${name}`);
        const device = deviceOf(volume);
        const owner = owners.get(device);
        if (owner !== undefined && !names.has(name)) {
          refuse(
            ctx,
            [index, "device"],
            `must be given, such as ${free}, since ${owner} already has ${device}, got ${volume.device ?? device}`,
          );
        }
        names.add(name);
        owners.set(device, name);
      }
    })
    .default([]),
};
export type DataVolume = z.output<typeof volumeSchema>;

/**
 * Device of a volume, derived from its own name so that no other volume changes it: a change of the device detaches and
 * reattaches the volume. If two names give the same device, the user has to choose one.
 */
function deviceOf({ name, device }: Pick<DataVolume, "name" | "device">): string {
  const [byte = 0] = createHash("sha256").update(name).digest();
  return device ?? DEVICES[byte % DEVICES.length] ?? "";
}

/** Volume to format and mount in user data. Amazon Linux links the device name to the disk, whatever its kernel name. */
export interface DataMount {
  readonly name: string;
  readonly device: string;
  readonly mountPoint: string;
}

export const dataMounts = (volumes: readonly DataVolume[]): DataMount[] =>
  byName(volumes).map((volume) => ({ name: volume.name, device: deviceOf(volume), mountPoint: volume.mountPoint }));

/** Volumes of a fleet, which are created and deleted with each machine. */
export const fleetVolumes = (volumes: readonly DataVolume[]): FleetVolume[] =>
  byName(volumes).map((volume) => ({
    name: volume.name,
    kmsKeyArn: volume.kmsKeyArn,
    mapping: {
      deviceName: deviceOf(volume),
      ebs: {
        volumeType: "gp3",
        volumeSize: volume.size,
        iops: volume.iops ?? GP3_BASELINE.iops,
        throughput: volume.throughput ?? GP3_BASELINE.throughput,
        encrypted: "true",
        kmsKeyId: volume.kmsKeyArn,
        deleteOnTermination: "true",
      },
    },
  }));

export interface DataVolumesProps {
  prefix: string;
  instances: readonly { readonly key: string; readonly instanceId: string; readonly availabilityZone: string }[];
  volumes: readonly DataVolume[];
  /** Have Terraform refuse every plan that deletes a volume. */
  preventDestroy?: boolean;
}

/** Volumes of single instances, which outlive the instance. */
export class DataVolumes extends Construct {
  /** Volume ids by instance key, then by volume name. */
  readonly volumeIds: Record<string, Record<string, string>> = {};

  constructor(scope: Construct, id: string, { prefix, instances, volumes, preventDestroy }: DataVolumesProps) {
    super(scope, id);
    for (const { key, instanceId, availabilityZone } of [...instances].sort((a, b) => (a.key < b.key ? -1 : 1))) {
      const ofInstance = new Construct(this, idFrom(key));
      const made = byName(volumes).map((volume) => {
        const ofVolume = new Construct(ofInstance, idFrom(volume.name));
        const { id: volumeId } = new EbsVolume(ofVolume, "volume", {
          availabilityZone,
          type: "gp3",
          size: volume.size,
          iops: volume.iops ?? GP3_BASELINE.iops,
          throughput: volume.throughput ?? GP3_BASELINE.throughput,
          encrypted: true,
          kmsKeyId: volume.kmsKeyArn,
          tags: { Name: `${prefix}-${key}-${volume.name}` },
          // The zone of an instance that is about to be replaced is unknown, which would replace the volume too.
          lifecycle: {
            ...lastingSettings(ofVolume, "lasting", {
              what: `the volume ${volume.name}`,
              settings: { kmsKeyArn: volume.kmsKeyArn },
              allowReplacement: volume.allowReplacement,
            }),
            ignoreChanges: ["availability_zone"],
            ...(preventDestroy && { preventDestroy }),
          },
        });
        new VolumeAttachment(ofVolume, "attachment", {
          deviceName: deviceOf(volume),
          instanceId,
          volumeId,
          stopInstanceBeforeDetaching: true, // so that no unwritten data is lost
        });
        return [volume.name, volumeId];
      });
      this.volumeIds[key] = Object.fromEntries(made);
    }
  }
}

const byName = (volumes: readonly DataVolume[]) => [...volumes].sort((a, b) => (a.name < b.name ? -1 : 1));
