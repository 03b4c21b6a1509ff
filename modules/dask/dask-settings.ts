import { z } from "zod";
import { containerArchitectureSchema } from "../aws/ec2/architecture";
import { refuseSecrets, variableName } from "../aws/ecs/container";
import { checkFargateSize, fargateSizeShape, isFargateSize } from "../aws/ecs/fargate-size";
import { refuse } from "../common/settings/faults";
import { MAX_TAGS, tagsSchema } from "../common/settings/tags";
import { DASK_IMAGE, daskImageSchema } from "./dask-image";

const GIB = 1024;
/** Source: dask-cloudprovider 2025.9.0: the tags that it adds, and ours. */
const OWN_TAGS = ["createdBy", "cluster", "dask_cluster_name", "DaskCluster"];

const sizeSchema = (cpu: 1024 | 4096, memory: number) => ({
  ...fargateSizeShape,
  /** CPU units, 1024 per vCPU: 256, 512, 1024, 2048, 4096, 8192 or 16384. */
  cpu: fargateSizeShape.cpu.default(cpu),
  /** Memory, MiB, 512 to 122880, as Fargate offers it for `cpu`: about two to eight GiB per vCPU. */
  memory: fargateSizeShape.memory.default(memory),
});

/** Defaults of the clusters that clients start; a client may choose otherwise at each start. */
export const daskDefaultsShape = {
  /**
   * Image of schedulers and workers, by a fixed tag or a digest. It needs the commands `dask-scheduler` and `dask-worker`, and
   * the versions of Dask and Python that the client has.
   */
  image: daskImageSchema.default(DASK_IMAGE),
  /** CPU architecture of the image. ARM64 costs a fifth less. */
  architecture: containerArchitectureSchema.default("X86_64"),
  /** Scheduler of a cluster. */
  scheduler: z
    .strictObject({
      ...sizeSchema(1024, 4096),
      /** Minutes without a client after which a cluster ends by itself, 1 to 1440. */
      idleMinutes: z.int().min(1).max(1440).default(5),
    })
    .superRefine((size, ctx) => checkFargateSize(size, ctx))
    .prefault({}),
  /** Workers of a cluster. */
  workers: z
    .strictObject({
      ...sizeSchema(4096, 16_384),
      /** Number that a cluster starts with, 0 to 1000; clients scale it. */
      count: z.int().min(0).max(1000).default(0),
      /** Threads of a worker, 1 to 256; one per vCPU when absent. */
      threads: z.int().min(1).max(256).optional(),
      /**
       * Fargate Spot, at about a third of the price: AWS reclaims workers two minutes after a SIGTERM, and Dask does their work
       * again. The scheduler runs on demand.
       */
      spot: z.boolean().default(true),
    })
    .superRefine((size, ctx) => {
      checkFargateSize(size, ctx);
      if (size.memory % GIB === 0 || !isFargateSize(size)) return;
      // Source: dask-cloudprovider 2025.9.0, Worker: `--memory-limit` in whole GB, where 0 is no limit
      const why = "since dask-cloudprovider tells workers their memory in whole GiB";
      refuse(ctx, "memory", `must be a multiple of ${GIB}, ${why}, got ${size.memory}`);
    })
    .prefault({}),
  /** Environment variables of schedulers and workers, such as `EXTRA_PIP_PACKAGES: "s3fs"`. Not for secrets. */
  environment: z
    .record(variableName, z.string())
    .superRefine((environment, ctx) =>
      refuseSecrets(environment, ctx, [], "must be read from Secrets Manager by the program"),
    )
    .default({}),
  /** Tags on tasks and task definitions; at most 46, as four are added. */
  tags: tagsSchema
    .superRefine((tags, ctx) => {
      const count = Object.keys(tags).length;
      const most = MAX_TAGS - OWN_TAGS.length;
      if (count > most && count <= MAX_TAGS) refuse(ctx, [], `must have at most ${most} tags, got ${count}`);
      for (const key of Object.keys(tags).filter((name) => OWN_TAGS.includes(name))) {
        refuse(ctx, [key], `must be another key, as each task has ${key} already, got ${tags[key]}`);
      }
    })
    .default({}),
  /**
   * Allow shells in schedulers and workers through ECS Exec. Clients have to start their tasks with it, as the helper does.
   */
  executeCommand: z.boolean().default(false),
};
export type DaskDefaults = z.output<z.ZodObject<typeof daskDefaultsShape>>;
