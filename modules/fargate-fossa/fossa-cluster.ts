import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import type { SecurityGroupOwner } from "../aws/ec2/ingress-security-group";
import type { PullThroughCache } from "../aws/ecr/pull-through-cache";
import { EcsCluster, ecsClusterShape } from "../aws/ecs/ecs-cluster";
import type { FargateServiceProps } from "../aws/ecs/fargate-service";
import { namespaceNameSchema, PrivateNamespace } from "../aws/ecs/private-namespace";
import { ServiceSecurityGroup } from "../aws/ecs/service-security-group";
import { AmazonMqBroker } from "../aws/rabbitmq/amazon-mq-broker";
import type { Broker } from "../aws/rabbitmq/broker";
import { brokerShape } from "../aws/rabbitmq/broker-settings";
import { RabbitMqService } from "../aws/rabbitmq/rabbit-mq-service";
import { idFrom } from "../common/names";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps, reference } from "../common/settings/props";
import { onePerZone } from "../common/zones";
import { ANY_FARM, farmShape } from "./farm";
import { FossaDashboard } from "./fossa-dashboard";
import type { PageToRun } from "./fossa-gateway";
import { namesOf } from "./fossa-names";
import { checkWorkers, FossaWorkers, QUEUE, workersShape } from "./fossa-workers";
import { checkPageService, PageService, pageServiceShape } from "./page-service";

/** Gateway of a cluster; `FossaGateway` is one. */
export interface ClusterGateway {
  readonly images: { readonly workerImageUri: string; readonly hasBrokerImage: boolean };
  /** Gateway host, if any. */
  readonly host?: { readonly securityGroupId: string; readonly instanceId: string };
  /** Who reaches the workers, by name; the host, if any, when absent. */
  readonly workerClients?: Readonly<Record<string, SecurityGroupOwner>>;
  /** The page, if the cluster runs it. */
  readonly page?: PageToRun;
  /** Pull-through cache for the broker's image, if any. */
  readonly cache?: Pick<PullThroughCache, "image" | "pullStatements">;
  /** SNS topic of the alarms, if any. */
  readonly alertTopicArn?: string;
}

/** Settings of the cluster. */
export const clusterShape = {
  ...ecsClusterShape,
  /** The workers. */
  workers: z.strictObject(workersShape).prefault({}),
  ...brokerShape,
  /** The page, if the gateway leaves it to the cluster. */
  page: z.strictObject(pageServiceShape).optional(),
  /** Private DNS namespace of workers and broker; `<name>.internal` when absent. */
  namespaceName: namespaceNameSchema.optional(),
  /** CloudWatch dashboard of workers, broker, queue and gateway, billed monthly. */
  dashboard: z.boolean().default(false),
  /** Alarm threshold for waiting sub-tasks, 1 to 1000000; used with `alarms` of the gateway and a broker of Amazon MQ. */
  waitingAlarm: z.int().min(1).max(1_000_000).default(1000),
};

const schema = z
  .strictObject({
    ...farmShape,
    /** Source of the images, and client of the workers. */
    gateway: reference<ClusterGateway>("a FossaGateway", "images{}"),
    ...clusterShape,
  })
  .superRefine((settings, ctx) => {
    const { egress, broker, gateway, page, containerInsights, workers } = settings;
    checkWorkers(settings, ctx);
    const reached = gateway.page !== undefined || Object.keys(clientsOf(gateway)).length > 0;
    if (!reached && workers.allowedCidrs.length === 0 && !workers.executeCommand) {
      const advice = "or let the gateway have a page or a vpn, or set executeCommand";
      const why = "without a page, a host and a VPN nobody could post a task to them";
      refuse(
        ctx,
        ["workers", "allowedCidrs"],
        `must name the blocks that reach the workers, ${advice}: ${why}, got none`,
      );
    }
    if (page) checkPageService(page, ctx, ["page"]);
    if (page && !gateway.page)
      refuse(ctx, ["page"], "must be left out where the gateway does not leave the page to the cluster");
    if (egress === "vpc-endpoints" && broker.kind === "service" && !broker.image && !gateway.images.hasBrokerImage) {
      // Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints", considerations
      const advice =
        "ECR caches no new image for a network without internet access; name a copy in a repository of yours";
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
/** A gateway to check settings with when the real one is not known. */
const ANY_GATEWAY: ClusterGateway = { images: { workerImageUri: "any", hasBrokerImage: true }, page: {} as PageToRun };
/** Settings of a user; the stack adds the rest. */
export type FossaClusterSettings = z.input<z.ZodObject<typeof clusterShape>>;
/** Checks these settings, without what follows from the farm and its gateway. */
export const fossaClusterSettings = checkedBy(schema, { ...ANY_FARM, gateway: ANY_GATEWAY });
type Settings = z.output<typeof schema>;

/** Who reaches the workers, by name. */
const clientsOf = ({ workerClients, host }: Partial<ClusterGateway>): Readonly<Record<string, SecurityGroupOwner>> =>
  workerClients ?? (host ? { gateway: host } : {});

/** Alarm threshold for the memory of a task, percent: ECS kills it at 100. */
const MEMORY_ALARM = 90;
/** Alarm threshold for the CPU of the broker, percent: beyond it messages are delayed. */
const BROKER_CPU_ALARM = 90;

/** Worker farm: an ECS cluster on Fargate with a broker and Fossa workers. */
export class FossaCluster extends Construct {
  readonly cluster: EcsCluster;
  readonly namespace: PrivateNamespace;
  readonly broker: Broker;
  readonly workers: FossaWorkers;
  /** The page as a service; undefined if it runs on the host or not at all. */
  readonly page: PageService | undefined;

  constructor(scope: Construct, id: string, props: FossaClusterProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, network, gateway, containerInsights, logRetentionDays, logKmsKeyArn } = settings;
    const names = namesOf(name);
    const { vpcId } = network;

    this.cluster = new EcsCluster(this, "cluster", {
      name: names.cluster,
      containerInsights,
      logRetentionDays,
      logKmsKeyArn,
      diskKmsKeyArn: settings.diskKmsKeyArn,
      logSessions: settings.logSessions,
    });
    this.namespace = new PrivateNamespace(this, "namespace", {
      name: settings.namespaceName ?? `${name}.internal`,
      vpcId,
    });
    this.page = this.makePage(settings);
    const workersGroup = new ServiceSecurityGroup(this, "workers-access", {
      name: names.workers,
      vpcId,
      port: settings.workers.port,
      allowedFrom: { ...clientsOf(gateway), ...(this.page && { gateway: this.page.securityGroup }) },
    });
    this.admitBlocks(workersGroup, settings.workers);
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

  private admitBlocks({ securityGroupId }: ServiceSecurityGroup, { port, allowedCidrs }: Settings["workers"]): void {
    for (const [index, cidrIpv4] of allowedCidrs.entries()) {
      const key = Token.isUnresolved(cidrIpv4) ? `block-${index}` : cidrIpv4;
      new VpcSecurityGroupIngressRule(this, idFrom(`workers-from-${key}`), {
        securityGroupId,
        description: "Who posts tasks",
        cidrIpv4,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
      });
    }
  }

  private makePage({ name, region, network, architecture, gateway, workers, page }: Settings): PageService | undefined {
    if (!gateway.page) return undefined;
    const { image, passwordSecretArn, kmsKeyArn, tls } = gateway.page;
    const names = namesOf(name);
    return new PageService(this, "page", {
      name: names.page,
      region,
      network,
      architecture,
      image,
      passwordSecretArn,
      kmsKeyArn,
      tls,
      cluster: this.cluster,
      workerPort: workers.port,
      workerGroup: names.workerGroup,
      settings: page ?? z.strictObject(pageServiceShape).parse({}),
    });
  }

  private makeBroker(settings: Settings, workers: ServiceSecurityGroup): Broker {
    const { network, broker, gateway, architecture, waitingAlarm } = settings;
    const { vpcId } = network;
    const subnetIds = onePerZone(network, network.privateSubnetIds);
    const common = { name: namesOf(settings.name).broker, vpcId, allowedFrom: { workers } };
    if (broker.kind === "service") {
      const { kind: _, ...rest } = broker;
      return new RabbitMqService(this, "broker", {
        ...common,
        cluster: this.cluster,
        namespace: this.namespace,
        subnetIds,
        architecture,
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
