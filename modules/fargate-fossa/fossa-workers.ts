import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { Construct } from "constructs";
import { z } from "zod";
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
import { refuse } from "../common/settings/faults";
import type { Architecture, FossaNetwork } from "./fossa-network";

const cooldown = z.int().min(0).max(86_400).default(300);

const autoscalingSchema = z
  .strictObject({
    /** Workers at least, 1 to 5000. */
    min: z.int().min(1).max(5000),
    /** Workers at most, 1 to 5000. */
    max: z.int().min(1).max(5000),
    /** Percent of the workers' CPU, 1 to 100, that is aimed at; the CPU does not matter when absent. */
    cpuPercent: z.int().min(1).max(100).optional(),
    /** Sub-tasks that wait for each worker, above 0 to 1000000, that are aimed at; only Amazon MQ tells how many wait. */
    waitingPerWorker: z.number().gt(0).max(1_000_000).optional(),
    /**
     * Whether workers are stopped when there is less to do; off by default, since a worker that is stopped loses the
     * sub-tasks that it has begun, and the task that waits for them never ends.
     */
    scaleIn: z.boolean().default(false),
    /** Seconds, 0 to 86400, between workers that are stopped and the next that are; 300 by default. */
    scaleInCooldown: cooldown,
    /** Seconds, 0 to 86400, in which workers that were started are given time to take effect; 300 by default. */
    scaleOutCooldown: cooldown,
  })
  .superRefine(({ min, max, cpuPercent, waitingPerWorker }, ctx) => {
    if (max < min) refuse(ctx, "max", `must be at least min (${min}), got ${max}`);
    if (cpuPercent === undefined && waitingPerWorker === undefined) {
      refuse(ctx, "cpuPercent", "must be given, or waitingPerWorker: something to aim at, got neither");
    }
  });

/** The workers: what they run on, how many there are and what they may do. */
export const workersShape = {
  /** CPU units of a worker; 256, a quarter of a virtual CPU, by default. */
  cpu: fargateSizeShape.cpu.default(256),
  /** MiB of memory of a worker; 512 by default, of which Fossa itself needs about 80. */
  memory: fargateSizeShape.memory.default(512),
  /** Workers, 0 to 5000, or with `autoscaling` those that it begins with; 4 by default. */
  desiredCount: taskCountSchema.default(4),
  /** Port of the workers' HTTP API, 1024 to 65535; 2345, Fossa's own, by default. */
  port: z.int().min(1024).max(65535).default(2345),
  /**
   * Whether workers run on Fargate Spot beyond `base` on demand, for about a third of the price. Off by default: Fossa
   * acknowledges a sub-task before it runs, so that one that Spot takes away is lost and its task never ends.
   */
  spot: z
    .strictObject({
      /** Workers, 1 to 5000, that always run on demand; 1 by default. */
      base: z.int().min(1).max(5000).default(1),
    })
    .optional(),
  /** Whether AWS chooses the number of workers, within limits; it stays `desiredCount` when absent. */
  autoscaling: autoscalingSchema.optional(),
  /** Seconds, 10 to 120, from SIGTERM to SIGKILL, of which all but the last five are for what a worker has begun; 120 by default. */
  stopTimeout: z.int().min(10).max(120).default(120),
  /** Whether people may open a shell in a worker by ECS Exec. */
  executeCommand: z.boolean().default(false),
  /** Variables for your models, by name; none by default. Not for secrets. */
  environment: z.record(z.string(), z.string()).default({}),
  /** Variables that ECS fills from Secrets Manager, by name: the ARN of a secret, maybe with `:key::`; none by default. */
  secrets: z.record(z.string(), z.string()).default({}),
  /** What your models may do in AWS, in IAM's own spelling, such as reading their data; nothing by default. */
  permissions: serviceRolesShape.taskRoleStatements,
  /** GiB of disk for the image and what models write, 21 to 200; Fargate's 20 when absent. */
  ephemeralStorageGib: taskDefinitionShape.ephemeralStorageGib,
  /** Whether Fossa's own log goes to a stream of its own, `fossa-external`, beside what each worker prints. */
  externalLog: z.boolean().default(false),
};
export type WorkersSettings = z.output<z.ZodObject<typeof workersShape>>;

/** Rules across the inputs of {@link workersShape}. `path` leads to the object that holds them. */
export function checkWorkers(
  { workers, broker }: { workers: WorkersSettings; broker: { kind: string } },
  ctx: z.RefinementCtx,
): void {
  checkFargateSize(workers, ctx, ["workers"]);
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
    for (const name of Object.keys(workers[key]).filter((variable) => OWN_VARIABLES.includes(variable))) {
      refuse(ctx, ["workers", key, name], "is set by the construct; choose another name");
    }
  }
}

/** Variables that the worker's image reads itself. */
const OWN_VARIABLES = [
  "RABBITMQ_URL",
  "TASK_CPU_UNITS",
  "FOSSA_HTTP_PORT",
  "FOSSA_STOP_SECONDS",
  "FOSSA_LOG_GROUP",
  "FOSSA_LOG_STREAM",
];

/** Queue that Fossa's workers take sub-tasks from. */
export const QUEUE = "fossa_task_queue";

/** Seconds that a worker has left, once its tasks are done or given up, to end its processes. */
const LAST_SECONDS = 5;

export interface FossaWorkersProps {
  name: string;
  cluster: ServiceCluster & { readonly logGroupArn: string };
  network: Pick<FossaNetwork, "vpcId" | "privateSubnetIds">;
  architecture: Architecture;
  image: string;
  namespace: Namespace;
  broker: Broker;
  /** Security group of the workers. */
  securityGroup: TaskSecurityGroup;
  alarms: FargateServiceProps["alarms"];
  settings: WorkersSettings;
}

/** Fossa's workers, as many as are wanted, all alike. */
export class FossaWorkers extends Construct {
  readonly service: FargateService;
  /** `worker.<namespace>`, which leads to some of the workers, in turn. */
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
      discovery: { namespace, name: "worker" },
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
      desiredCount: settings.desiredCount,
      spot: spot && { base: spot.base },
      autoscaling: autoscaling && this.autoscaling(autoscaling, props.broker),
      // a worker that is ended to even out the zones would lose what it has begun
      zoneRebalancing: false,
      taskRoleStatements: [
        ...settings.permissions,
        ...(log ? [{ Action: "logs:PutLogEvents", Resource: `${cluster.logGroupArn}:log-stream:${log.name}` }] : []),
      ],
      executeCommand: settings.executeCommand,
      ephemeralStorageGib: settings.ephemeralStorageGib,
      alarms: props.alarms,
    });
    this.dnsName = this.service.dnsName as string;
    this.port = port;
  }

  private autoscaling(settings: NonNullable<WorkersSettings["autoscaling"]>, broker: Broker) {
    const { waitingPerWorker, ...rest } = settings;
    const metric = waitingPerWorker === undefined ? undefined : broker.queueMetric?.(QUEUE);
    return { ...rest, queue: metric && waitingPerWorker ? { ...metric, perTask: waitingPerWorker } : undefined };
  }
}

/** Program that fails unless the worker's API answers; there is no curl in the image. */
const healthCheck = (port: number) =>
  `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${port}/api/0.01/', timeout=8)`;
