import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import type { NodePool } from "../cluster/node-pool";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps } from "../common/settings/props";
import {
  checkConfigs,
  configTexts,
  gpuSoftwareShape,
  NO_PLUGIN,
  onGpuNodes,
  pluginPools,
  sharingConfigs,
  takeGpus,
} from "./gpu-software";
import { HelmChart, type HelmValues } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";

const schema = z
  .strictObject({
    ...gpuSoftwareShape,
    /** Namespace of the plugin. */
    namespace: kubeLabelSchema.default("kube-system"),
    /** Label nodes with the properties of their GPUs (GPU feature discovery with node feature discovery). Required for MPS. */
    gfd: z.boolean().default(true),
    /**
     * Whether the nodes' image partitions the GPUs of pools with `gpuSharing.mig` before the plugin starts. The plugin only
     * announces the partitions; the GPU operator also creates them.
     */
    migByImage: z.boolean().default(false),
  })
  .superRefine(({ pools, gfd, configs, migByImage }, ctx) => {
    const served = pluginPools(pools);
    for (const { name, settings } of served) {
      const { mps, mig } = settings.gpuSharing ?? {};
      if (mps !== undefined && !gfd) {
        refuse(ctx, "gfd", `must be true, as the MPS daemon needs it to find its nodes, such as those of ${name}`);
      }
      if (mig !== undefined && !migByImage) {
        refuse(
          ctx,
          "migByImage",
          `must be true for ${name}, which has gpuSharing.mig (${mig}): the plugin does not partition GPUs; or use GpuOperator instead`,
        );
      }
    }
    checkConfigs(served, configs, ctx);
  });
export type NvidiaDevicePluginProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const nvidiaDevicePluginSettings = checkedBy(schema, { pools: [], dependsOn: undefined });

/** NVIDIA's device plugin, on the nodes of GPU pools. Creates nothing without such a pool. */
export class NvidiaDevicePlugin extends Construct {
  /** The release; undefined if no pool needs it. */
  readonly chart: HelmChart | undefined;
  /** What dependents must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NvidiaDevicePluginProps) {
    super(scope, id);
    const { pools, gfd, configs, migByImage: _, namespace, ...release } = parseProps(this, schema, props);

    const served = pluginPools(pools);
    if (served.length > 0) {
      takeGpus(this, "NvidiaDevicePlugin");
      const name = "nvidia-device-plugin";
      const nodes = onGpuNodes(served, NO_PLUGIN);
      const defaults = { ...nodes, ...discovery(nodes, gfd), ...configMap(served, configs) };
      this.chart = new HelmChart(this, "chart", { chartKey: name, name, namespace, defaults, ...release });
    }
    this.ready = this.chart?.ready ?? [];
  }
}

const discovery = (worker: HelmValues, gfd: boolean) => (gfd ? { gfd: { enabled: true }, nfd: { worker } } : {});

/** The plugin's configurations; none if no pool shares GPUs, since a configuration needs more permissions. */
function configMap(pools: readonly NodePool[], configs: Record<string, HelmValues>) {
  const map = configTexts({ ...sharingConfigs(pools), ...configs });
  return map ? { config: { default: "default", map } } : {};
}
