import { z } from "zod";
import { sharedFilesShape } from "../aws/storage/shared-files";
import { refuse } from "../common/settings/faults";

/** First part of a path that the operating system, or what the script of the first boot installs, has its own use for. */
const SYSTEM = /^\/(bin|boot|dev|etc|home|lib|lib64|opt|proc|root|run|sbin|sys|tmp|usr|var)(\/|$)/;

/** Folder that something is mounted at: absolute, and not one of the system's. */
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

/** Inputs that concern the file system that all machines share. */
export const sharedMountShape = {
  /** EFS file system that every machine mounts; none when absent. */
  sharedFiles: z
    .strictObject({
      /** Folder that it is mounted at; /mnt/shared by default. */
      mountPoint: mountPointSchema.default("/mnt/shared"),
      ...sharedFilesShape,
    })
    .optional(),
};

/** Refuses two mounts of which one would hide the other. */
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
    const met = mounts
      .slice(0, i)
      .find((other) => isWithin(mountPoint, other.mountPoint) || isWithin(other.mountPoint, mountPoint));
    if (!met) continue;
    const message = `must lie apart from ${met.mountPoint} of ${met.key.join(".")}, got ${mountPoint}`;
    refuse(ctx, [...key, "mountPoint"], message);
  }
}

const isWithin = (outer: string, inner: string) => inner === outer || inner.startsWith(`${outer}/`);
