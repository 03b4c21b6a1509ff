import { z } from "zod";

const amount = z.number().min(0).max(1e12);

/** Usage that the Terraform JSON does not contain. What is not given counts as zero and is listed. */
export const usageSchema = z.strictObject({
  /**
   * Average size of Auto Scaling groups, node groups and ECS services, in place of the minimum (or desired) one: by Terraform
   * address, name, or name prefix without the final hyphen.
   */
  sizes: z
    .record(z.string().regex(/^[\w./-]+$/, "must be an address or a name"), z.number().min(0).max(100_000))
    .default({}),
  /** Running hours per month of instances that are stopped on a schedule; all when absent. Volumes are billed throughout. */
  instanceHours: z.number().min(0).max(744).optional(),
  /** Share of the hours, 0 to 1, on spot capacity, for instances without a market option. */
  spotShare: z.number().min(0).max(1).default(0),
  /** Spot price as a fraction of on-demand, in place of the price list's. */
  spotFactor: z.number().gt(0).max(1).optional(),
  /** Data through all NAT gateways, GB per month. */
  natGb: amount.optional(),
  /** Data through all interface endpoints, GB per month. */
  endpointGb: amount.optional(),
  /** Data to the internet, GB per month; the first 100 are free. */
  egressGb: amount.optional(),
  /** Average capacity units (LCU) per load balancer. */
  lcu: amount.optional(),
  /** S3 Standard storage, GB. */
  s3StandardGb: amount.optional(),
  /** S3 Glacier Flexible Retrieval storage, GB. */
  s3GlacierGb: amount.optional(),
  /** EBS snapshots, GB. */
  snapshotGb: amount.optional(),
  /** Data per EFS file system, GB. */
  efsGb: amount.optional(),
  /** Data per message broker, GB. */
  mqStorageGb: amount.optional(),
  /** Log ingestion including flow logs, GB per month. */
  logsIngestGb: amount.optional(),
  /** Stored logs, GB. */
  logsStoredGb: amount.optional(),
  /** Number of custom metrics, such as those of the CloudWatch agent. */
  customMetrics: amount.optional(),
  /** CloudTrail data events per month. */
  cloudtrailDataEvents: amount.optional(),
});
export type KnownUsage = z.output<typeof usageSchema>;
/** Keys of usage-based items. */
export type UsageKey = Exclude<keyof KnownUsage, "sizes" | "instanceHours" | "spotShare" | "spotFactor">;
