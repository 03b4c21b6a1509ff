import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { ClientVpn, checkClientCidr, checkClientVpn, clientVpnShape } from "../aws/client-vpn/client-vpn";
import { AlertTopic, alertTopicShape } from "../aws/cloudwatch/alert-topic";
import { PullThroughCache } from "../aws/ecr/pull-through-cache";
import { HttpsLoadBalancer } from "../aws/load-balancer/https-load-balancer";
import { PrivateBucket } from "../aws/storage/private-bucket";
import { boundedName } from "../common/names";
import { GeneratedSecret, secretVersionSchema } from "../common/secrets/generated-secret";
import { secretArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { orToken, parseProps, reference } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { namesOf, systemNameSchema } from "./fossa-names";
import { architectureSchema, egressSchema, type FossaNetwork, NETWORK_KEYS } from "./fossa-network";
import { GatewayApp } from "./gateway-app";
import { GatewayHost } from "./gateway-host";
import { checkImages, GatewayImages, gatewayImagesShape } from "./gateway-images";
import { gatewayHostShape } from "./gateway-settings";
import { HEALTH_PATH, type TlsSettings, tlsSchema } from "./tls";

/** What a user chooses of the gateway. */
export const gatewayShape = {
  ...gatewayHostShape,
  ...gatewayImagesShape,
  /**
   * Where the page runs that shows clusters, workers and their tasks: on the gateway host (`host`, by default), as an ECS
   * service beside the workers (`container`, which needs `tls`), or nowhere (`none`).
   */
  page: z.enum(["host", "container", "none"]).default("host"),
  /** TLS before the page, by a load balancer, which costs by the hour; with it, tasks can be posted from the page. None when absent. */
  tls: tlsSchema.optional(),
  /** Secret with the page's password, of 12 characters at least, that exists already; one is made when absent. */
  passwordSecretArn: secretArnSchema.optional(),
  /** Generation of the password that is made, from 1; raise it to have a new one. */
  passwordVersion: secretVersionSchema.default(1),
  /** Way into the VPC for people with an OpenVPN client, which costs by the hour; none when absent. */
  vpn: z.strictObject(clientVpnShape).superRefine(checkClientVpn).optional(),
  /** Whether alarms tell of a host that fails, of builds that do, of workers that are missing and of queues that grow. */
  alarms: z.boolean().default(false),
  ...alertTopicShape,
};

const schema = z
  .strictObject({
    /** Name of the system, 3 to 24 lower-case letters, digits and hyphens, with which all names begin. */
    name: systemNameSchema,
    /** Region of the network. */
    region: orToken(regionSchema),
    /** Where it stands. */
    network: reference<FossaNetwork>("a Network", ...NETWORK_KEYS),
    /** How the private subnets reach the internet; the host is the way out where it is `nat-instance`, the default. */
    egress: egressSchema,
    /** Processor that images are built for; X86_64 by default. */
    architecture: architectureSchema,
    /** Port of the workers' HTTP API, 1 to 65535; 2345, Fossa's own, by default. */
    workerPort: z.int().min(1).max(65535).default(2345),
    /** Whether the broker's image comes from the public registry through the account's own; on by default. */
    brokerImage: z.boolean().default(true),
    ...gatewayShape,
  })
  .superRefine((settings, ctx) => {
    const { page, tls, alarms, alertEmails, passwordSecretArn, vpn, network } = settings;
    checkImages(settings, ctx);
    if (vpn) checkClientCidr({ ...vpn, network }, ctx, ["vpn"]);
    if (page === "container" && !tls)
      refuse(ctx, "tls", "is required where page is container, which a load balancer leads to, got nothing");
    if (page === "none" && tls) refuse(ctx, "tls", "must be left out where page is none, got settings");
    if (page === "none" && passwordSecretArn !== undefined) {
      refuse(ctx, "passwordSecretArn", "must be left out where page is none, got a secret");
    }
    if (!alarms && alertEmails.length > 0) {
      refuse(ctx, "alertEmails", `must be left out where alarms is off, got ${alertEmails.join(", ")}`);
    }
  });
export type FossaGatewayProps = z.input<typeof schema>;
/** What a user sets; the stack gives the rest. */
export type FossaGatewaySettings = z.input<z.ZodObject<typeof gatewayShape>>;
type Settings = z.output<typeof schema>;

/** The page, where it is to run as a service beside the workers. */
export interface PageToRun {
  readonly image: string;
  readonly passwordSecretArn: string;
  readonly tls: TlsSettings;
}

/**
 * Edge of a worker farm: way out of the private subnets, page that shows what runs in them, and images, with who builds
 * them. The host does all three, as the document wants it; each can be handed to a service of AWS instead.
 */
export class FossaGateway extends Construct {
  readonly images: GatewayImages;
  /** The one machine; none where nothing is left for it to do. */
  readonly host: GatewayHost | undefined;
  readonly loadBalancer: HttpsLoadBalancer | undefined;
  readonly vpn: ClientVpn | undefined;
  /** Secret with the password of user `fossa`; none without a page. */
  readonly passwordSecretArn: string | undefined;
  /** Where people find the page of the host; none where it runs elsewhere or nowhere. */
  readonly url: string | undefined;
  /** The page, for the cluster to run; none where the host does, or nobody. */
  readonly page: PageToRun | undefined;
  /** Cache that public images come through; none without `brokerImage`. */
  readonly cache: PullThroughCache | undefined;
  /** Topic that alarms are sent to; none without `alarms`. */
  readonly alertTopicArn: string | undefined;

  constructor(scope: Construct, id: string, props: FossaGatewayProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, network, alarms, alertEmails, vpn } = settings;
    const topic = alarms ? new AlertTopic(this, "alerts", { prefix: name, emails: alertEmails }) : undefined;
    this.alertTopicArn = topic?.arn;
    this.passwordSecretArn = this.password(settings);
    this.cache = settings.brokerImage
      ? new PullThroughCache(this, "cache", { prefix: boundedName(30, name, "public") })
      : undefined;
    this.images = new GatewayImages(this, "images", {
      name,
      architecture: settings.architecture,
      cache: settings.egress === "vpc-endpoints" ? this.cache : undefined,
      alertTopicArn: this.alertTopicArn,
      withPage: settings.page === "container",
      settings,
    });
    this.host = this.makeHost(settings);
    this.loadBalancer = this.makeLoadBalancer(settings);
    this.url = this.loadBalancer?.url ?? (settings.page === "host" ? `http://${this.host?.publicIp}` : undefined);
    this.page = this.pageToRun(settings);
    this.vpn = vpn && new ClientVpn(this, "vpn", { name, network, subnetIds: network.privateSubnetIds, ...vpn });
  }

  private password({ name, page, passwordSecretArn, passwordVersion }: Settings): string | undefined {
    if (page === "none") return undefined;
    if (passwordSecretArn !== undefined) return passwordSecretArn;
    return new GeneratedSecret(this, "password", {
      namePrefix: `${name}-page-password-`,
      description: `Password of user fossa of the page of ${name}`,
      length: 24,
      version: passwordVersion,
    }).secretArn;
  }

  private makeHost(settings: Settings): GatewayHost | undefined {
    const { name, network, egress, page, tls, imageBuild } = settings;
    const nat = egress === "nat-instance";
    if (!nat && page !== "host" && imageBuild !== "gateway") return undefined;
    const { instanceType, keyName, rootVolumeSize, detailedMonitoring, egressPorts, ssh, autoRecovery } = settings;
    const [subnetId = ""] = network.publicSubnetIds;
    return new GatewayHost(this, "host", {
      name,
      vpcId: network.vpcId,
      subnetId,
      nat,
      privateCidrBlocks: nat ? network.privateSubnetCidrBlocks : [],
      privateRouteTableIds: nat ? network.privateRouteTableIds : [],
      architecture: settings.architecture,
      tls: tls !== undefined && page === "host",
      app: page === "host" ? this.program(settings) : false,
      build: this.images.hostBuild,
      allowedCidrs: page === "host" ? settings.allowedCidrs : [],
      allowInternet: page === "host" && settings.allowInternet,
      alarmTopicArns: this.alertTopicArn ? [this.alertTopicArn] : [],
      dependsOn: (network.defaultRoutes ?? []).filter((route) => this.isOfThisStack(route)),
      ...{ instanceType, keyName, rootVolumeSize, detailedMonitoring, egressPorts, ssh, autoRecovery },
    });
  }

  /** What another stack has made is there before this one, and Terraform takes no dependency on it. */
  private isOfThisStack(resource: ITerraformDependable): boolean {
    return !(resource instanceof Construct) || TerraformStack.of(resource) === TerraformStack.of(this);
  }

  /** The page's program in a bucket, and what the host has to know to run it. */
  private program({ name, region, tls, workerPort }: Settings) {
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { cluster, workerGroup } = namesOf(name);
    const bucket = new PrivateBucket(this, "bucket", {
      bucketPrefix: `${name}-gateway-`,
      versioning: false,
      forceDestroy: true, // what is in it lies in the project
    });
    const { bucketName, bucketArn, key } = new GatewayApp(this, "app", { bucket });
    return {
      ...{ bucketName, bucketArn, key, workerPort, workerGroup },
      passwordSecretArn: this.passwordSecretArn as string,
      clusterArns: [`arn:aws:ecs:${region}:${accountId}:cluster/${cluster}`],
      postEnabled: tls !== undefined,
    };
  }

  private makeLoadBalancer({ name, network, page, tls, allowedCidrs, allowInternet }: Settings) {
    if (!tls || page !== "host" || !this.host) return undefined;
    const balancer = new HttpsLoadBalancer(this, "load-balancer", {
      name,
      service: "page",
      network,
      targetType: "instance",
      targetPort: 8080,
      targetSecurityGroupId: this.host.securityGroupId,
      healthCheckPath: HEALTH_PATH,
      ...{ ...tls, allowedCidrs, allowInternet },
    });
    balancer.attach([{ key: "gateway", instanceId: this.host.instanceId }]);
    return balancer;
  }

  private pageToRun({ tls, allowedCidrs, allowInternet }: Settings): PageToRun | undefined {
    const { pageImageUri: image } = this.images;
    if (!tls || image === undefined) return undefined;
    return {
      image,
      passwordSecretArn: this.passwordSecretArn as string,
      tls: { ...tls, allowedCidrs, allowInternet },
    };
  }
}
