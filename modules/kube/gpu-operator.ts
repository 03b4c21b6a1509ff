import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import type { NodePool } from "../cluster/node-pool";
import { checkedBy } from "../common/settings/checked-by";
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
  .superRefine(({ pools, configs }, ctx) => checkConfigs(poolsWith(pools, "gpu"), configs, ctx));
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

    if (pluginPools(pools).length > 0) {
      takeGpus(this, "GpuOperator");
      const name = "gpu-operator";
      const gpuPools = poolsWith(pools, "gpu");
      const nodes = onGpuNodes(gpuPools);
      const data = configTexts({ ...sharingConfigs(gpuPools), ...configs });
      this.chart = new HelmChart(this, "chart", {
        chartKey: name,
        name,
        defaults: {
          driver: { enabled: false },
          toolkit: { enabled: false },
          // The operator selects nodes by the labels of feature discovery, which must therefore run there first.
          daemonsets: { tolerations: nodes.tolerations },
          "node-feature-discovery": { worker: nodes },
          devicePlugin: {
            enabled: true,
            ...(data && { config: { create: true, name: "device-plugin-configs", default: "default", data } }),
          },
          ...migManager(gpuPools),
          dcgmExporter: { enabled: false }, // DcgmExporter does this with or without the operator
        },
        ...release,
      });
    }
    this.ready = this.chart?.ready ?? [];
  }
}

/** GPU operator documentation, "Enabling MIG in CSP environments": changing the mode may require a reboot. */
const migManager = (pools: readonly NodePool[]) =>
  pools.some(({ settings }) => settings.gpuSharing?.mig !== undefined)
    ? { mig: { strategy: "single" }, migManager: { enabled: true, env: [{ name: "WITH_REBOOT", value: "true" }] } }
    : { migManager: { enabled: false } };
