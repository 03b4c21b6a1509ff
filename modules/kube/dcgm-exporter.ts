import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { labelsSchema } from "../cluster/labels";
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
  /** Let the Prometheus operator know of the exporter by a ServiceMonitor. It must be installed before; false where there is none. */
  serviceMonitor: z
    .union(
      [
        z.literal(false),
        z.strictObject({
          /** Seconds between two readings, 5 to 300. */
          intervalSeconds: z.int().min(5).max(300).default(30),
          /** Labels by which Prometheus chooses its ServiceMonitors, if it does. */
          labels: labelsSchema.default({}),
        }),
      ],
      { error: "must be false or an object of settings" },
    )
    .prefault({}),
  /** A dashboard of the GPUs for Grafana, in a ConfigMap with the label grafana_dashboard. */
  dashboard: z.boolean().default(true),
  ...partShape,
});
export type DcgmExporterProps = z.input<typeof schema>;

/** NVIDIA's exporter of GPU metrics on the nodes of GPU pools, with a dashboard. Nothing where there is no such pool. */
export class DcgmExporter extends Construct {
  /** The release; none where no pool has GPUs that it could measure. */
  readonly chart: HelmChart | undefined;
  /** What must wait for the exporter. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DcgmExporterProps) {
    super(scope, id);
    const { pools, namespace, serviceMonitor, dashboard, ...release } = parseProps(this, schema, props);

    // Bottlerocket gives a container GPUs only for a request of them, which the exporter does not make.
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
