import { z } from "zod";
import { imageReferenceSchema } from "../aws/ecr/image-reference";
import { refuse } from "../common/settings/faults";
import { kubeNameSchema } from "../kube/kube-names";
import { bytesSchema, cpuSchema } from "../kube/quantity";

const seconds = z.int().min(0).max(86_400);
/** Text that the chart copies into the configuration of a component. */
const additionalConfig = z.string().max(65_536).optional();

const schedulerSchema = z.strictObject({
  /** Image of the scheduler. */
  image: imageReferenceSchema,
  /** CPU request and limit, cores. */
  cpu: cpuSchema.default("2.5"),
  /** Memory request and limit. */
  memory: bytesSchema.default("5Gi"),
  /** Delay before an unused placement group is removed from its runners, seconds, 0 to 86400. */
  placementGroupDeletionLagSeconds: seconds.default(5),
  /** Timeout for a runner to start, seconds, 1 to 86400; a new GPU node takes minutes. */
  runnerCreationTimeoutSeconds: seconds.min(1).default(600),
  /** Delay before an unused runner is deleted, seconds, 0 to 86400. */
  runnerDeletionLagSeconds: seconds.default(5),
  /** Minimum number of runners, at least 1; no minimum when absent. */
  minRunners: z.int().min(1).max(100_000).optional(),
  /** Maximum number of runners, at least `minRunners`; limited by the pools alone when absent. */
  maxRunners: z.int().min(1).max(100_000).optional(),
  /** Keep unreachable runners for debugging instead of deleting them. */
  disableClientsKillingRunners: z.boolean().default(false),
  /** Additional settings, in the text format of ExaDeploy's configuration. Never a secret. */
  additionalConfig,
});

const moduleRepositorySchema = z.strictObject({
  /** Image of the module repository. */
  image: imageReferenceSchema,
  /** CPU request and limit, cores. */
  cpu: cpuSchema.default("1"),
  /** Memory request and limit. */
  memory: bytesSchema.default("3.5Gi"),
  /** Additional settings, in the text format of ExaDeploy's configuration. Never a secret. */
  additionalConfig,
});

const runnerSchema = z.strictObject({
  /** Default image of the runners, for modules that do not set one. */
  image: imageReferenceSchema,
  /** CPU limit of a runner, cores; none when absent. */
  cpuLimit: cpuSchema.optional(),
  /** Memory limit of a runner; none when absent. */
  memoryLimit: bytesSchema.optional(),
  /** Run without GPUs; when absent, true if no runner pool has one. */
  cpuOnly: z.boolean().optional(),
  /** Threads of a runner's value store, 1 to 1024. */
  valueStoreThreads: z.int().min(1).max(1024).default(4),
  /** Run one module at a time in each runner. */
  serializeAll: z.boolean().default(false),
  /** Create a headless Service, which gives each runner a DNS name. */
  createHeadlessService: z.boolean().default(false),
  /** Host name of an Ingress for each runner; no Ingresses when absent. */
  ingressHost: kubeNameSchema.optional(),
  /** Additional settings, in the text format of ExaDeploy's configuration. Never a secret. */
  additionalConfig,
});

/** Settings of an ExaDeploy release, in the chart's terms. */
export const releaseShape = {
  scheduler: schedulerSchema,
  moduleRepository: moduleRepositorySchema,
  runner: runnerSchema,
  /**
   * How clients reach the scheduler and the module repository: by an internal load balancer created by Kubernetes itself,
   * by an internal network load balancer of the AWS Load Balancer Controller, or within the cluster only.
   */
  exposure: z.enum(["internal", "internal-nlb", "cluster"]).default("internal"),
  /** Suffix of all objects' names, at most 20 characters, for a second ExaDeploy in the namespace. */
  suffix: z
    .string()
    .max(20)
    .regex(
      /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/,
      "must have lower-case letters, digits and hyphens, no hyphen at an end",
    )
    .default(""),
  /** DNS domain of the cluster. */
  clusterDomain: kubeNameSchema.default("cluster.local"),
};
export type ReleaseSettings = z.output<z.ZodObject<typeof releaseShape>>;

/** Rules across the settings of a release. */
export function checkRelease({ scheduler }: ReleaseSettings, ctx: z.RefinementCtx): void {
  const { minRunners, maxRunners } = scheduler;
  if (minRunners !== undefined && maxRunners !== undefined && maxRunners < minRunners) {
    const message = `must be at least minRunners (${minRunners}), got ${maxRunners}`;
    refuse(ctx, ["scheduler", "maxRunners"], message);
  }
}
