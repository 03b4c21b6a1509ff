import { z } from "zod";

/** Dask on ECS. */
export const containerSchema = z.strictObject({});
export type ContainerSettings = z.output<typeof containerSchema>;
