import { Construct } from "constructs";
import { z } from "zod";
import type { PullThroughCache } from "../aws/ecr/pull-through-cache";
import { EcsCluster, ecsClusterShape } from "../aws/ecs/ecs-cluster";
import type { FargateServiceProps } from "../aws/ecs/fargate-service";
import { namespaceNameSchema, PrivateNamespace } from "../aws/ecs/private-namespace";
import { ServiceSecurityGroup } from "../aws/ecs/service-security-group";
import { AmazonMqBroker } from "../aws/rabbitmq/amazon-mq-broker";
import type { Broker } from "../aws/rabbitmq/broker";
import { brokerShape } from "../aws/rabbitmq/broker-settings";
import { RabbitMqService } from "../aws/rabbitmq/rabbit-mq-service";
import { refuse } from "../common/settings/faults";
import { orToken, parseProps, reference } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { FossaDashboard } from "./fossa-dashboard";
import type { PageToRun } from "./fossa-gateway";
import { namesOf, systemNameSchema } from "./fossa-names";
import { architectureSchema, egressSchema, type FossaNetwork, NETWORK_KEYS } from "./fossa-network";
import { checkWorkers, FossaWorkers, QUEUE, workersShape } from "./fossa-workers";
import { checkPageService, PageService, pageServiceShape } from "./page-service";

/** What is read of the gateway; `FossaGateway` is one. */
export interface ClusterGateway {
  readonly images: { readonly workerImageUri: string; readonly hasBrokerImage: boolean };
  /** Machine from which people reach the workers, if there is one. */
  readonly host?: { readonly securityGroupId: string; readonly instanceId: string };
  /** The page, where it is to run beside the workers. */
  readonly page?: PageToRun;
  /** Cache that the broker's image comes through, if there is one. */
  readonly cache?: Pick<PullThroughCache, "image" | "pullStatements">;
  /** Topic that alarms are sent to, if there is one. */
  readonly alertTopicArn?: string;
}

/** What a user chooses of the cluster. */
export const clusterShape = {
  ...ecsClusterShape,
  /** The workers. */
  workers: z.strictObject(workersShape).prefault({}),
  ...brokerShape,
  /** The page, where the gateway leaves it to the cluster; left out otherwise. */
  page: z.strictObject(pageServiceShape).optional(),
  /** Private DNS name under which workers and broker are found; `<name>.internal` when absent. */
  namespaceName: namespaceNameSchema.optional(),
  /** Whether a dashboard of CloudWatch shows workers, broker, queue and gateway; it costs by the month. */
  dashboard: z.boolean().default(false),
  /** Sub-tasks that wait, 1 to 1000000, beyond which an alarm goes off, where there are alarms and the broker is Amazon MQ's; 1000 by default. */
  waitingAlarm: z.int().min(1).max(1_000_000).default(1000),
};

const schema = z
  .strictObject({
    /** Name of the system, 3 to 24 lower-case letters, digits and hyphens, with which all names begin; that of its gateway. */
    name: systemNameSchema,
    /** Region of the network. */
    region: orToken(regionSchema),
    /** Where it stands. */
    network: reference<FossaNetwork>("a Network", ...NETWORK_KEYS),
    /** How the private subnets reach the internet, as the gateway has it. */
    egress: egressSchema,
    /** Processor of the images; X86_64 by default. */
    architecture: architectureSchema,
    /** What builds the images and lets people in. */
    gateway: reference<ClusterGateway>("a FossaGateway", "images"),
    ...clusterShape,
  })
  .superRefine((settings, ctx) => {
    const { egress, broker, gateway, page, containerInsights } = settings;
    checkWorkers(settings, ctx);
    if (page) checkPageService(page, ctx, ["page"]);
    if (page && !gateway.page)
      refuse(ctx, ["page"], "must be left out where the gateway does not leave the page to the cluster");
    if (egress === "vpc-endpoints" && broker.kind === "service" && !broker.image && !gateway.images.hasBrokerImage) {
      // Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints", considerations
      const advice = "ECR caches no new image for a network without a way out; name a copy in a repository of yours";
      refuse(
        ctx,
        ["broker", "image"],
        `is required where egress is vpc-endpoints and imageBuild is not codebuild: ${advice}, got nothing`,
      );
    }
    if (gateway.alertTopicArn !== undefined && containerInsights === "disabled") {
      refuse(
        ctx,
        ["containerInsights"],
        "must be enabled or enhanced where the gateway has alarms: it counts the workers, got disabled",
      );
    }
  });
export type FossaClusterProps = z.input<typeof schema>;
/** What a user sets; the stack gives the rest. */
export type FossaClusterSettings = z.input<z.ZodObject<typeof clusterShape>>;
type Settings = z.output<typeof schema>;

/** Percent of a task's memory, beyond which it is about to be killed. */
const MEMORY_ALARM = 90;
/** Percent of the broker's CPU, beyond which messages come late. */
const BROKER_CPU_ALARM = 90;

/** Worker farm: an ECS cluster on Fargate with a broker and as many of Fossa's workers as are wanted. */
export class FossaCluster extends Construct {
  readonly cluster: EcsCluster;
  readonly namespace: PrivateNamespace;
  readonly broker: Broker;
  readonly workers: FossaWorkers;
  /** The page as a service; none where it runs on the host, or nowhere. */
  readonly page: PageService | undefined;

  constructor(scope: Construct, id: string, props: FossaClusterProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, network, gateway, containerInsights, logRetentionDays, logKmsKeyArn, logSessions } = settings;
    const names = namesOf(name);
    const { vpcId } = network;

    this.cluster = new EcsCluster(this, "cluster", {
      name: names.cluster,
      containerInsights,
      logRetentionDays,
      logKmsKeyArn,
      logSessions,
    });
    this.namespace = new PrivateNamespace(this, "namespace", {
      name: settings.namespaceName ?? `${name}.internal`,
      vpcId,
    });
    this.page = this.makePage(settings);
    const caller = this.page?.securityGroup ?? gateway.host;
    const workersGroup = new ServiceSecurityGroup(this, "workers-access", {
      name: names.workers,
      vpcId,
      port: settings.workers.port,
      allowedFrom: caller ? { gateway: caller } : {},
    });
    this.broker = this.makeBroker(settings, workersGroup);
    this.workers = new FossaWorkers(this, "workers", {
      name: names.workers,
      cluster: this.cluster,
      network,
      architecture: settings.architecture,
      image: gateway.images.workerImageUri,
      namespace: this.namespace,
      broker: this.broker,
      securityGroup: workersGroup,
      alarms: this.alarms(settings),
      settings: settings.workers,
    });
    if (settings.dashboard) this.makeDashboard(settings);
  }

  private makePage({ name, region, network, architecture, gateway, workers, page }: Settings): PageService | undefined {
    if (!gateway.page) return undefined;
    const { image, passwordSecretArn, tls } = gateway.page;
    const names = namesOf(name);
    return new PageService(this, "page", {
      name: names.page,
      ...{ region, network, architecture, image, passwordSecretArn, tls },
      cluster: this.cluster,
      workerPort: workers.port,
      workerGroup: names.workerGroup,
      settings: page ?? z.strictObject(pageServiceShape).parse({}),
    });
  }

  private makeBroker(settings: Settings, workers: ServiceSecurityGroup): Broker {
    const { network, broker, gateway, architecture, waitingAlarm } = settings;
    const { vpcId, privateSubnetIds: subnetIds } = network;
    const common = { name: namesOf(settings.name).broker, vpcId, allowedFrom: { workers } };
    if (broker.kind === "service") {
      const { kind: _, ...rest } = broker;
      const { cluster, namespace } = this;
      return new RabbitMqService(this, "broker", {
        ...common,
        ...{ cluster, namespace, subnetIds, architecture },
        imageCache: broker.image === undefined ? gateway.cache : undefined,
        alarms: this.alarms(settings, { cpuPercent: BROKER_CPU_ALARM }),
        ...rest,
      });
    }
    const { kind: _, ...rest } = broker;
    const { alertTopicArn } = gateway;
    return new AmazonMqBroker(this, "broker", {
      ...common,
      subnetIds: broker.deploymentMode === "SINGLE_INSTANCE" ? subnetIds.slice(0, 1) : subnetIds,
      alarm: alertTopicArn ? { topicArns: [alertTopicArn], queue: QUEUE, waiting: waitingAlarm } : undefined,
      ...rest,
    });
  }

  private alarms({ gateway: { alertTopicArn } }: Settings, more: object = {}): FargateServiceProps["alarms"] {
    if (alertTopicArn === undefined) return undefined;
    return { topicArns: [alertTopicArn], missingTasks: true, memoryPercent: MEMORY_ALARM, ...more };
  }

  private makeDashboard({ name, region, gateway, containerInsights, broker }: Settings): void {
    new FossaDashboard(this, "dashboard", {
      name,
      region,
      clusterName: this.cluster.clusterName,
      serviceNames: {
        workers: this.workers.service.serviceName,
        ...(this.broker instanceof RabbitMqService && { broker: this.broker.serviceName }),
        ...(this.page && { page: this.page.service.serviceName }),
      },
      containerInsights,
      queue: broker.kind === "amazonMq" ? { brokerName: namesOf(name).broker } : undefined,
      gatewayInstanceId: gateway.host?.instanceId,
    });
  }
}
