import { z } from "zod";
import { targetShape } from "../../modules/aws/load-balancer/load-balancer-target";
import { privateBucketSettings } from "../../modules/aws/storage/private-bucket";
import { daskClusterSettings } from "../../modules/dask/dask-cluster";
import { clusterPrefixSchema, daskDashboardsSettings } from "../../modules/dask/dask-dashboards";

const pageSchema = z.strictObject({
  /** Hosts that lead to the dashboard, such as `dask.example.com`, 1 to 5: it stands at the root of its host. */
  hosts: targetShape.hosts.refine((hosts) => (hosts?.length ?? 0) > 0, "must have at least one host, got none"),
  /** Dask clusters that the dashboard is for: those whose names begin so; all when empty. */
  clusterPrefix: clusterPrefixSchema.default(""),
  /** Place among the rules of the load balancer; derived from the key when absent. */
  priority: targetShape.priority,
});

/** Dask on ECS. */
export const containerSchema = z.strictObject({
  /** ECS cluster, roles, and the defaults of Dask clusters. */
  cluster: daskClusterSettings.default({}),
  /** Bucket for configuration and helper. */
  filesBucket: privateBucketSettings.default({}),
  /** Dashboards of running Dask clusters behind the load balancer, which must be there; none when absent. */
  dashboards: z
    .strictObject({
      /**
       * Dashboards by a short name each, 1 to 10. Each shows the newest running cluster of its prefix, so clusters that are to
       * be seen side by side get a name and a dashboard each.
       */
      pages: z.record(
        z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be 1 to 32 lower-case letters, digits and hyphens, a letter first"),
        pageSchema,
      ),
      /** Function that registers them. */
      registrar: daskDashboardsSettings.default({}),
    })
    .optional(),
});
export type ContainerSettings = z.output<typeof containerSchema>;
