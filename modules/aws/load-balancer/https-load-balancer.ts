import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { boundedName, idFrom } from "../../common/names";
import { refuse } from "../../common/settings/faults";
import { portSchema } from "../../common/settings/port";
import { orToken, parseProps, reference, requiredString, wrongSetting } from "../../common/settings/props";
import { onePerZone } from "../../common/zones";
import { AccessLogBucket, accessLogsSchema } from "../storage/access-log-bucket";
import { bucketNameSchema, bucketPrefix } from "../storage/private-bucket";
import { callersOf, callersShape, checkCallers, checkNetwork, type LoadBalancerNetwork } from "./callers";
import { certificateFor, certificateShape, checkCertificate } from "./certificate";

/** Path of a health check. */
export const healthCheckPathSchema = z
  .string()
  .max(1024)
  .regex(/^\/[!-~]*$/, "must be a path such as /health");

/** Settings of a load balancer that do not depend on its clients and targets. */
export const balancerShape = {
  /** Health check path; a healthy target answers 200 to 399 without login. */
  healthCheckPath: healthCheckPathSchema.default("/"),
  /** Sticky sessions, for a day. */
  sticky: z.boolean().default(false),
  /** Bucket for access logs, whose policy lets Elastic Load Balancing write; none when absent. */
  accessLogsBucket: orToken(bucketNameSchema).optional(),
  /** Access logs in a bucket that is created for them, with all its settings optional; none when absent. */
  accessLogs: accessLogsSchema.optional(),
  /** Deletion protection. */
  deletionProtection: z.boolean().default(false),
};

/** Rule on the two ways to keep access logs. */
export function checkAccessLogs(
  { accessLogs, accessLogsBucket }: { accessLogs?: unknown; accessLogsBucket?: string },
  ctx: z.RefinementCtx,
): void {
  if (!accessLogs || accessLogsBucket === undefined) return;
  refuse(ctx, "accessLogsBucket", "must be left out with accessLogs, which creates a bucket");
}

/** All settings; a construct that embeds them puts them under one key, with `checkHttps`. */
export const httpsShape = { ...certificateShape, ...callersShape, ...balancerShape };

/** Rules across the inputs of {@link httpsShape}. */
export function checkHttps(
  settings: Parameters<typeof checkCertificate>[0] &
    Parameters<typeof checkCallers>[0] &
    Parameters<typeof checkAccessLogs>[0],
  ctx: z.RefinementCtx,
): void {
  checkCertificate(settings, ctx);
  checkCallers(settings, ctx);
  checkAccessLogs(settings, ctx);
}

const schema = z
  .strictObject({
    /** Name of the system and prefix of the names of its parts: 1 to 100 letters, digits and hyphens. */
    name: z
      .string()
      .max(100)
      .regex(
        /^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
        "must be letters, digits and hyphens, a letter first and no hyphen last",
      )
      // Source: EC2 API reference, CreateSecurityGroup
      .refine((name) => !/^sg-/.test(name), "must not begin with sg-, which EC2 reserves"),
    /** Short name of the service, 1 to 5 lower-case letters and digits; distinguishes the load balancers of a system. */
    service: z // the prefix of a target group's name has six characters in the provider
      .string()
      .regex(/^[a-z][a-z0-9]{0,4}$/, "must be 1 to 5 lower-case letters and digits, a letter first"),
    /** Network of the load balancer. */
    network: reference<LoadBalancerNetwork>(
      "a Network",
      "vpcId",
      "vpcCidrBlocks",
      "publicSubnetIds",
      "privateSubnetIds",
    ),
    /** Targets: `instance` for machines, which `attach` registers, `ip` for tasks, which ECS registers. */
    targetType: z.enum(["instance", "ip"]),
    /** HTTP port of the targets. */
    targetPort: portSchema,
    /** Security group of the targets, which gets an ingress rule for the load balancer. */
    targetSecurityGroupId: requiredString,
    ...httpsShape,
  })
  .superRefine((settings, ctx) => {
    checkHttps(settings, ctx);
    checkNetwork(settings, ctx);
  });
export type HttpsLoadBalancerProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

/** TLS 1.3 and 1.2. Source: Application Load Balancers guide, "Security policies". */
const SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";
const HTTPS = 443;
const HTTP = 80;
const A_DAY = 86_400;

/** Application Load Balancer that terminates HTTPS for machines or tasks. */
export class HttpsLoadBalancer extends Construct {
  readonly dnsName: string;
  /** URL. With a certificate of your own, create a DNS record that points its name to `dnsName`. */
  readonly url: string;
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  readonly securityGroupId: string;
  /** What targets must wait for: health checks start, and ECS accepts the target group, from then on. */
  readonly ready: ITerraformDependable[];
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, props: HttpsLoadBalancerProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, service, network, internal, domainName, hostedZoneId } = settings;
    this.#settings = settings;
    this.securityGroupId = this.securityGroup();

    const logs = this.accessLogs();
    const balancer = new Lb(this, "load-balancer", {
      name: boundedName(32, service, name), // begins with neither a hyphen nor "internal-", which AWS reserves
      loadBalancerType: "application",
      internal,
      subnets: onePerZone(network, internal ? network.privateSubnetIds : network.publicSubnetIds),
      securityGroups: [this.securityGroupId],
      dropInvalidHeaderFields: true,
      ...(settings.deletionProtection && { enableDeletionProtection: true }),
      ...(logs.bucket && { accessLogs: { enabled: true, bucket: logs.bucket } }),
      tags: { Name: `${name}-${service}` },
      dependsOn: logs.ready,
    });
    const targetGroup = this.targetGroup();
    const listener = new LbListener(this, "https", {
      loadBalancerArn: balancer.arn,
      port: HTTPS,
      protocol: "HTTPS",
      sslPolicy: SSL_POLICY,
      certificateArn: certificateFor(this, settings),
      defaultAction: [{ type: "forward", targetGroupArn: targetGroup.arn }],
    });
    new LbListener(this, "http", {
      loadBalancerArn: balancer.arn,
      port: HTTP,
      protocol: "HTTP",
      defaultAction: [
        { type: "redirect", redirect: { port: String(HTTPS), protocol: "HTTPS", statusCode: "HTTP_301" } },
      ],
    });
    if (domainName && hostedZoneId) {
      new Route53Record(this, "address", {
        zoneId: hostedZoneId,
        name: domainName,
        type: "A",
        alias: { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true },
      });
    }

    this.dnsName = balancer.dnsName;
    this.url = `https://${domainName ?? balancer.dnsName}`;
    this.loadBalancerArn = balancer.arn;
    this.targetGroupArn = targetGroup.arn;
    this.ready = [listener];
  }

  /** Registers machines as targets. Auto Scaling groups and ECS services register their own, through `targetGroupArn`. */
  attach(instances: readonly { readonly key: string; readonly instanceId: string }[]): void {
    const { targetType, targetPort } = this.#settings;
    if (targetType !== "instance") {
      const message = `must be instance where machines are attached, got ${targetType}`;
      throw wrongSetting(this, "targetType", message);
    }
    for (const { key, instanceId } of instances) {
      new LbTargetGroupAttachment(this, idFrom(`target-${key}`), {
        targetGroupArn: this.targetGroupArn,
        targetId: instanceId,
        port: targetPort,
      });
    }
  }

  /** Where access logs go, and what must exist before: Elastic Load Balancing tries to write when it is told so. */
  private accessLogs(): { bucket?: string; ready?: ITerraformDependable[] } {
    const { name, service, accessLogs, accessLogsBucket } = this.#settings;
    if (!accessLogs) return { bucket: accessLogsBucket };
    const { bucketName, ready } = new AccessLogBucket(this, "access-logs", {
      ...accessLogs,
      bucketPrefix: bucketPrefix(name.toLowerCase(), `${service}-access-logs`),
      writer: "elastic-load-balancing",
    });
    return { bucket: bucketName, ready };
  }

  private securityGroup(): string {
    const { name, service, network, targetSecurityGroupId, targetPort } = this.#settings;
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", {
      namePrefix: `${name}-${service}-load-balancer-`,
      description: `Load balancer of ${name}`,
      vpcId: network.vpcId,
      tags: { Name: `${name}-${service}-load-balancer` },
      lifecycle: { createBeforeDestroy: true },
    });
    const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
    for (const { key, cidrIpv4 } of callersOf(this.#settings, network)) {
      for (const [port, description] of [
        [HTTPS, "HTTPS"],
        [HTTP, "HTTP, which is sent on to HTTPS"],
      ] as const) {
        new VpcSecurityGroupIngressRule(this, idFrom(`in-${port}-${key}`), {
          securityGroupId,
          description,
          cidrIpv4,
          ...tcp(port),
        });
      }
    }
    new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId,
      description: "Requests and health checks",
      referencedSecurityGroupId: targetSecurityGroupId,
      ...tcp(targetPort),
    });
    // The id predates other targets than machines. Under a new id Terraform would create a second, identical rule, which EC2
    // refuses as a duplicate.
    new VpcSecurityGroupIngressRule(this, "machine-ingress", {
      securityGroupId: targetSecurityGroupId,
      description: "Load balancer",
      referencedSecurityGroupId: securityGroupId,
      ...tcp(targetPort),
    });
    return securityGroupId;
  }

  private targetGroup(): LbTargetGroup {
    const { name, service, network, targetType, targetPort, healthCheckPath, sticky } = this.#settings;
    return new LbTargetGroup(this, "target-group", {
      // Another port replaces the group, and the listener must move to the new one before this one is deleted.
      namePrefix: `${service}-`,
      port: targetPort,
      protocol: "HTTP",
      targetType,
      vpcId: network.vpcId,
      healthCheck: {
        path: healthCheckPath,
        matcher: "200-399",
        interval: 30,
        timeout: 10,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      // Absent, the provider keeps the cookies of before.
      stickiness: { enabled: sticky, type: "lb_cookie", cookieDuration: A_DAY },
      tags: { Name: `${name}-${service}` },
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
