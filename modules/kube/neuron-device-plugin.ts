import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { checkedBy } from "../common/settings/checked-by";
import { parseProps } from "../common/settings/props";
import { HelmChart, partShape } from "./helm-chart";
import { affinityTo, poolsSchema, poolsWith, tolerationsOf, withAnyOf } from "./pool-scheduling";

const schema = z.strictObject({
  /** All pools of the cluster, of which those with Neuron devices are served; from `nodePools()`. */
  pools: poolsSchema,
  /** Install Neuron's scheduler extension, which allocates contiguous devices to pods that take some of a node's devices. */
  scheduler: z.boolean().default(false),
  /** Watch the kernel log for device errors and report them as node conditions. */
  problemDetector: z.boolean().default(false),
  ...partShape,
});
export type NeuronDevicePluginProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const neuronDevicePluginSettings = checkedBy(schema, { pools: [], dependsOn: undefined });

const NAMESPACE = "kube-system";

/**
 * AWS's Neuron device plugin, on the nodes of Neuron pools. The chart always installs it in kube-system. Creates nothing
 * without such a pool.
 */
export class NeuronDevicePlugin extends Construct {
  /** The release; undefined if no pool has the devices. */
  readonly chart: HelmChart | undefined;
  /** What dependents must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NeuronDevicePluginProps) {
    super(scope, id);
    const { pools, scheduler, problemDetector, ...release } = parseProps(this, schema, props);

    const served = poolsWith(pools, "neuron");
    if (served.length > 0) {
      this.chart = new HelmChart(this, "chart", {
        chartKey: "neuron",
        name: "neuron",
        namespace: NAMESPACE,
        defaults: {
          devicePlugin: {
            affinity: affinityTo("aws.amazon.com/neuron.present"),
            tolerations: withAnyOf("aws.amazon.com/neuron", tolerationsOf(served)),
          },
          scheduler: { enabled: scheduler },
          // in the release's namespace: the chart's own for it is made by nobody, and the install would fail
          npd: { enabled: problemDetector, ...(problemDetector && { namespaceOverride: NAMESPACE }) },
        },
        ...release,
      });
    }
    this.ready = this.chart?.ready ?? [];
  }
}
