import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import type { NodePool } from "../cluster/node-pool";
import { checkedBy } from "../common/settings/checked-by";
import { parseProps } from "../common/settings/props";
import { HelmChart, partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";
import { poolsSchema, tolerationsOf } from "./pool-scheduling";

const schema = z.strictObject({
  /** All pools of the cluster, of which those with EFA are served; from `nodePools()`. */
  pools: poolsSchema,
  /** Namespace of the plugin. */
  namespace: kubeLabelSchema.default("kube-system"),
  ...partShape,
});
export type EfaDevicePluginProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const efaDevicePluginSettings = checkedBy(schema, { pools: [], dependsOn: undefined });

const LABEL = "vpc.amazonaws.com/efa.present";

/** AWS's EFA device plugin, on the nodes of pools with EFA. Creates nothing without such a pool. */
export class EfaDevicePlugin extends Construct {
  /** The release; undefined if no pool has EFA. */
  readonly chart: HelmChart | undefined;
  /** What dependents must wait for. */
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
        // by label rather than the chart's list of instance types, which is not current and ignores whether EFA is on
        defaults: { supportedInstanceLabels: { keys: [LABEL], values }, tolerations: tolerationsOf(served) },
        ...release,
      });
    }
    this.ready = this.chart?.ready ?? [];
  }
}

/** The pools whose nodes have EFA interfaces. */
export const efaPools = (pools: readonly NodePool[]): NodePool[] => pools.filter(({ settings }) => settings.efa);
