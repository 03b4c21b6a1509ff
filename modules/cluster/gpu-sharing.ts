import { z } from "zod";
import { refuse } from "../common/settings/faults";
import type { ImageFamily } from "./image";

const replicas = z.int().min(2);

/**
 * How pods share a GPU: exactly one of three ways. Bottlerocket's built-in device plugin supports time slicing only and is
 * configured by user data; on AL2023 a node label names a configuration of the device plugin's chart.
 */
export const gpuSharingSchema = z
  .strictObject({
    /** Pods per GPU by time slicing, at least 2. Each may use all of the GPU's memory. */
    timeSlicing: replicas.optional(),
    /** Pods per GPU by CUDA MPS, 2 to 48, each with an equal share of the GPU's memory. */
    mps: replicas.max(48).optional(), // NVIDIA MPS documentation, "Limitations": 48 clients per device
    /**
     * MIG profile, such as 1g.10gb. Each GPU is partitioned into as many instances of it as fit, by the GPU operator's MIG
     * manager, which reads the node label nvidia.com/mig.config.
     */
    mig: z
      .string()
      .regex(/^[1-7]g\.\d+gb$/, "must be a MIG profile such as 1g.10gb")
      .optional(),
  })
  .superRefine((sharing, ctx) => {
    const ways = Object.entries(sharing).flatMap(([way, value]) => (value === undefined ? [] : way));
    if (ways.length === 1) return;
    refuse(ctx, [], `must have one of timeSlicing, mps and mig, got ${ways.join(" and ") || "none"}`);
  });
export type GpuSharing = z.output<typeof gpuSharingSchema>;

const A100_40 = { "1g.5gb": 7, "1g.10gb": 4, "2g.10gb": 3, "3g.20gb": 2, "4g.20gb": 1, "7g.40gb": 1 };
const H100 = { "1g.10gb": 7, "1g.20gb": 4, "2g.20gb": 3, "3g.40gb": 2, "4g.40gb": 1, "7g.80gb": 1 };
const H200 = { "1g.18gb": 7, "1g.35gb": 4, "2g.35gb": 3, "3g.71gb": 2, "4g.71gb": 1, "7g.141gb": 1 };
const B200 = { "1g.23gb": 7, "1g.45gb": 4, "2g.45gb": 3, "3g.90gb": 2, "4g.90gb": 1, "7g.180gb": 1 };
/**
 * MIG instances per GPU, by instance family and profile. Source: GPU operator v26.3.3, assets/state-mig-manager,
 * configurations all-<profile>; GPUs of each family from the EC2 Instance Types guide.
 */
const PARTITIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  p4d: A100_40,
  p4de: H100, // A100 of 80 GB, partitioned like an H100
  p5: H100,
  p5e: H200,
  p5en: H200,
  "p6-b200": B200,
};

const familyOf = (instanceType: string) => instanceType.split(".")[0] ?? "";

/** A group whose GPUs may be shared. */
interface SharedGroup {
  readonly instanceTypes: readonly string[];
  readonly imageFamily: ImageFamily;
  readonly gpuSharing?: GpuSharing;
}

/** Number of `nvidia.com/gpu` resources that the device plugin announces for each GPU of the nodes, at least. */
export const sharesPerGpu = ({ gpuSharing, instanceTypes }: Pick<SharedGroup, "gpuSharing" | "instanceTypes">) =>
  Math.min(...instanceTypes.map((type) => sharesOn(type, gpuSharing)));

/** Number of `nvidia.com/gpu` resources that the device plugin announces for each GPU of an instance type. */
export function sharesOn(instanceType: string, { timeSlicing, mps, mig }: GpuSharing = {}): number {
  if (mig === undefined) return timeSlicing ?? mps ?? 1;
  return PARTITIONS[familyOf(instanceType)]?.[mig] ?? 1;
}

/** Pods per GPU that Bottlerocket's built-in device plugin is to allow; undefined on other images. */
export const bottlerocketReplicas = ({ imageFamily, gpuSharing }: Omit<SharedGroup, "instanceTypes">) =>
  imageFamily === "bottlerocket" ? gpuSharing?.timeSlicing : undefined;

/** Name of the device plugin configuration for this kind of sharing. */
export function sharingConfig({ timeSlicing, mps }: GpuSharing): string {
  if (timeSlicing !== undefined) return `time-slicing-${timeSlicing}`;
  return mps === undefined ? "mig-single" : `mps-${mps}`;
}

/** Labels that tell the device plugin and the MIG manager how a node's GPUs are shared. */
export const sharingLabels = (sharing: GpuSharing): Record<string, string> => ({
  "nvidia.com/device-plugin.config": sharingConfig(sharing),
  ...(sharing.mig !== undefined && { "nvidia.com/mig.config": `all-${sharing.mig}` }),
});

/** Refuses kinds of sharing that the image or the GPUs do not support. */
export function checkGpuSharing(
  { gpuSharing, imageFamily, instanceTypes }: SharedGroup & { gpuSharing: GpuSharing },
  ctx: z.RefinementCtx,
): void {
  const { mps, mig } = gpuSharing;
  if (imageFamily === "bottlerocket" && (mps !== undefined || mig !== undefined)) {
    const message = `must be timeSlicing with imageFamily bottlerocket, got ${JSON.stringify(gpuSharing)}`;
    refuse(ctx, "gpuSharing", message);
  }
  if (mig === undefined) return;
  for (const type of instanceTypes) {
    const profiles = Object.keys(PARTITIONS[familyOf(type)] ?? {});
    if (profiles.includes(mig)) continue;
    const known =
      profiles.length > 0
        ? `one of ${profiles.join(", ")} on ${type}`
        : `left out on ${type}, which this project knows no MIG profile of`;
    refuse(ctx, "gpuSharing", `must have as mig ${known}, got ${mig}`);
  }
}
