import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import type { NodePool } from "../cluster/node-pool";
import { parseProps } from "../common/settings/props";
import { HelmChart, partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";
import { poolsSchema, tolerationsOf } from "./pool-scheduling";

const schema = z.strictObject({
  /** All pools of the cluster, of which those with EFA get the plugin; from `nodePools()`. */
  pools: poolsSchema,
  /** Namespace of the plugin. */
  namespace: kubeLabelSchema.default("kube-system"),
  ...partShape,
});
export type EfaDevicePluginProps = z.input<typeof schema>;

const LABEL = "vpc.amazonaws.com/efa.present";

/** AWS's device plugin on the nodes of pools with EFA: it announces their interfaces. Nothing where there is no such pool. */
export class EfaDevicePlugin extends Construct {
  /** The release; none where no pool has EFA. */
  readonly chart: HelmChart | undefined;
  /** What must wait for the plugin. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EfaDevicePluginProps) {
    super(scope, id);
    const { pools, namespace, ...release } = parseProps(this, schema, props);

    const served = efaPools(pools);
    if (served.length > 0) {
      const name = "aws-efa-k8s-device-plugin";
      const values = [...new Set(served.flatMap(({ labels }) => labels[LABEL] ?? []))].sort();
      this.chart = new HelmChart(this, "chart", {
        chartKey: "efa-device-plugin",
        name,
        namespace,
        // by label in place of the chart's list of instance types, which knows no newer ones and not whether EFA is on
        defaults: { supportedInstanceLabels: { keys: [LABEL], values }, tolerations: tolerationsOf(served) },
        ...release,
      });
    }
    this.ready = this.chart?.ready ?? [];
  }
}

/** The pools whose nodes have EFA interfaces. */
export const efaPools = (pools: readonly NodePool[]): NodePool[] => pools.filter(({ settings }) => settings.efa);
