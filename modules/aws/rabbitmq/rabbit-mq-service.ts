import { Construct } from "constructs";
import { z } from "zod";
import type { Statement } from "../../common/iam/policy";
import { GeneratedSecret, secretVersionSchema } from "../../common/secrets/generated-secret";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { orToken, parseProps, reference, requiredString } from "../../common/settings/props";
import { allowedFromSchema } from "../ec2/ingress-security-group";
import { subnetIdsSchema } from "../ec2/subnet-ids";
import { imageReferenceSchema } from "../ecr/image-reference";
import { discoveryShape } from "../ecs/discovery-service";
import { FargateService, serviceClusterSchema } from "../ecs/fargate-service";
import { checkFargateSize, fargateSizeShape } from "../ecs/fargate-size";
import { checkServiceAlarms, type ServiceAlarms, serviceAlarmsShape } from "../ecs/service-alarms";
import { ServiceSecurityGroup } from "../ecs/service-security-group";
import { taskDefinitionShape } from "../ecs/task-definition";
import { SharedFiles } from "../storage/shared-files";
import type { Broker } from "./broker";
import { startScript } from "./start-command";
import { usernameSchema } from "./username";

/**
 * The newest series is the only one that its makers still mend. Source: docker-library/rabbitmq, versions.json of
 * 2026-06-15, and COMMUNITY_SUPPORT.md of rabbitmq/rabbitmq-server.
 */
export const BROKER_IMAGE = "docker/library/rabbitmq:4.3.2";
const PUBLIC_REGISTRY = "public.ecr.aws";

/** What a user chooses of a broker that runs as a Fargate task. */
export const rabbitMqServiceShape = {
  /**
   * Image of RabbitMQ 4, by a tag that is not moved or by a digest; 4.3.2 of the Docker official image when absent. RabbitMQ
   * reads the files of its own series and of the one before: go from series to series, never back.
   */
  image: orToken(imageReferenceSchema).optional(),
  /** CPU units of the task; 256, a quarter of a virtual CPU, by default. */
  cpu: fargateSizeShape.cpu.default(256),
  /** MiB of memory of the task; 2048 by default. When 60 % of it are in use, publishers have to wait. */
  memory: fargateSizeShape.memory.default(2048),
  /** User that clients sign in as: 2 to 100 letters, digits and ._-; fossa by default. A user of before keeps its rights in persistent files. */
  username: usernameSchema.default("fossa"),
  /** Generation of the password, from 1; raise it to have a new one made, with which the broker and its clients start anew. */
  passwordVersion: secretVersionSchema.default(1),
  /** Whether queues and messages lie on EFS, where they outlive the task; on by default. Off, a task that ends takes them along. */
  persistent: z.boolean().default(true),
  /** User and group, 1 to 65535, that RabbitMQ runs as, and that its files belong to; 999 by default, as in Debian's images. 100 in Alpine's. */
  userId: z.int().min(1).max(65535).default(999),
  /** KMS key that encrypts files and secrets; AWS's own keys when absent. A change makes new files, which are empty. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Whether people may open a shell in the broker by ECS Exec, for `rabbitmqctl` and the like. */
  executeCommand: z.boolean().default(false),
};
type Settings = z.output<z.ZodObject<typeof rabbitMqServiceShape>>;

/** Rules across the inputs of {@link rabbitMqServiceShape}. */
export function checkRabbitMqService(settings: Settings, ctx: z.RefinementCtx): void {
  checkFargateSize(settings, ctx);
}

/** What is read of the registry that the image comes by; `PullThroughCache` is one. */
interface ImageCache {
  image(path: string): string;
  readonly pullStatements: Statement[];
}

const schema = z
  .strictObject({
    /** Name of the service, and of what is made for it: 1 to 80 letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .max(80)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must have letters, digits and hyphens only, a letter first"),
    /** Cluster that it runs in. */
    cluster: serviceClusterSchema,
    /** VPC of the clients. */
    vpcId: requiredString,
    /** Private subnets, 1 to 16 and at most one of each zone, that the task and its files are reached in. */
    subnetIds: subnetIdsSchema.min(1).max(16),
    /** Private DNS namespace of the VPC, in which clients find it. */
    namespace: discoveryShape.namespace,
    /** Its name within the namespace, 1 to 63 lower-case letters, digits and hyphens; rabbitmq by default. */
    hostName: discoveryShape.name.default("rabbitmq"),
    /** Who may reach it, by a short name of yours. */
    allowedFrom: allowedFromSchema,
    /** Processor that the task runs on; the official image is built for both. */
    architecture: taskDefinitionShape.architecture,
    /** Cache of public.ecr.aws that the default image is pulled through; straight from there when absent. */
    imageCache: reference<ImageCache>("a PullThroughCache", "image", "pullStatements").optional(),
    ...serviceAlarmsShape,
    ...rabbitMqServiceShape,
  })
  .superRefine((settings, ctx) => {
    checkRabbitMqService(settings, ctx);
    checkServiceAlarms(settings, ctx);
  });
export type RabbitMqServiceProps = z.input<typeof schema>;

const AMQP = 5672;
const DATA = "/var/lib/rabbitmq";

/**
 * RabbitMQ as one Fargate task, found by its name in the VPC. The task comes and goes, and for a minute or two with each
 * new revision there is none, which Fossa's workers sit out; its queues stay, with the cookie of Erlang beside them.
 */
export class RabbitMqService extends Construct implements Broker {
  readonly urlSecretArn: string;
  readonly urlValueFrom: string;
  readonly securityGroupId: string;
  readonly port = AMQP;
  readonly host: string;
  readonly serviceName: string;
  readonly taskRoleArn: string;
  readonly executionRoleArn: string;
  /** File system of the queues; none where they are not kept. */
  readonly fileSystemId: string | undefined;
  /** Alarms on the service; none without `alarms`. */
  readonly alarms: ServiceAlarms | undefined;

  constructor(scope: Construct, id: string, props: RabbitMqServiceProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, vpcId, subnetIds, namespace, hostName, username, kmsKeyArn, memory, userId, imageCache } = settings;
    this.host = `${hostName}.${namespace.namespaceName}`;

    const { secretArn, versionId } = new GeneratedSecret(this, "credentials", {
      namePrefix: `${name}-credentials-`,
      description: `User, password and URL of the broker ${name}`,
      version: settings.passwordVersion,
      kmsKeyArn,
      document: (password) => ({ username, password, url: `amqp://${username}:${password}@${this.host}:${AMQP}` }),
    });
    const valueFrom = (key: string) => `${secretArn}:${key}::${versionId}`;
    const securityGroup = new ServiceSecurityGroup(this, "access", {
      name,
      vpcId,
      port: AMQP,
      allowedFrom: settings.allowedFrom,
    });
    const { securityGroupId } = securityGroup;
    const files =
      settings.persistent &&
      new SharedFiles(this, "files", {
        name,
        vpcId,
        subnetIds,
        clientSecurityGroupIds: { broker: securityGroupId },
        kmsKeyArn,
        userId,
        backup: false, // what is restored of a queue is work that was done since
      });

    const service = new FargateService(this, "service", {
      name,
      cluster: settings.cluster,
      subnetIds,
      securityGroup,
      discovery: { namespace, name: hostName },
      cpu: settings.cpu,
      memory,
      architecture: settings.architecture,
      logPrefix: "rabbit_mq",
      container: {
        name: "rabbitmq",
        image: settings.image ?? imageCache?.image(BROKER_IMAGE) ?? `${PUBLIC_REGISTRY}/${BROKER_IMAGE}`,
        command: ["sh", "-c", startScript({ memory })],
        port: AMQP,
        environment: {
          // the files bear the node's name: that of the host, which is the default, is another one for each task
          RABBITMQ_NODENAME: "rabbit@localhost",
          RABBITMQ_USE_LONGNAME: "false",
        },
        secrets: { RABBITMQ_DEFAULT_USER: valueFrom("username"), RABBITMQ_DEFAULT_PASS: valueFrom("password") },
        // the check starts an Erlang of its own, which takes its time on a quarter of a CPU
        healthCheck: {
          command: ["CMD", "rabbitmq-diagnostics", "-q", "ping"],
          interval: 60,
          timeout: 60,
          retries: 3,
          startPeriod: 300,
        },
        stopTimeout: 120,
        user: `${userId}:${userId}`,
        openFiles: 65_535,
      },
      volumes: files ? [{ name: "data", containerPath: DATA, files }] : [],
      imagePullStatements: settings.image === undefined && imageCache ? imageCache.pullStatements : [],
      secretsKmsKeyArn: kmsKeyArn,
      executeCommand: settings.executeCommand,
      // one broker at a time: a second one must never open the files of the first
      desiredCount: 1,
      minimumHealthyPercent: 0,
      maximumPercent: 100,
      alarms: settings.alarms,
    });

    this.urlSecretArn = secretArn;
    this.urlValueFrom = valueFrom("url");
    this.securityGroupId = securityGroupId;
    this.serviceName = service.serviceName;
    this.taskRoleArn = service.taskRoleArn;
    this.executionRoleArn = service.executionRoleArn;
    this.fileSystemId = files ? files.fileSystemId : undefined;
    this.alarms = service.alarms;
  }
}
