import { z } from "zod";

/** Powers of 1024 that a quantity of bytes is told in. Source: Kubernetes, "Resource Management for Pods and Containers". */
const BYTES: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5 };

/** CPU: cores such as 2 or 0.5, or thousandths of one such as 250m. */
export const cpuSchema = z
  .string()
  .regex(/^(\d{1,6}(\.\d{1,3})?|\d{1,9}m)$/, 'must be cores such as "2" or "0.5", or thousandths of one such as "250m"')
  .refine((text) => cores(text) > 0, "must be more than 0");

/** Memory or disk: bytes with a binary unit, such as 512Mi or 50Gi. */
export const bytesSchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,3})?(Ki|Mi|Gi|Ti|Pi)$/, 'must be an amount such as "512Mi" or "50Gi"')
  .refine((text) => bytes(text) > 0, "must be more than 0");

/** Cores that a CPU quantity stands for. */
export const cores = (text: string): number => (text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text));

/** Bytes that a quantity stands for. */
export const bytes = (text: string): number =>
  Number.parseFloat(text) * 1024 ** (BYTES[text.replace(/^[\d.]+/, "")] ?? Number.NaN);
