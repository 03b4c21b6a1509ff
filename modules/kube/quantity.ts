import { z } from "zod";

/** Binary units of a quantity, as powers of 1024. Source: Kubernetes, "Resource Management for Pods and Containers". */
const BYTES: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5 };

/** CPU quantity: cores such as 2 or 0.5, or millicores such as 250m. */
export const cpuSchema = z
  .string()
  .regex(/^(\d{1,6}(\.\d{1,3})?|\d{1,9}m)$/, 'must be cores such as "2" or "0.5", or millicores such as "250m"')
  .refine((text) => cores(text) > 0, "must be more than 0");

/** Memory or disk quantity with a binary unit, such as 512Mi or 50Gi. */
export const bytesSchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,3})?(Ki|Mi|Gi|Ti|Pi)$/, 'must be an amount such as "512Mi" or "50Gi"')
  .refine((text) => bytes(text) > 0, "must be more than 0");

/** A CPU quantity in cores. */
export const cores = (text: string): number => (text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text));

/** A quantity in bytes. */
export const bytes = (text: string): number =>
  Number.parseFloat(text) * 1024 ** (BYTES[text.replace(/^[\d.]+/, "")] ?? Number.NaN);
