import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { Construct } from "constructs";
import { z } from "zod";
import type { ContainerArchitecture } from "../aws/ec2/architecture";
import { checkVariables, valueFromSchema, variableName } from "../aws/ecs/container";
import type { Namespace } from "../aws/ecs/discovery-service";
import {
  FargateService,
  type FargateServiceProps,
  type ServiceCluster,
  type TaskSecurityGroup,
} from "../aws/ecs/fargate-service";
import { checkFargateSize, fargateSizeShape } from "../aws/ecs/fargate-size";
import { serviceRolesShape } from "../aws/ecs/service-roles";
import { taskCountSchema } from "../aws/ecs/service-scaling";
import { taskDefinitionShape } from "../aws/ecs/task-definition";
import type { Broker } from "../aws/rabbitmq/broker";
import { namedCallersSchema } from "../common/settings/allowed-cidrs";
import { refuse } from "../common/settings/faults";
import type { FossaNetwork } from "./fossa-network";

const cooldownSchema = z.int().min(0).max(86_400).default(300);

const autoscalingSchema = z
  .strictObject({
    /** Minimum number of workers, 1 to 5000. */
    min: z.int().min(1).max(5000),
    /** Maximum number of workers, 1 to 5000. */
    max: z.int().min(1).max(5000),
    /** Target CPU utilization of the workers, percent, 1 to 100; no CPU target when absent. */
    cpuPercent: z.int().min(1).max(100).optional(),
    /** Target number of waiting sub-tasks per worker, above 0 to 1000000; requires Amazon MQ, which reports the queue. */
    waitingPerWorker: z.number().gt(0).max(1_000_000).optional(),
    /**
     * Stop workers when there is less to do. A stopped worker loses the sub-tasks that it has begun, and the task that
     * waits for them never ends.
     */
    scaleIn: z.boolean().default(false),
    /** Scale-in cooldown, seconds, 0 to 86400. */
    scaleInCooldown: cooldownSchema,
    /** Scale-out cooldown, seconds, 0 to 86400. */
    scaleOutCooldown: cooldownSchema,
  })
  .superRefine(({ min, max, cpuPercent, waitingPerWorker }, ctx) => {
    if (max < min) refuse(ctx, "max", `must be at least min (${min}), got ${max}`);
    if (cpuPercent === undefined && waitingPerWorker === undefined) {
      refuse(ctx, "cpuPercent", "must be given, or waitingPerWorker: something to aim at, got neither");
    }
  });

/** Settings of the workers: size, number and permissions. */
export const workersShape = {
  /** CPU units of a worker; 1024 are a vCPU. */
  cpu: fargateSizeShape.cpu.default(256),
  /** Memory of a worker, MiB; Fossa itself needs about 80. */
  memory: fargateSizeShape.memory.default(512),
  /** Number of workers, 0 to 5000; the initial one with `autoscaling`. */
  desiredCount: taskCountSchema.default(4),
  /** Port of the workers' HTTP API, 1024 to 65535; the default is Fossa's own. */
  port: z.int().min(1024).max(65535).default(2345),
  /**
   * Run workers beyond `base` on Fargate Spot, for about a third of the price. Fossa acknowledges a sub-task before it
   * runs it, so a Spot interruption loses the sub-task, and its task never ends.
   */
  spot: z
    .strictObject({
      /** Number of on-demand workers, 1 to 5000. */
      base: z.int().min(1).max(5000).default(1),
    })
    .optional(),
  /** Scale the number of workers; it stays `desiredCount` when absent. */
  autoscaling: autoscalingSchema.optional(),
  /** Seconds from SIGTERM to SIGKILL, 10 to 120; all but the last five are for the sub-tasks that a worker has begun. */
  stopTimeout: z.int().min(10).max(120).default(120),
  /** Allow ECS Exec: a shell in a worker. */
  executeCommand: z.boolean().default(false),
  /**
   * IPv4 blocks, /8 to /32 and at most 15, of those who post tasks to the workers past the page. The API asks for no
   * password and runs code: for trusted networks only.
   */
  allowedCidrs: namedCallersSchema("name the network of those who post tasks"),
  /** Environment variables for your models. Not for secrets. */
  environment: z.record(variableName, z.string()).default({}),
  /** Environment variables from Secrets Manager, each the ARN of a secret, optionally with `:key::`. */
  secrets: z.record(variableName, valueFromSchema).default({}),
  /** Customer managed keys that encrypt these secrets, at most 20; that of the broker needs no mention. */
  secretsKmsKeyArns: serviceRolesShape.secretsKmsKeyArns,
  /** IAM statements for your models, such as reading their data. */
  permissions: serviceRolesShape.taskRoleStatements,
  /** Ephemeral storage for image and models, GiB, 21 to 200; Fargate's 20 when absent. */
  ephemeralStorageGib: taskDefinitionShape.ephemeralStorageGib,
  /** Write Fossa's own log to the stream `fossa-external`, in addition to the output of each worker. */
  externalLog: z.boolean().default(false),
};
export type WorkersSettings = z.output<z.ZodObject<typeof workersShape>>;

/** Rules across the settings of workers and broker. */
export function checkWorkers(
  { workers, broker }: { workers: WorkersSettings; broker: { kind: string } },
  ctx: z.RefinementCtx,
): void {
  checkFargateSize(workers, ctx, ["workers"]);
  checkVariables(workers, ctx, ["workers"]);
  const { autoscaling, desiredCount } = workers;
  if (autoscaling && (desiredCount < autoscaling.min || desiredCount > autoscaling.max)) {
    const { min, max } = autoscaling;
    refuse(
      ctx,
      ["workers", "desiredCount"],
      `must lie within the ${min} to ${max} workers of autoscaling, got ${desiredCount}`,
    );
  }
  if (autoscaling?.waitingPerWorker !== undefined && broker.kind !== "amazonMq") {
    const advice =
      "CloudWatch does not know the queues of a broker that is a task; use cpuPercent, or broker.kind amazonMq";
    refuse(
      ctx,
      ["workers", "autoscaling", "waitingPerWorker"],
      `must be left out: ${advice}, got ${autoscaling.waitingPerWorker}`,
    );
  }
  for (const key of ["environment", "secrets"] as const) {
    for (const name of Object.keys(workers[key]).filter((variable) => OWN_VARIABLES.includes(variable.toUpperCase()))) {
      refuse(ctx, ["workers", key, name], "is set by the construct; choose another name");
    }
  }
}

/** Environment variables that the construct sets. */
const OWN_VARIABLES = [
  "RABBITMQ_URL",
  "TASK_CPU_UNITS",
  "FOSSA_HTTP_PORT",
  "FOSSA_STOP_SECONDS",
  "FOSSA_LOG_GROUP",
  "FOSSA_LOG_STREAM",
];

/** Queue of the sub-tasks. */
export const QUEUE = "fossa_task_queue";

/** Name of the workers in the namespace. */
const HOST_NAME = "worker";

/** Seconds that a worker has left to end its processes once its tasks are done or given up. */
const LAST_SECONDS = 5;

export interface FossaWorkersProps {
  name: string;
  cluster: ServiceCluster & { readonly logGroupArn: string };
  network: Pick<FossaNetwork, "vpcId" | "privateSubnetIds">;
  architecture: ContainerArchitecture;
  image: string;
  namespace: Namespace;
  broker: Broker;
  /** Security group of the workers. */
  securityGroup: TaskSecurityGroup;
  alarms: FargateServiceProps["alarms"];
  settings: WorkersSettings;
}

/** ECS service of Fossa's workers. */
export class FossaWorkers extends Construct {
  readonly service: FargateService;
  /** `worker.<namespace>`, which resolves to some of the workers in turn. */
  readonly dnsName: string;
  readonly port: number;

  constructor(scope: Construct, id: string, props: FossaWorkersProps) {
    super(scope, id);
    const { name, cluster, network, namespace, settings } = props;
    const { autoscaling, spot, port, stopTimeout } = settings;
    const log = settings.externalLog
      ? new CloudwatchLogStream(this, "log", { name: "fossa-external", logGroupName: cluster.logGroupName })
      : undefined;

    this.service = new FargateService(this, "service", {
      name,
      cluster,
      subnetIds: network.privateSubnetIds,
      securityGroup: props.securityGroup,
      discovery: { namespace, name: HOST_NAME },
      cpu: settings.cpu,
      memory: settings.memory,
      architecture: props.architecture,
      logPrefix: "fossa_worker",
      container: {
        name: "worker",
        image: props.image,
        port,
        environment: {
          ...settings.environment,
          TASK_CPU_UNITS: String(settings.cpu),
          FOSSA_HTTP_PORT: String(port),
          FOSSA_STOP_SECONDS: String(stopTimeout - LAST_SECONDS),
          ...(log && { FOSSA_LOG_GROUP: cluster.logGroupName, FOSSA_LOG_STREAM: log.name }),
        },
        secrets: { ...settings.secrets, RABBITMQ_URL: props.broker.urlValueFrom },
        healthCheck: { command: ["CMD", "python", "-c", healthCheck(port)], startPeriod: 60, timeout: 10 },
        stopTimeout,
      },
      secretsKmsKeyArns: keysOf(props.broker, settings),
      desiredCount: settings.desiredCount,
      spot: spot && { base: spot.base },
      autoscaling: autoscaling && this.autoscaling(autoscaling, props.broker),
      // a worker that is stopped to balance the zones would lose its sub-tasks
      zoneRebalancing: false,
      taskRoleStatements: [
        ...settings.permissions,
        ...(log ? [{ Action: "logs:PutLogEvents", Resource: `${cluster.logGroupArn}:log-stream:${log.name}` }] : []),
      ],
      executeCommand: settings.executeCommand,
      ephemeralStorageGib: settings.ephemeralStorageGib,
      alarms: props.alarms,
    });
    this.dnsName = `${HOST_NAME}.${namespace.namespaceName}`;
    this.port = port;
  }

  private autoscaling(settings: NonNullable<WorkersSettings["autoscaling"]>, broker: Broker) {
    const { waitingPerWorker, ...rest } = settings;
    const metric = waitingPerWorker === undefined ? undefined : broker.queueMetric?.(QUEUE);
    return { ...rest, queue: metric && waitingPerWorker ? { ...metric, perTask: waitingPerWorker } : undefined };
  }
}

/** Keys of all secrets of a worker. */
const keysOf = ({ kmsKeyArn }: Broker, { secretsKmsKeyArns }: WorkersSettings): string[] => [
  ...new Set([...secretsKmsKeyArns, ...(kmsKeyArn === undefined ? [] : [kmsKeyArn])]),
];

/** Program that fails unless the worker's API answers; the image has no curl. */
const healthCheck = (port: number) =>
  `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${port}/api/0.01/', timeout=8)`;
