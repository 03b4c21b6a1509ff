import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { Construct } from "constructs";
import { z } from "zod";
import { containerArchitectureSchema } from "../aws/ec2/architecture";
import { imageReferenceSchema } from "../aws/ecr/image-reference";
import { checkVariables, variableName } from "../aws/ecs/container";
import { FargateService, type FargateServiceProps, type TaskSecurityGroup } from "../aws/ecs/fargate-service";
import { checkFargateSize, fargateSizeShape } from "../aws/ecs/fargate-size";
import { taskCountSchema } from "../aws/ecs/service-scaling";
import { areDistinct } from "../common/collections";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { workPoolNameSchema, workQueueNameSchema } from "./pool-name";
import { apiSecrets, type PrefectApi } from "./prefect-api";
import { workerStatements } from "./worker-policy";

const percentSchema = z.int().min(1).max(100);
const cooldownSchema = z.int().min(0).max(86_400);

const autoscalingSchema = z
  .strictObject({
    /** Minimum number of tasks, 1 to 5000. */
    min: z.int().min(1).max(5000).default(1),
    /** Maximum number of tasks, 1 to 5000. */
    max: z.int().min(1).max(5000).default(10),
    /** Target CPU utilization, percent, 1 to 100. */
    cpuPercent: percentSchema.default(70),
    /** Target memory utilization, percent, 1 to 100. */
    memoryPercent: percentSchema.default(80),
    /** Scale-in cooldown, seconds, 0 to 86400. */
    scaleInCooldown: cooldownSchema.default(300),
    /** Scale-out cooldown, seconds, 0 to 86400. */
    scaleOutCooldown: cooldownSchema.default(120),
  })
  .superRefine(({ min, max }, ctx) => {
    if (max < min) refuse(ctx, "max", `must be at least min (${min}), got ${max}`);
  });

/** A worker: a service that polls queues of one work pool and starts a task for each flow run. */
export const workerSchema = z
  .strictObject({
    /** Name, unique among the workers: 1 to 40 lower-case letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .max(40)
      .regex(/^[a-z](-?[a-z0-9])*$/, "must be lower-case letters, digits and single hyphens, a letter first"),
    /** Work pool that it polls. Letters, digits, hyphens and underscores. */
    workPool: workPoolNameSchema,
    /** Work queues of the pool that it polls, at most 20; all of them when empty. */
    queues: z.array(workQueueNameSchema).max(20).refine(areDistinct, "must name each queue once").default([]),
    /** Image of the worker, with Prefect and prefect-aws, by a fixed tag or a digest. */
    image: orToken(imageReferenceSchema).default("docker.io/prefecthq/prefect-aws:0.7.12-python3.12"),
    /** CPU units of a task; 1024 are a vCPU. */
    cpu: fargateSizeShape.cpu.default(512),
    /** Memory of a task, MiB. */
    memory: fargateSizeShape.memory.default(1024),
    /** Processor architecture of the image. */
    architecture: containerArchitectureSchema.default("X86_64"),
    /** Number of tasks, 0 to 5000; the initial one with `autoscaling`. */
    desiredCount: taskCountSchema.default(1),
    /** Scale the number of tasks; it stays `desiredCount` when absent. Flow runs are tasks of their own, which a worker that stops leaves alone. */
    autoscaling: autoscalingSchema.optional(),
    /** Maximum number of flow runs that one task has running at a time, 1 to 10000; no limit when absent. */
    limit: z.int().min(1).max(10_000).optional(),
    /** Environment variables, such as Prefect's own settings. Not for secrets. */
    environment: z.record(variableName, z.string()).default({}),
  })
  .superRefine((worker, ctx) => {
    checkFargateSize(worker, ctx);
    checkVariables(worker, ctx);
    const { autoscaling, desiredCount, environment } = worker;
    if (autoscaling && (desiredCount < autoscaling.min || desiredCount > autoscaling.max)) {
      const { min, max } = autoscaling;
      const message = `must lie within the ${min} to ${max} tasks of autoscaling, got ${desiredCount}`;
      refuse(ctx, "desiredCount", message);
    }
    for (const name of Object.keys(environment).filter((variable) => OWN_VARIABLES.includes(variable.toUpperCase()))) {
      refuse(ctx, ["environment", name], "must be left out, as the construct sets it, got a value");
    }
  });
export type WorkerSettings = z.output<typeof workerSchema>;

const OBSERVER = "PREFECT_INTEGRATIONS_AWS_ECS_OBSERVER_SQS_QUEUE";
/** Environment variables that are not the user's. */
const OWN_VARIABLES = [
  "AWS_DEFAULT_REGION",
  "PREFECT_API_URL",
  "PREFECT_API_KEY",
  "PREFECT_API_AUTH_STRING",
  "PREFECT_WORKER_ENABLE_CANCELLATION",
  "PREFECT_WORKER_WEBSERVER_PORT",
  `${OBSERVER}_NAME`,
  `${OBSERVER}_REGION`,
];
const HEALTH_PORT = 8080;

export interface PrefectWorkerProps {
  /** Name of the system. */
  name: string;
  region: string;
  cluster: FargateServiceProps["cluster"] & { readonly logGroupArn: string };
  subnetIds: string[];
  securityGroup: TaskSecurityGroup;
  api: PrefectApi;
  secretsKmsKeyArns: string[];
  queue: { queueName: string; queueArn: string };
  queueKmsKeyArn: string | undefined;
  /** Roles of the pool's flow runs. */
  flowRoleArns: string[];
  deregisterDefinitions: boolean;
  executeCommand: boolean;
  alarms: FargateServiceProps["alarms"];
  dependsOn: FargateServiceProps["dependsOn"];
  settings: WorkerSettings;
}

/** ECS service of one worker. Nothing reaches it: it asks the Prefect API for work, and ECS asks the container how it is. */
export class PrefectWorker extends Construct {
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: PrefectWorkerProps) {
    super(scope, id);
    const { region, cluster, settings, api, queue } = props;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { autoscaling } = settings;
    this.service = new FargateService(this, "service", {
      name: `${props.name}-${settings.name}`,
      cluster,
      subnetIds: props.subnetIds,
      securityGroup: props.securityGroup,
      cpu: settings.cpu,
      memory: settings.memory,
      architecture: settings.architecture,
      logPrefix: "worker",
      container: {
        name: "worker",
        image: settings.image,
        command: command(settings),
        environment: {
          ...settings.environment,
          AWS_DEFAULT_REGION: region,
          PREFECT_API_URL: api.url,
          // off by default: a run that is cancelled while its task is made would begin all the same
          PREFECT_WORKER_ENABLE_CANCELLATION: "true",
          PREFECT_WORKER_WEBSERVER_PORT: String(HEALTH_PORT),
          [`${OBSERVER}_NAME`]: queue.queueName,
          [`${OBSERVER}_REGION`]: region,
        },
        secrets: apiSecrets(api),
        healthCheck: { command: ["CMD", "python", "-c", HEALTH_CHECK], timeout: 10, startPeriod: 60 },
        stopTimeout: 120,
      },
      secretsKmsKeyArns: props.secretsKmsKeyArns,
      desiredCount: settings.desiredCount,
      autoscaling,
      taskRoleStatements: workerStatements({
        region,
        accountId,
        clusterName: cluster.clusterName,
        clusterArn: cluster.clusterArn,
        pool: settings.workPool,
        flowRoleArns: props.flowRoleArns,
        queueArn: queue.queueArn,
        queueKmsKeyArn: props.queueKmsKeyArn,
        logGroupArn: cluster.logGroupArn,
        deregisterDefinitions: props.deregisterDefinitions,
      }),
      executeCommand: props.executeCommand,
      alarms: props.alarms,
      dependsOn: props.dependsOn,
    });
  }
}

/** The pool is created with our template beforehand: a worker that finds none waits for it. */
const command = ({ workPool, queues, limit }: WorkerSettings): string[] => [
  "prefect",
  "worker",
  "start",
  "--type",
  "ecs",
  "--pool",
  workPool,
  ...[...queues].sort().flatMap((queue) => ["--work-queue", queue]),
  "--with-healthcheck",
  "--no-create-pool-if-not-found",
  "--install-policy",
  "never",
  ...(limit === undefined ? [] : ["--limit", String(limit)]),
];

/** Program that fails unless the worker polls; the image has no curl. */
const HEALTH_CHECK = `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${HEALTH_PORT}/health', timeout=8)`;
