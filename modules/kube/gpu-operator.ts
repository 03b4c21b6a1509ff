import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import type { NodePool } from "../cluster/node-pool";
import { sortedEntries } from "../common/collections";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps } from "../common/settings/props";
import {
  checkConfigs,
  configTexts,
  gpuSoftwareShape,
  onGpuNodes,
  pluginPools,
  sharingConfigs,
  takeGpus,
} from "./gpu-software";
import { HelmChart } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";
import { poolsWith } from "./pool-scheduling";

const schema = z
  .strictObject({
    ...gpuSoftwareShape,
    /** Namespace of the operator and of all it installs; it must allow privileged pods. */
    namespace: kubeLabelSchema.default("gpu-operator"),
    /** Create the namespace with the release. */
    createNamespace: z.boolean().default(true),
  })
  .superRefine(({ pools, configs }, ctx) => {
    const served = pluginPools(pools);
    checkConfigs(served, configs, ctx);
    const strategy = migStrategy(served, configs);
    for (const [name, { flags }] of sortedEntries(configs as DeviceConfigs)) {
      const own = flags?.migStrategy;
      if (own === undefined || own === strategy) continue;
      const owner = isDivided(served) ? "that of gpuSharing.mig" : "that of the first of configs";
      const message = `must be ${strategy}, ${owner}, since the operator has one strategy for all nodes; got ${own}`;
      refuse(ctx, ["configs", name, "flags", "migStrategy"], message);
    }
  });
export type GpuOperatorProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const gpuOperatorSettings = checkedBy(schema, { pools: [], dependsOn: undefined });

/**
 * NVIDIA's GPU operator, which replaces the device plugin: it installs plugin and discovery, and partitions GPUs by MIG.
 * Driver and container toolkit come with the nodes' image. Creates nothing without a pool with GPUs.
 */
export class GpuOperator extends Construct {
  /** The release; undefined if no pool needs it. */
  readonly chart: HelmChart | undefined;
  /** What dependents must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: GpuOperatorProps) {
    super(scope, id);
    const { pools, configs, ...release } = parseProps(this, schema, props);

    const served = pluginPools(pools);
    if (served.length > 0) {
      takeGpus(this, "GpuOperator");
      const name = "gpu-operator";
      const data = configTexts({ ...sharingConfigs(served), ...configs });
      this.chart = new HelmChart(this, "chart", {
        chartKey: name,
        name,
        defaults: {
          driver: { enabled: false },
          toolkit: { enabled: false },
          daemonsets: { tolerations: onGpuNodes(served).tolerations },
          // Discovery must run on all of them: where it has not seen the GPU, the operator sets nvidia.com/gpu.present to false.
          "node-feature-discovery": { worker: onGpuNodes(poolsWith(pools, "gpu")) },
          devicePlugin: {
            enabled: true,
            ...(data && { config: { create: true, name: "device-plugin-configs", default: "default", data } }),
          },
          ...mig(served, configs),
          dcgmExporter: { enabled: false }, // DcgmExporter does this with or without the operator
        },
        ...release,
      });
    }
    this.ready = this.chart?.ready ?? [];
  }
}

/** Device plugin configurations, as far as the operator has to do with them. */
type DeviceConfigs = Readonly<Record<string, { readonly flags?: { readonly migStrategy?: string } }>>;

const isDivided = (pools: readonly NodePool[]) => pools.some(({ settings }) => settings.gpuSharing?.mig !== undefined);

/**
 * How partitions of GPUs are announced, of which the operator tells the plugin by a variable that wins over the configurations:
 * as their own strategy has it. Undefined where nothing asks for one. Source: github.com/NVIDIA/gpu-operator, v26.3.3,
 * controllers/object_controls.go, `MIG_STRATEGY`.
 */
function migStrategy(pools: readonly NodePool[], configs: DeviceConfigs): string | undefined {
  if (isDivided(pools)) return "single";
  return sortedEntries(configs)
    .map(([, { flags }]) => flags?.migStrategy)
    .find((strategy) => strategy !== undefined);
}

/** GPU operator documentation, "Enabling MIG in CSP environments": changing the mode may require a reboot. */
function mig(pools: readonly NodePool[], configs: DeviceConfigs) {
  const strategy = migStrategy(pools, configs);
  return {
    ...(strategy && { mig: { strategy } }),
    migManager: isDivided(pools)
      ? { enabled: true, env: [{ name: "WITH_REBOOT", value: "true" }] }
      : { enabled: false },
  };
}
