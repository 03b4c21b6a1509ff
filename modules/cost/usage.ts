import { z } from "zod";

const amount = z.number().min(0).max(1e12);

/** What a stack's bill depends on and its Terraform JSON does not say. What is not given counts as nothing, and is listed. */
export const usageSchema = z.strictObject({
  /**
   * Average size of auto-scaling groups, node groups and ECS services, in place of their least (or desired) one: by
   * Terraform address, or by name or name prefix without its last hyphen.
   */
  sizes: z
    .record(z.string().regex(/^[\w./-]+$/, "must be an address or a name"), z.number().min(0).max(100_000))
    .default({}),
  /** Hours in a month in which instances run that are stopped on a schedule; all hours when absent. Volumes stay. */
  instanceHours: z.number().min(0).max(744).optional(),
  /** Part of the hours, 0 to 1, for which instances that ask for no market run on spot capacity. */
  spotShare: z.number().min(0).max(1).default(0),
  /** Price of spot capacity as a part of on demand, in place of the factors in the price list. */
  spotFactor: z.number().gt(0).max(1).optional(),
  /** GB a month through all NAT gateways. */
  natGb: amount.optional(),
  /** GB a month through all interface endpoints. */
  endpointGb: amount.optional(),
  /** GB a month to the internet; the first 100 are free. */
  egressGb: amount.optional(),
  /** Load-balancer capacity units that each load balancer uses on average. */
  lcu: amount.optional(),
  /** GB in all S3 buckets in the standard class. */
  s3StandardGb: amount.optional(),
  /** GB in all S3 buckets in Glacier Flexible Retrieval. */
  s3GlacierGb: amount.optional(),
  /** GB of snapshots of volumes. */
  snapshotGb: amount.optional(),
  /** GB in each EFS file system. */
  efsGb: amount.optional(),
  /** GB on each message broker. */
  mqStorageGb: amount.optional(),
  /** GB a month that all log groups take in, flow logs included. */
  logsIngestGb: amount.optional(),
  /** GB that all log groups keep. */
  logsStoredGb: amount.optional(),
  /** Metrics that are published besides those of AWS, such as those of the CloudWatch agent. */
  customMetrics: amount.optional(),
  /** Data events a month that all trails record. */
  cloudtrailDataEvents: amount.optional(),
});
export type KnownUsage = z.output<typeof usageSchema>;
/** Keys of amounts that are billed by use. */
export type UsageKey = Exclude<keyof KnownUsage, "sizes" | "instanceHours" | "spotShare" | "spotFactor">;
