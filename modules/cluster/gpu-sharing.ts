import { z } from "zod";
import type { Fail, Group } from "./group-settings";

const replicas = z.int().min(2);

/**
 * How pods share a GPU, one of three ways. Bottlerocket's own device plugin is told in its user data and takes turns only;
 * on AL2023 the node's label names the configuration that the device plugin's chart must hold.
 */
export const gpuSharingSchema = z
  .strictObject({
    /** Pods that share each GPU by turns, at least 2. Each may use all of its memory. */
    timeSlicing: replicas.optional(),
    /** Pods that share each GPU at the same time (CUDA MPS), 2 to 48, each with an equal part of its memory. */
    mps: replicas.max(48).optional(), // NVIDIA MPS documentation, "Limitations": 48 clients per device
    /**
     * Profile, such as 1g.10gb, of the hardware partitions (MIG) that each GPU is divided into, as many as fit. Whatever
     * reads the node's label nvidia.com/mig.config divides them: the GPU operator's MIG manager.
     */
    mig: z
      .string()
      .regex(/^[1-7]g\.\d+gb$/, "must be a MIG profile such as 1g.10gb")
      .optional(),
  })
  .superRefine((sharing, ctx) => {
    const ways = Object.entries(sharing).flatMap(([way, value]) => (value === undefined ? [] : way));
    if (ways.length === 1) return;
    const message = `must have one of timeSlicing, mps and mig, got ${ways.join(" and ") || "none"}`;
    ctx.addIssue({ code: "custom", message });
  });
export type GpuSharing = z.output<typeof gpuSharingSchema>;

const A100_40 = { "1g.5gb": 7, "1g.10gb": 4, "2g.10gb": 3, "3g.20gb": 2, "4g.20gb": 1, "7g.40gb": 1 };
const H100 = { "1g.10gb": 7, "1g.20gb": 4, "2g.20gb": 3, "3g.40gb": 2, "4g.40gb": 1, "7g.80gb": 1 };
const H200 = { "1g.18gb": 7, "1g.35gb": 4, "2g.35gb": 3, "3g.71gb": 2, "4g.71gb": 1, "7g.141gb": 1 };
const B200 = { "1g.23gb": 7, "1g.45gb": 4, "2g.45gb": 3, "3g.90gb": 2, "4g.90gb": 1, "7g.180gb": 1 };
/**
 * Partitions of one GPU by instance family and profile. Source: GPU operator v26.3.3, assets/state-mig-manager,
 * configurations all-<profile>; GPUs of the families as the EC2 Instance Types guide has them.
 */
const PARTITIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  p4d: A100_40,
  p4de: H100, // A100 of 80 GB, which is divided like an H100
  p5: H100,
  p5e: H200,
  p5en: H200,
  "p6-b200": B200,
};

const familyOf = (instanceType: string) => instanceType.split(".")[0] ?? "";

/** How many pods get a GPU, or a part of one, of each GPU of the nodes. */
export function sharesPerGpu({ gpuSharing, instanceTypes }: Pick<Group, "gpuSharing" | "instanceTypes">): number {
  const { timeSlicing, mps, mig } = gpuSharing ?? {};
  if (mig === undefined) return timeSlicing ?? mps ?? 1;
  return Math.min(...instanceTypes.map((type) => PARTITIONS[familyOf(type)]?.[mig] ?? 1));
}

/** Name of the device plugin's configuration for this way of sharing. */
export function sharingConfig({ timeSlicing, mps }: GpuSharing): string {
  if (timeSlicing !== undefined) return `time-slicing-${timeSlicing}`;
  return mps === undefined ? "mig-single" : `mps-${mps}`;
}

/** Labels by which the device plugin and the MIG manager learn how a node's GPUs are shared. */
export const sharingLabels = (sharing: GpuSharing): Record<string, string> => ({
  "nvidia.com/device-plugin.config": sharingConfig(sharing),
  ...(sharing.mig !== undefined && { "nvidia.com/mig.config": `all-${sharing.mig}` }),
});

/** Refuses ways of sharing that the image or the GPUs do not know. */
export function checkGpuSharing({ gpuSharing, imageFamily, instanceTypes }: Group, fail: Fail): void {
  const { mps, mig } = gpuSharing ?? {};
  if (imageFamily === "bottlerocket" && (mps !== undefined || mig !== undefined)) {
    fail("gpuSharing", `must be timeSlicing with imageFamily bottlerocket, got ${JSON.stringify(gpuSharing)}`);
  }
  for (const type of mig === undefined ? [] : instanceTypes) {
    const profiles = Object.keys(PARTITIONS[familyOf(type)] ?? {});
    if (profiles.includes(mig as string)) continue;
    const known =
      profiles.length > 0
        ? `one of ${profiles.join(", ")} on ${type}`
        : `left out on ${type}, which this project knows no MIG profile of`;
    fail("gpuSharing", `must have as mig ${known}, got ${mig}`);
  }
}
