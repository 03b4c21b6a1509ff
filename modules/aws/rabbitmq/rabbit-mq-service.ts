import { Construct } from "constructs";
import { z } from "zod";
import type { Statement } from "../../common/iam/policy";
import { allowReplacementShape } from "../../common/lasting-settings";
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
 * Only the newest series gets fixes. Source: docker-library/rabbitmq, versions.json of 2026-06-15, and
 * COMMUNITY_SUPPORT.md of rabbitmq/rabbitmq-server.
 */
export const BROKER_IMAGE = "docker/library/rabbitmq:4.3.2";
const PUBLIC_REGISTRY = "public.ecr.aws";

/** Settings of a broker that runs as a Fargate task. */
export const rabbitMqServiceShape = {
  /**
   * RabbitMQ 4 image, by a fixed tag or a digest; the Docker official image 4.3.2 when absent. RabbitMQ reads the files of
   * its own series and of the one before: upgrade one series at a time, and never downgrade.
   */
  image: orToken(imageReferenceSchema).optional(),
  /** CPU units of the task, 1024 per vCPU. */
  cpu: fargateSizeShape.cpu.default(256),
  /** Memory of the task, MiB. RabbitMQ blocks publishers when 60 % is in use. */
  memory: fargateSizeShape.memory.default(2048),
  /** User of the clients: 2 to 100 letters, digits and ._-. With persistent files, an earlier user keeps its permissions. */
  username: usernameSchema.default("fossa"),
  /** Generation of the password, from 1. Raise it to rotate the password, which restarts the broker and its clients. */
  passwordVersion: secretVersionSchema.default(1),
  /** Keep queues and messages on EFS, where they outlive the task. */
  persistent: z.boolean().default(true),
  /** UID and GID of RabbitMQ and its files, 1 to 65535: 999 in Debian-based images, 100 in Alpine-based ones. */
  userId: z.int().min(1).max(65535).default(999),
  /** KMS key that encrypts files and secrets; AWS managed keys when absent. A change replaces the file system, which is then empty. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Allow shells in the broker through ECS Exec, for `rabbitmqctl` and the like. */
  executeCommand: z.boolean().default(false),
  ...allowReplacementShape,
};
type Settings = z.output<z.ZodObject<typeof rabbitMqServiceShape>>;

/** Rules across the inputs of {@link rabbitMqServiceShape}. */
export function checkRabbitMqService(settings: Settings, ctx: z.RefinementCtx): void {
  checkFargateSize(settings, ctx);
}

/** Registry that the image is pulled through; `PullThroughCache` is one. */
interface ImageCache {
  image(path: string): string;
  readonly pullStatements: Statement[];
}

const schema = z
  .strictObject({
    /** Name of the service and its resources: 1 to 80 letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .max(80)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must have letters, digits and hyphens only, a letter first"),
    /** ECS cluster. */
    cluster: serviceClusterSchema,
    /** VPC of the clients. */
    vpcId: requiredString,
    /** Private subnets of the task and its file system: 1 to 16, at most one per zone. */
    subnetIds: subnetIdsSchema.min(1).max(16),
    /** Private DNS namespace of the VPC. */
    namespace: discoveryShape.namespace,
    /** Host name within the namespace: 1 to 63 lower-case letters, digits and hyphens. */
    hostName: discoveryShape.name.default("rabbitmq"),
    /** Clients that may connect, by a short name of your choice. */
    allowedFrom: allowedFromSchema,
    /** CPU architecture of the task; the official image supports both. */
    architecture: taskDefinitionShape.architecture,
    /** Pull-through cache of public.ecr.aws for the default image; pulled from there directly when absent. */
    imageCache: reference<ImageCache>("a PullThroughCache", "image{}", "pullStatements{}").optional(),
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
 * RabbitMQ as one Fargate task with a private DNS name. Each new revision stops the old task before it starts the new one:
 * for a minute or two clients, such as Fossa's workers, must retry. Queues and the Erlang cookie stay on EFS.
 */
export class RabbitMqService extends Construct implements Broker {
  readonly urlSecretArn: string;
  readonly kmsKeyArn: string | undefined;
  readonly urlValueFrom: string;
  readonly securityGroupId: string;
  readonly port = AMQP;
  readonly host: string;
  readonly serviceName: string;
  readonly taskRoleArn: string;
  readonly executionRoleArn: string;
  /** File system of the queues; undefined when not persistent. */
  readonly fileSystemId: string | undefined;
  /** Undefined without `alarms`. */
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
        allowReplacement: settings.allowReplacement,
        backup: false, // restored queues would redo finished work
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
          // files are stored under the node name, whose default is the host name, which differs for each task
          RABBITMQ_NODENAME: "rabbit@localhost",
          RABBITMQ_USE_LONGNAME: "false",
        },
        secrets: { RABBITMQ_DEFAULT_USER: valueFrom("username"), RABBITMQ_DEFAULT_PASS: valueFrom("password") },
        // the check starts an Erlang VM of its own, which is slow on a quarter of a vCPU
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
      secretsKmsKeyArns: kmsKeyArn === undefined ? [] : [kmsKeyArn],
      executeCommand: settings.executeCommand,
      // one broker at a time: a second one must never open the first one's files
      desiredCount: 1,
      minimumHealthyPercent: 0,
      maximumPercent: 100,
      alarms: settings.alarms,
    });

    this.urlSecretArn = secretArn;
    this.kmsKeyArn = kmsKeyArn;
    this.urlValueFrom = valueFrom("url");
    this.securityGroupId = securityGroupId;
    this.serviceName = service.serviceName;
    this.taskRoleArn = service.taskRoleArn;
    this.executionRoleArn = service.executionRoleArn;
    this.fileSystemId = files ? files.fileSystemId : undefined;
    this.alarms = service.alarms;
  }
}
