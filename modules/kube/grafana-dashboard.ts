import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { Construct } from "constructs";
import { z } from "zod";
import { parseProps } from "../common/settings/props";
import { literal } from "./helm-chart";
import { kubeLabelSchema, kubeNameSchema } from "./kube-names";

const schema = z.strictObject({
  /** Name of the ConfigMap and, with .json, of Grafana's dashboard file. */
  name: kubeNameSchema.max(58),
  /** Namespace of the ConfigMap, in which Grafana must look for dashboards. */
  namespace: kubeLabelSchema,
  /** Grafana's JSON model of the dashboard. */
  dashboard: z.record(z.string(), z.json()),
});
export type GrafanaDashboardProps = z.input<typeof schema>;

/** A dashboard in a ConfigMap with the label that Grafana's sidecar looks for, `grafana_dashboard: "1"`. */
export class GrafanaDashboard extends Construct {
  readonly configMap: ConfigMapV1;

  constructor(scope: Construct, id: string, props: GrafanaDashboardProps) {
    super(scope, id);
    const { name, namespace, dashboard } = parseProps(this, schema, props);
    this.configMap = new ConfigMapV1(this, "config-map", {
      metadata: { name, namespace, labels: { grafana_dashboard: "1" } },
      data: { [`${name}.json`]: literal(JSON.stringify(dashboard)) },
    });
  }
}

/** One query of a panel, with its legend. */
export interface Query {
  readonly expr: string;
  readonly legend?: string;
}
/** A panel without its position. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  readonly kind: "stat" | "timeseries" | "table";
  /** Grafana's name of the unit, such as percent, watt, bytes. */
  readonly unit: string;
  readonly max?: number;
  readonly queries: readonly Query[];
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own variable
const datasource = { type: "prometheus", uid: "${datasource}" };

/** Grafana's panels, row by row: the panels of a row share its 24 columns. */
export const panelsOf = (rows: readonly (readonly Panel[])[]) =>
  rows.flatMap((row, y) =>
    row.map(({ kind, unit, max, title, description, queries }, x) => ({
      id: rows.slice(0, y).reduce((count, { length }) => count + length, 0) + x + 1,
      type: kind,
      title,
      description,
      datasource,
      gridPos: { x: Math.floor((24 / row.length) * x), y: y * 8, w: Math.floor(24 / row.length), h: 8 },
      fieldConfig: { defaults: { unit, min: 0, ...(max !== undefined && { max }) }, overrides: [] },
      targets: queries.map(({ expr, legend }, i) => ({
        refId: String.fromCharCode(65 + i),
        datasource,
        expr,
        ...(legend !== undefined && { legendFormat: legend }),
        ...(kind !== "timeseries" && { instant: true }),
        ...(kind === "table" && { format: "table" }),
      })),
    })),
  );

/** Variables of a dashboard: its data source, and labels to filter by. */
export const variablesOf = (metric: string, labels: readonly string[]) => ({
  list: [
    { name: "datasource", type: "datasource", query: "prometheus", label: "Data source" },
    ...labels.map((name) => ({
      name,
      type: "query",
      datasource,
      query: `label_values(${metric}, ${name})`,
      refresh: 2, // whenever the time range changes
      includeAll: true,
      multi: true,
      current: { text: "All", value: "$__all" },
    })),
  ],
});
