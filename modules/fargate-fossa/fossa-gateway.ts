import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { ClientVpn, checkBlocks, checkClientVpn, clientVpnShape } from "../aws/client-vpn/client-vpn";
import { AlertTopic, alertTopicShape } from "../aws/cloudwatch/alert-topic";
import type { SecurityGroupOwner } from "../aws/ec2/ingress-security-group";
import { PullThroughCache } from "../aws/ecr/pull-through-cache";
import { HttpsLoadBalancer } from "../aws/load-balancer/https-load-balancer";
import { PrivateBucket } from "../aws/storage/private-bucket";
import { boundedName } from "../common/names";
import { GeneratedSecret, secretVersionSchema } from "../common/secrets/generated-secret";
import { kmsKeyArnSchema, secretArnSchema } from "../common/settings/arns";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { portSchema } from "../common/settings/port";
import { parseProps } from "../common/settings/props";
import { onePerZone } from "../common/zones";
import { ANY_FARM, farmShape } from "./farm";
import { namesOf } from "./fossa-names";
import { GatewayApp } from "./gateway-app";
import { GatewayHost } from "./gateway-host";
import { checkImages, GatewayImages, gatewayImagesShape } from "./gateway-images";
import { gatewayHostShape } from "./gateway-settings";
import { HEALTH_PATH, type TlsSettings, tlsSchema } from "./tls";

/** Settings of the gateway. */
export const gatewayShape = {
  ...gatewayHostShape,
  ...gatewayImagesShape,
  /**
   * Where the web page of clusters, workers and tasks runs: on the gateway host (`host`), as an ECS service next to the
   * workers (`container`, which requires `tls`), or nowhere (`none`).
   */
  page: z.enum(["host", "container", "none"]).default("host"),
  /** TLS for the page by a load balancer, billed hourly; required for posting tasks from the page. */
  tls: tlsSchema.optional(),
  /** Existing secret with the page's password of at least 12 characters; one is created when absent. */
  passwordSecretArn: secretArnSchema.optional(),
  /**
   * KMS key that encrypts the page's password, also that of `passwordSecretArn`, its program, and the folders that images are
   * built from; AWS's own keys when absent.
   */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Version of the generated password, from 1; raise it to rotate the password. */
  passwordVersion: secretVersionSchema.default(1),
  /** Client VPN into the VPC for OpenVPN clients, billed hourly. */
  vpn: z.strictObject(clientVpnShape).superRefine(checkClientVpn).optional(),
  /** Alarms on host failures, failed builds, missing workers and growing queues. */
  alarms: z.boolean().default(false),
  ...alertTopicShape,
};

const schema = z
  .strictObject({
    ...farmShape,
    /** Port of the workers' HTTP API, 1 to 65535; the default is Fossa's own. */
    workerPort: portSchema.default(2345),
    /** Pull the broker's image through a cache in the account's own registry. */
    brokerImage: z.boolean().default(true),
    ...gatewayShape,
  })
  .superRefine((settings, ctx) => {
    const { page, tls, alarms, alertEmails, passwordSecretArn, vpn, network } = settings;
    checkImages(settings, ctx);
    if (vpn) checkBlocks({ ...vpn, network }, ctx, ["vpn"]);
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
/** Settings of a user; the stack adds the rest. */
export type FossaGatewaySettings = z.input<z.ZodObject<typeof gatewayShape>>;
/** Checks these settings, without what follows from the farm. */
export const gatewaySettings = checkedBy(schema, { ...ANY_FARM, workerPort: undefined, brokerImage: undefined });
type Settings = z.output<typeof schema>;

/** The page, for a cluster that runs it as a service next to the workers. */
export interface PageToRun {
  readonly image: string;
  readonly passwordSecretArn: string;
  /** Customer managed key of that secret, if any. */
  readonly kmsKeyArn: string | undefined;
  readonly tls: TlsSettings;
}

/**
 * Edge of a worker farm: egress of the private subnets, web page, and images with their builds. By default the host does
 * all three; each can be handed to an AWS service instead.
 */
export class FossaGateway extends Construct {
  readonly images: GatewayImages;
  /** The gateway host; undefined if nothing is left for it to do. */
  readonly host: GatewayHost | undefined;
  readonly loadBalancer: HttpsLoadBalancer | undefined;
  readonly vpn: ClientVpn | undefined;
  /** Secret with the password of user `fossa`; undefined without a page. */
  readonly passwordSecretArn: string | undefined;
  /** URL of the page on the host; undefined if it runs elsewhere or not at all. */
  readonly url: string | undefined;
  /** The page, for the cluster to run; undefined if the host runs it, or nobody. */
  readonly page: PageToRun | undefined;
  /** Pull-through cache for public images; undefined without `brokerImage`. */
  readonly cache: PullThroughCache | undefined;
  /** SNS topic of the alarms; undefined without `alarms`. */
  readonly alertTopicArn: string | undefined;
  /** Who reaches the workers, by name: the host, and the VPN where there is no page to go through. */
  readonly workerClients: Readonly<Record<string, SecurityGroupOwner>>;

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
    this.vpn =
      vpn &&
      new ClientVpn(this, "vpn", { name, network, subnetIds: onePerZone(network, network.privateSubnetIds), ...vpn });
    this.host = this.makeHost(settings);
    this.loadBalancer = this.makeLoadBalancer(settings);
    this.url = this.loadBalancer?.url ?? (settings.page === "host" ? `http://${this.host?.publicIp}` : undefined);
    this.page = this.pageToRun(settings);
    this.workerClients = {
      ...(this.host && { gateway: this.host }),
      ...(this.vpn && settings.page === "none" && { vpn: this.vpn }),
    };
  }

  private password({ name, page, passwordSecretArn, passwordVersion, kmsKeyArn }: Settings): string | undefined {
    if (page === "none") return undefined;
    if (passwordSecretArn !== undefined) return passwordSecretArn;
    return new GeneratedSecret(this, "password", {
      namePrefix: `${name}-page-password-`,
      description: `Password of user fossa of the page of ${name}`,
      length: 24,
      version: passwordVersion,
      kmsKeyArn,
    }).secretArn;
  }

  private makeHost(settings: Settings): GatewayHost | undefined {
    const { name, network, egress, page, tls, imageBuild } = settings;
    const nat = egress === "nat-instance";
    if (!nat && page !== "host" && imageBuild !== "gateway") return undefined;
    const { instanceType, keyName, rootVolumeSize, diskKmsKeyArn, detailedMonitoring, egressPorts } = settings;
    const { ssh, autoRecovery } = settings;
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
      app: this.program(settings),
      build: this.images.hostBuild,
      allowedCidrs: page === "host" ? settings.allowedCidrs : [],
      allowInternet: page === "host" && settings.allowInternet,
      clientSecurityGroupIds: page === "host" && this.vpn ? { vpn: this.vpn.securityGroupId } : {},
      alarmTopicArns: this.alertTopicArn ? [this.alertTopicArn] : [],
      dependsOn: (network.defaultRoutes ?? []).filter((route) => this.isOfThisStack(route)),
      instanceType,
      keyName,
      rootVolumeSize,
      diskKmsKeyArn,
      detailedMonitoring,
      egressPorts,
      ssh,
      autoRecovery,
    });
  }

  /** Resources of another stack exist before this one, and Terraform takes no dependency on them. */
  private isOfThisStack(resource: ITerraformDependable): boolean {
    return !(resource instanceof Construct) || TerraformStack.of(resource) === TerraformStack.of(this);
  }

  /** The page's program in a bucket, and its settings on the host; false if the page runs elsewhere. */
  private program({ name, region, page, tls, workerPort, kmsKeyArn }: Settings) {
    const { passwordSecretArn } = this;
    if (page !== "host" || passwordSecretArn === undefined) return false;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { cluster, workerGroup } = namesOf(name);
    const bucket = new PrivateBucket(this, "bucket", {
      bucketPrefix: `${name}-gateway-`,
      versioning: false,
      forceDestroy: true, // its content is part of the project
      kmsKeyArn,
    });
    const { bucketName, bucketArn, key } = new GatewayApp(this, "app", { bucket });
    return {
      bucketName,
      bucketArn,
      key,
      workerPort,
      workerGroup,
      passwordSecretArn,
      kmsKeyArn,
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
      ...tls,
      allowedCidrs,
      allowInternet,
    });
    balancer.attach([{ key: "gateway", instanceId: this.host.instanceId }]);
    return balancer;
  }

  private pageToRun({ tls, allowedCidrs, allowInternet, kmsKeyArn }: Settings): PageToRun | undefined {
    const { pageImageUri: image } = this.images;
    const { passwordSecretArn } = this;
    if (!tls || image === undefined || passwordSecretArn === undefined) return undefined;
    return {
      image,
      passwordSecretArn,
      kmsKeyArn,
      tls: { ...tls, allowedCidrs, allowInternet },
    };
  }
}
