import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { parseProps } from "../common/settings/props";
import { HelmChart, partShape } from "./helm-chart";
import { affinityTo, poolsSchema, poolsWith, tolerationsOf, withAnyOf } from "./pool-scheduling";

const schema = z.strictObject({
  /** All pools of the cluster, of which those with Neuron devices get the plugin; from `nodePools()`. */
  pools: poolsSchema,
  /** Neuron's scheduler extension, which gives a pod devices that lie next to each other; for pods that take some of a node's devices. */
  scheduler: z.boolean().default(false),
  /** Watch the kernel's log for errors of the devices, and tell of them in the node's conditions. */
  problemDetector: z.boolean().default(false),
  ...partShape,
});
export type NeuronDevicePluginProps = z.input<typeof schema>;

/**
 * AWS's device plugin on the nodes of Neuron pools: it announces their devices and cores. The chart itself puts it into
 * kube-system. Nothing where there is no such pool.
 */
export class NeuronDevicePlugin extends Construct {
  /** The release; none where no pool has the devices. */
  readonly chart: HelmChart | undefined;
  /** What must wait for the plugin. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NeuronDevicePluginProps) {
    super(scope, id);
    const { pools, scheduler, problemDetector, ...release } = parseProps(this, schema, props);

    const served = poolsWith(pools, "neuron");
    if (served.length > 0) {
      this.chart = new HelmChart(this, "chart", {
        chartKey: "neuron",
        name: "neuron",
        namespace: "kube-system",
        defaults: {
          devicePlugin: {
            affinity: affinityTo(served, "aws.amazon.com/neuron.present"),
            tolerations: withAnyOf("aws.amazon.com/neuron", tolerationsOf(served)),
          },
          scheduler: { enabled: scheduler },
          npd: { enabled: problemDetector },
        },
        ...release,
      });
    }
    this.ready = this.chart?.ready ?? [];
  }
}
