import { z } from "zod";
import { checkSharedFiles, sharedFilesShape } from "../aws/storage/shared-files";
import { pathText, refuse } from "../common/settings/faults";

/** Folders of the operating system, and of what the user data installs. */
const SYSTEM = /^\/(bin|boot|dev|etc|home|lib|lib64|opt|proc|root|run|sbin|sys|tmp|usr|var)(\/|$)/;

/** Mount point: an absolute path that is not one of the system's. */
export const mountPointSchema = z
  .string()
  .max(100)
  .regex(
    /^(\/[a-z0-9][a-z0-9_-]*)+$/,
    "must be an absolute path of lower-case letters, digits, hyphens and underscores, such as /data",
  )
  .refine((path) => !SYSTEM.test(path), {
    error: ({ input }) => `must not be a folder of the operating system; take one such as /data, got ${input}`,
  });

/** Settings of the shared file system. */
export const sharedMountShape = {
  /** EFS file system that every machine mounts. */
  sharedFiles: z
    .strictObject({
      /** Mount point. */
      mountPoint: mountPointSchema.default("/mnt/shared"),
      ...sharedFilesShape,
    })
    .superRefine(checkSharedFiles)
    .optional(),
};

/** Refuses mounts that would hide each other. */
export function checkMounts(
  settings: { dataVolumes: readonly { mountPoint: string }[]; sharedFiles?: { mountPoint: string } },
  ctx: z.RefinementCtx,
) {
  const { dataVolumes, sharedFiles } = settings;
  const mounts = [
    ...dataVolumes.map(({ mountPoint }, i) => ({ mountPoint, key: ["dataVolumes", i] })),
    ...(sharedFiles ? [{ mountPoint: sharedFiles.mountPoint, key: ["sharedFiles"] }] : []),
  ];
  for (const [i, { mountPoint, key }] of mounts.entries()) {
    const overlapping = mounts
      .slice(0, i)
      .find((other) => isWithin(mountPoint, other.mountPoint) || isWithin(other.mountPoint, mountPoint));
    if (!overlapping) continue;
    const message = `must not overlap ${overlapping.mountPoint} of ${pathText(overlapping.key)}, got ${mountPoint}`;
    refuse(ctx, [...key, "mountPoint"], message);
  }
}

const isWithin = (outer: string, inner: string) => inner === outer || inner.startsWith(`${outer}/`);
