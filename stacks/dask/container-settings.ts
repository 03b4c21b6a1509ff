import { z } from "zod";
import { targetShape } from "../../modules/aws/load-balancer/load-balancer-target";
import type { PrivateBucketProps } from "../../modules/aws/storage/private-bucket";
import { checkedBy } from "../../modules/common/settings/checked-by";
import type { DaskClusterSettings } from "../../modules/dask/dask-cluster";
import { clusterPrefixSchema, type DaskDashboardsProps } from "../../modules/dask/dask-dashboards";

/** Settings of the bucket for configuration and helper; the stack names it. */
export type DaskFilesBucketSettings = Omit<PrivateBucketProps, "bucketPrefix" | "provider">;

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
  cluster: checkedBy<DaskClusterSettings>().default({}),
  /** Bucket for configuration and helper. */
  filesBucket: checkedBy<DaskFilesBucketSettings>().default({}),
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
      registrar: checkedBy<Omit<DaskDashboardsProps, "name" | "cluster" | "dashboards">>().default({}),
    })
    .optional(),
});
export type ContainerSettings = z.output<typeof containerSchema>;
