import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { z } from "zod";
import { type GpuSharing, sharingConfig } from "../cluster/gpu-sharing";
import type { NodePool } from "../cluster/node-pool";
import { refuse } from "../common/settings/faults";
import { type InputError, wrongSetting } from "../common/settings/props";
import { type HelmValues, helmValuesSchema, partShape, sortedKeys } from "./helm-chart";
import { affinityTo, type NodeRequirement, poolsSchema, poolsWith, tolerationsOf, withAnyOf } from "./pool-scheduling";

type Software = "NvidiaDevicePlugin" | "GpuOperator";
const owners = new WeakMap<TerraformStack, { software: Software; path: string }>();

/**
 * Records that `software` manages the GPUs of the stack's cluster; throws an {@link InputError} if the other one already
 * does, since two device plugins on a node would replace each other.
 */
export function takeGpus(scope: Construct, software: Software): void {
  const stack = TerraformStack.of(scope);
  const owner = owners.get(stack);
  if (owner && owner.software !== software) {
    const other = `${owner.software} (${owner.path})`;
    const advice = "keep one of NvidiaDevicePlugin and GpuOperator";
    throw wrongSetting(scope, [], `must not be used with ${other}, which manages the same GPUs; ${advice}`);
  }
  owners.set(stack, { software, path: scope.node.path });
}

const GPU = "nvidia.com/gpu";
/** Node label with the name of the configuration. Source: github.com/NVIDIA/k8s-device-plugin, README. */
const CONFIG_LABEL = "nvidia.com/device-plugin.config";

/** Inputs that the device plugin and the GPU operator share. */
export const gpuSoftwareShape = {
  /** All pools of the cluster, of which those with GPUs are served; from `nodePools()`. */
  pools: poolsSchema,
  /**
   * Device plugin configurations by name, for pools whose `additionalLabels` set nvidia.com/device-plugin.config to it;
   * `default` is for pools without that label. Those of the pools' `gpuSharing` are generated.
   */
  configs: z
    .record(
      z
        .string()
        .max(63)
        .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/, "must be a label value"),
      helmValuesSchema,
    )
    .default({}),
  ...partShape,
};

/** Refuses configurations that a pool's label names but do not exist, and duplicate names. */
export function checkConfigs(pools: readonly NodePool[], configs: Record<string, object>, ctx: z.RefinementCtx): void {
  const own = sharingConfigs(pools);
  for (const { name, labels } of pools) {
    const named = labels[CONFIG_LABEL];
    if (named === undefined || named in own || named in configs) continue;
    refuse(ctx, ["configs", named], `is required, as the label ${CONFIG_LABEL} of ${name} names it, got nothing`);
  }
  for (const name of Object.keys(configs)) {
    if (name in own) refuse(ctx, ["configs", name], "must have another name, which is that of a pool's gpuSharing");
  }
}

/** The GPU pools whose image includes no device plugin. */
export const pluginPools = (pools: readonly NodePool[]): NodePool[] =>
  poolsWith(pools, "gpu").filter(({ labels }) => labels[NO_PLUGIN.key] !== "false");
/** The same, as a node affinity requirement. */
export const NO_PLUGIN: NodeRequirement = {
  key: "nvidia.com/gpu.deploy.operands",
  operator: "NotIn",
  values: ["false"],
};

/** Scheduling of GPU software: all nodes of the GPU pools that also meet the `further` requirements. */
export const onGpuNodes = (pools: readonly NodePool[], ...further: NodeRequirement[]) => ({
  affinity: affinityTo("nvidia.com/gpu.present", ...further),
  tolerations: withAnyOf(GPU, tolerationsOf(pools)),
});

/** Device plugin configurations for the pools' GPU sharing, by the names in the pools' labels. */
export const sharingConfigs = (pools: readonly Pick<NodePool, "settings">[]): Record<string, HelmValues> =>
  Object.fromEntries(
    pools.flatMap(({ settings: { gpuSharing } }) =>
      gpuSharing ? [[sharingConfig(gpuSharing), config(gpuSharing)]] : [],
    ),
  );

function config({ timeSlicing, mps }: GpuSharing): HelmValues {
  const shared = (replicas: number) => ({ resources: [{ name: GPU, replicas }] });
  const flags = { migStrategy: "none" };
  if (timeSlicing !== undefined) return { version: "v1", flags, sharing: { timeSlicing: shared(timeSlicing) } };
  if (mps !== undefined) return { version: "v1", flags, sharing: { mps: shared(mps) } };
  return { version: "v1", flags: { migStrategy: "single" } };
}

/** The configurations as JSON, with a default for pools without a label; undefined if there are none. */
export function configTexts(configs: Record<string, HelmValues>): Record<string, string> | undefined {
  if (Object.keys(configs).length === 0) return undefined;
  const whole = { version: "v1", flags: { migStrategy: "none" } };
  return Object.fromEntries(
    Object.entries({ default: whole, ...configs }).map(([name, config]) => [name, JSON.stringify(sortedKeys(config))]),
  );
}
