import { z } from "zod";

/** Name of a namespace or a Service: a DNS label. Source: Kubernetes, "Object Names and IDs". */
export const kubeLabelSchema = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    "must have lower-case letters, digits and hyphens, a letter or digit at both ends",
  );

/** Name of any other object: a DNS subdomain. Source: Kubernetes, "Object Names and IDs". */
export const kubeNameSchema = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    "must have lower-case letters, digits, hyphens and dots, a letter or digit at both ends of each part",
  );

/** Key of a Secret or ConfigMap, which is a file name when mounted. Source: Kubernetes API, ConfigMap.data. */
export const dataKeySchema = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[-._A-Za-z0-9]+$/, "must have letters, digits, hyphens, underscores and dots only")
  .refine((key) => key !== "." && !key.startsWith(".."), "must not be . nor begin with ..");
