import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { labelsSchema } from "../cluster/labels";
import { checkedBy } from "../common/settings/checked-by";
import { parseProps } from "../common/settings/props";
import { gpuDashboard } from "./gpu-dashboard";
import { NO_PLUGIN, onGpuNodes, pluginPools } from "./gpu-software";
import { GrafanaDashboard } from "./grafana-dashboard";
import { HelmChart, partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";
import { poolsSchema } from "./pool-scheduling";

const schema = z.strictObject({
  /** All pools of the cluster, of which those with GPUs are measured; from `nodePools()`. */
  pools: poolsSchema,
  /** Namespace of the exporter. */
  namespace: kubeLabelSchema.default("kube-system"),
  /** ServiceMonitor for the Prometheus operator, which must be installed first; false without one. */
  serviceMonitor: z
    .union(
      [
        z.literal(false),
        z.strictObject({
          /** Scrape interval, seconds, 5 to 300. */
          intervalSeconds: z.int().min(5).max(300).default(30),
          /** Labels that Prometheus selects ServiceMonitors by, if any. */
          labels: labelsSchema.default({}),
        }),
      ],
      { error: "must be false or an object of settings" },
    )
    .prefault({}),
  /** Create a Grafana dashboard of the GPUs, in a ConfigMap with the label grafana_dashboard. */
  dashboard: z.boolean().default(true),
  ...partShape,
});
export type DcgmExporterProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const dcgmExporterSettings = checkedBy(schema, { pools: [], dependsOn: undefined });

/** NVIDIA's exporter of GPU metrics on the nodes of GPU pools, with a dashboard. Creates nothing without such a pool. */
export class DcgmExporter extends Construct {
  /** The release; undefined if no pool has GPUs that can be measured. */
  readonly chart: HelmChart | undefined;
  /** What dependents must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DcgmExporterProps) {
    super(scope, id);
    const { pools, namespace, serviceMonitor, dashboard, ...release } = parseProps(this, schema, props);

    // Bottlerocket exposes GPUs only to containers that request them, which the exporter does not.
    const measured = pluginPools(pools);
    if (measured.length > 0) {
      const name = "dcgm-exporter";
      this.chart = new HelmChart(this, "chart", {
        chartKey: name,
        name,
        namespace,
        defaults: {
          ...onGpuNodes(measured, NO_PLUGIN),
          serviceMonitor: serviceMonitor
            ? {
                enabled: true,
                interval: `${serviceMonitor.intervalSeconds}s`,
                scrapeTimeout: `${Math.min(10, serviceMonitor.intervalSeconds)}s`,
                additionalLabels: serviceMonitor.labels,
                relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }],
              }
            : { enabled: false },
        },
        ...release,
      });
      if (dashboard) {
        new GrafanaDashboard(this, "dashboard", { name: "gpu-dashboard", namespace, dashboard: gpuDashboard() });
      }
    }
    this.ready = this.chart?.ready ?? [];
  }
}
