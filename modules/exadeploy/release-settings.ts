import { z } from "zod";
import { imageReferenceSchema } from "../aws/ecr/image-reference";
import { refuse } from "../common/settings/faults";
import { kubeNameSchema } from "../kube/kube-names";
import { bytesSchema, cpuSchema } from "../kube/quantity";

const seconds = z.int().min(0).max(86_400);
/** Text that the chart puts into a part of ExaDeploy's configuration as it is. */
const additionalConfig = z.string().max(65_536).optional();

const schedulerSchema = z.strictObject({
  /** Image of the scheduler. */
  image: imageReferenceSchema,
  /** Cores that it asks for, and gets at most. */
  cpu: cpuSchema.default("2.5"),
  /** Memory that it asks for, and gets at most. */
  memory: bytesSchema.default("5Gi"),
  /** Seconds, 0 to 86400, before a placement group that nobody uses is taken from its runners. */
  placementGroupDeletionLagSeconds: seconds.default(5),
  /** Seconds, 1 to 86400, that a runner may take to start: a GPU node that has to be made first takes minutes. */
  runnerCreationTimeoutSeconds: seconds.min(1).default(600),
  /** Seconds, 0 to 86400, before a runner that nobody uses is deleted. */
  runnerDeletionLagSeconds: seconds.default(5),
  /** Fewest runners, from 1; none need be there when absent. */
  minRunners: z.int().min(1).max(100_000).optional(),
  /** Most runners, at least `minRunners`; as many as the pools hold when absent. */
  maxRunners: z.int().min(1).max(100_000).optional(),
  /** Keep a runner that a client cannot reach, to look into it, where it would be deleted. */
  disableClientsKillingRunners: z.boolean().default(false),
  /** Further settings, in the text format of ExaDeploy's configuration. Never a secret. */
  additionalConfig,
});

const moduleRepositorySchema = z.strictObject({
  /** Image of the module repository. */
  image: imageReferenceSchema,
  /** Cores that it asks for, and gets at most. */
  cpu: cpuSchema.default("1"),
  /** Memory that it asks for, and gets at most. */
  memory: bytesSchema.default("3.5Gi"),
  /** Further settings, in the text format of ExaDeploy's configuration. Never a secret. */
  additionalConfig,
});

const runnerSchema = z.strictObject({
  /** Image of the runners, for modules that name none of their own. */
  image: imageReferenceSchema,
  /** Cores that a runner gets at most; no limit when absent. */
  cpuLimit: cpuSchema.optional(),
  /** Memory that a runner gets at most; no limit when absent. */
  memoryLimit: bytesSchema.optional(),
  /** Whether runners do without a GPU. When absent, only where no runner pool has one. */
  cpuOnly: z.boolean().optional(),
  /** Threads of a runner's value store, 1 to 1024. */
  valueStoreThreads: z.int().min(1).max(1024).default(4),
  /** Run one module at a time in each runner. */
  serializeAll: z.boolean().default(false),
  /** A headless Service, by which runners are found under names of their own. */
  createHeadlessService: z.boolean().default(false),
  /** Host name of an Ingress for each runner; none when absent. */
  ingressHost: kubeNameSchema.optional(),
  /** Further settings, in the text format of ExaDeploy's configuration. Never a secret. */
  additionalConfig,
});

/** What a user chooses of an ExaDeploy, in the words of its chart. */
export const releaseShape = {
  scheduler: schedulerSchema,
  moduleRepository: moduleRepositorySchema,
  runner: runnerSchema,
  /**
   * How clients reach the scheduler and the module repository: by an internal load balancer that Kubernetes itself makes,
   * by an internal network load balancer that the AWS Load Balancer Controller makes, or from within the cluster only.
   */
  exposure: z.enum(["internal", "internal-nlb", "cluster"]).default("internal"),
  /** Ending of the names of all objects, for a second ExaDeploy in the namespace; none when empty. At most 20 characters. */
  suffix: z
    .string()
    .max(20)
    .regex(
      /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/,
      "must have lower-case letters, digits and hyphens, no hyphen at an end",
    )
    .default(""),
  /** Domain of the cluster's own names. */
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
