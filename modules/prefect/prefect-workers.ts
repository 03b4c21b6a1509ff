import { Construct } from "constructs";
import { z } from "zod";
import { subnetIdsSchema } from "../aws/ec2/subnet-ids";
import { secretArns } from "../aws/ecs/container";
import { definitionSweeperShape } from "../aws/ecs/definition-sweeper";
import type { FargateServiceProps, ServiceCluster } from "../aws/ecs/fargate-service";
import { topicArnsSchema } from "../aws/ecs/service-alarms";
import { serviceRolesShape } from "../aws/ecs/service-roles";
import { ServiceSecurityGroup } from "../aws/ecs/service-security-group";
import { checkTaskReach } from "../aws/ecs/task-reach";
import { checkEventQueue, EventQueue, eventQueueShape } from "../aws/sqs/event-queue";
import { sortedEntries } from "../common/collections";
import { currentRegion } from "../common/current-region";
import { idFrom } from "../common/names";
import { type PrivateReach, privateReachSchema } from "../common/private-reach";
import { refuse } from "../common/settings/faults";
import { parseProps, reference, requiredString } from "../common/settings/props";
import { checkFlowTask, taskTagsSchema } from "./base-job-template";
import { type FlowDask, FlowRuns } from "./flow-runs";
import { workPoolNameSchema } from "./pool-name";
import { type PoolSettings, poolSchema } from "./pool-settings";
import { apiSecrets, isCloud, type PrefectApi, prefectApiSchema } from "./prefect-api";
import { PrefectWorker, type WorkerSettings, workerSchema } from "./prefect-worker";
import { type FlowBucket, WorkPool } from "./work-pool";

/** Cluster of workers and flow runs; `EcsCluster` is one. */
export type WorkersCluster = ServiceCluster & { readonly logGroupArn: string };

/** What a user chooses of workers and pools. */
export const workersShape = {
  /** Workers, 1 to 50: several for one pool, or pools of development and production side by side. */
  workers: z
    .array(workerSchema)
    .min(1)
    .max(50)
    .superRefine((workers, ctx) => {
      for (const [index, { name }] of workers.entries()) {
        if (workers.findIndex((other) => other.name === name) === index) continue;
        refuse(ctx, [index, "name"], `must be unique among the workers, got ${name} again`);
      }
    }),
  /** Settings of work pools by their names; defaults for a pool that is not named. */
  pools: z.record(workPoolNameSchema, poolSchema).default({}),
  /** Queue of the events by which workers learn that a task of a flow run has stopped. */
  events: z
    .strictObject(eventQueueShape)
    .superRefine((settings, ctx) => checkEventQueue(settings, ctx))
    .prefault({}),
  /** Customer managed keys that encrypt secrets of workers and flows, at most 20. */
  secretsKmsKeyArns: serviceRolesShape.secretsKmsKeyArns,
  /** Scheduled function of each pool that removes old revisions of task definitions; `false` for none. */
  sweeper: z
    .union([z.literal(false), z.strictObject(definitionSweeperShape)], {
      error: "must be false or an object of settings",
    })
    .prefault({}),
  /** Allow shells in the workers through ECS Exec. */
  executeCommand: z.boolean().default(false),
};
type UserSettings = z.output<z.ZodObject<typeof workersShape>>;

/** Rules across the inputs of {@link workersShape}. */
export function checkWorkers({ workers, pools }: Pick<UserSettings, "workers" | "pools">, ctx: z.RefinementCtx): void {
  const served = workers.map(({ workPool }) => workPool);
  for (const [pool, settings] of Object.entries(pools)) {
    checkFlowTask(settings, ctx, ["pools", pool]);
    if (served.includes(pool)) continue;
    const known = [...new Set(served)].sort().join(", ");
    refuse(ctx, ["pools", pool], `must be the pool of a worker (${known}), or nobody would run its flows, got ${pool}`);
  }
}

const schema = z
  .strictObject({
    /** Name of the system, with which all names begin: 1 to 40 letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .max(40)
      .regex(/^[A-Za-z](-?[A-Za-z0-9])*$/, "must be letters, digits and single hyphens, a letter first"),
    /** ECS cluster of workers and flow runs. Its events go to one queue, so let no other Prefect server or workspace use it. */
    cluster: reference<WorkersCluster>(
      "an EcsCluster",
      "clusterName",
      "clusterArn",
      "containerInsights",
      "logGroupName",
      "logGroupArn",
    ),
    /** VPC of the subnets. */
    vpcId: requiredString,
    /** Private subnets of workers and flow runs, 1 to 16. They reach images, AWS and the Prefect API through NAT or endpoints. */
    subnetIds: subnetIdsSchema.min(1).max(16), // Source: ECS API reference, AwsVpcConfiguration
    /** What these subnets reach outside the VPC. */
    privateReach: privateReachSchema,
    /** Prefect API, and the secrets by which it knows workers and flow runs. */
    api: prefectApiSchema,
    /** Dask clusters that flows start; none when absent. */
    dask: reference<FlowDask>("a DaskCluster", "securityGroupId", "clientPolicyArn").optional(),
    /** Buckets that flows of all pools read and write, by a short name each. */
    buckets: z.record(z.string(), reference<FlowBucket>("a PrivateBucket", "bucketArn")).default({}),
    /** Bucket for the files of the base job templates; only outputs when absent. */
    templateBucket: reference<{ bucketName: string }>("a PrivateBucket", "bucketName").optional(),
    /** SNS topics of the alarms: no worker runs, events wait, dead letters. No alarms when absent. */
    alarmTopicArns: topicArnsSchema.optional(),
    /** Tags on the tasks of flow runs, at most 30. Prefect puts hyphens in place of blanks. */
    tags: taskTagsSchema.default({}),
    ...workersShape,
  })
  .superRefine((settings, ctx) => {
    checkWorkers(settings, ctx);
    checkReach(settings, ctx);
  });
export type PrefectWorkersProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

/** What workers of prefect-aws 0.7.12 call, as `workerStatements` lets them. */
const CALLED = ["ec2", "ecs", "sqs"];

/** Refuses what workers and flow runs cannot do without a way to the internet. */
function checkReach(
  settings: Pick<UserSettings, "workers" | "pools" | "executeCommand"> & {
    privateReach?: PrivateReach | undefined;
    api: PrefectApi;
  },
  ctx: z.RefinementCtx,
): void {
  const { privateReach, api, workers, executeCommand } = settings;
  const pools = poolsOf(settings);
  const secrets = [
    ...Object.values(apiSecrets(api)),
    ...Object.values(pools).flatMap((pool) => Object.keys(pool.secrets)),
  ];
  const images = [
    ...workers.map(({ image }, index) => ({ path: ["workers", index, "image"], image })),
    ...Object.entries(pools).map(([pool, { image }]) => ({ path: ["pools", pool, "image"], image })),
  ];
  const services = [...CALLED, ...(secrets.length > 0 ? ["secretsmanager"] : [])];
  checkTaskReach(privateReach, { services, executeCommand, images }, ctx, "privateReach");
  if (privateReach !== undefined && privateReach !== "everything" && isCloud(api.url)) {
    refuse(ctx, ["api", "url"], `must be of a server in the VPC, as its network has no NAT, got ${api.url}`);
  }
}

/** Prefect's ECS workers with their work pools, flow roles, and the queue that tells them of crashes. */
export class PrefectWorkers extends Construct {
  readonly clusterArn: string;
  /** Workers by their names. */
  readonly workers: Readonly<Record<string, PrefectWorker>>;
  /** Work pools by their names. */
  readonly pools: Readonly<Record<string, WorkPool>>;
  readonly flows: FlowRuns;
  readonly events: EventQueue;
  /** Security group of all workers, which lets nobody in. */
  readonly securityGroup: ServiceSecurityGroup;

  constructor(scope: Construct, id: string, props: PrefectWorkersProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, cluster, vpcId, alarmTopicArns, workers } = settings;
    const region = currentRegion(this);
    const pools = poolsOf(settings);

    this.clusterArn = cluster.clusterArn;
    this.events = new EventQueue(this, "events", {
      name: `${name}-ecs-events`,
      description: `Tells Prefect's workers in ${name} what becomes of flow runs`,
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: { clusterArn: [cluster.clusterArn] },
      },
      ...settings.events,
      alarms: alarmTopicArns && { topicArns: alarmTopicArns },
    });
    this.flows = new FlowRuns(this, "flows", {
      name,
      region,
      vpcId,
      secretArns: secretArns({ secrets: secretsOf(settings, pools) }),
      secretsKmsKeyArns: settings.secretsKmsKeyArns,
      dask: Object.values(pools).some(({ dask }) => dask) ? settings.dask : undefined,
    });
    this.pools = Object.fromEntries(sortedEntries(pools).map(([pool, own]) => [pool, this.pool(pool, own, settings)]));
    this.securityGroup = new ServiceSecurityGroup(this, "workers-access", { name: `${name}-workers`, vpcId });
    this.workers = Object.fromEntries(
      workers.map((worker) => [worker.name, this.worker(worker, settings, pools, region)]),
    );
  }

  private pool(pool: string, own: PoolSettings, settings: Settings): WorkPool {
    const { name, cluster, workers } = settings;
    const polled = workers.filter(({ workPool }) => workPool === pool).flatMap(({ queues }) => queues);
    return new WorkPool(this, `pool-${idFrom(pool)}`, {
      name,
      pool,
      queues: [...new Set(polled)].filter((queue) => queue !== "default").sort(),
      cluster,
      vpcId: settings.vpcId,
      subnetIds: settings.subnetIds,
      logGroupName: cluster.logGroupName,
      api: settings.api,
      flows: this.flows,
      dask: settings.dask,
      buckets: settings.buckets,
      templateBucket: settings.templateBucket,
      tags: settings.tags,
      sweeper: settings.sweeper,
      settings: own,
    });
  }

  private worker(
    worker: WorkerSettings,
    settings: Settings,
    pools: Record<string, PoolSettings>,
    region: string,
  ): PrefectWorker {
    const pool = this.pools[worker.workPool];
    return new PrefectWorker(this, `worker-${worker.name}`, {
      name: settings.name,
      region,
      cluster: settings.cluster,
      subnetIds: settings.subnetIds,
      securityGroup: this.securityGroup,
      api: settings.api,
      secretsKmsKeyArns: settings.secretsKmsKeyArns,
      queue: this.events,
      queueKmsKeyArn: settings.events.kmsKeyArn,
      flowRoleArns: [this.flows.executionRoleArn, ...(pool ? [pool.taskRoleArn] : [])],
      deregisterDefinitions: pools[worker.workPool]?.deregisterDefinitions ?? false,
      executeCommand: settings.executeCommand,
      alarms: alarmsOf(worker, settings),
      dependsOn: [...this.events.ready, ...this.flows.ready, ...(pool?.ready ?? [])],
      settings: worker,
    });
  }
}

/** Settings of each pool that a worker polls. */
const poolsOf = ({ workers, pools }: Pick<UserSettings, "workers" | "pools">): Record<string, PoolSettings> =>
  Object.fromEntries(workers.map(({ workPool }) => [workPool, pools[workPool] ?? poolSchema.parse({})]));

/** All secrets of flow runs, each under a name of its own. */
const secretsOf = ({ api }: Settings, pools: Record<string, PoolSettings>): Record<string, string> =>
  Object.fromEntries(
    [apiSecrets(api), ...Object.values(pools).map(({ secrets }) => secrets)].flatMap((secrets, i) =>
      Object.entries(secrets).map(([name, valueFrom]) => [`${i}.${name}`, valueFrom]),
    ),
  );

/** A worker that is meant to run none is no reason for an alarm. */
function alarmsOf(worker: WorkerSettings, { alarmTopicArns, cluster }: Settings): FargateServiceProps["alarms"] {
  const least = worker.autoscaling?.min ?? worker.desiredCount;
  if (!alarmTopicArns || least === 0) return undefined;
  return {
    topicArns: alarmTopicArns,
    noTasks: true,
    missingTasks: cluster.containerInsights !== "disabled",
  };
}
