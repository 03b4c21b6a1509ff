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
import { portSchema } from "../../common/settings/port";
import { InputError, orToken, parseProps, reference, requiredString } from "../../common/settings/props";
import { bucketNameSchema } from "../storage/private-bucket";
import { callersOf, callersShape, checkCallers, checkNetwork, type LoadBalancerNetwork } from "./callers";
import { certificateFor, certificateShape, checkCertificate } from "./certificate";

/** Path that a target is asked for to see whether it is well. */
export const healthCheckPathSchema = z
  .string()
  .max(1024)
  .regex(/^\/[!-~]*$/, "must be a path such as /health");

/** What a user chooses of a load balancer, whoever comes and whatever it leads to. */
export const balancerShape = {
  /** Path that answers 200 to 399 without login when a target is well; `/` by default. */
  healthCheckPath: healthCheckPathSchema.default("/"),
  /** Whether a browser stays with one target for a day; off by default. */
  sticky: z.boolean().default(false),
  /** Bucket for access logs, which lets Elastic Load Balancing write; none when absent. */
  accessLogsBucket: orToken(bucketNameSchema).optional(),
  /** Whether AWS refuses to delete it until this is off again. */
  deletionProtection: z.boolean().default(false),
};

/** All that a user chooses; a front door puts it under one key of its own, with `checkHttps`. */
export const httpsShape = { ...certificateShape, ...callersShape, ...balancerShape };

/** Rules across the inputs of {@link httpsShape}. */
export function checkHttps(
  settings: Parameters<typeof checkCertificate>[0] & Parameters<typeof checkCallers>[0],
  ctx: z.RefinementCtx,
): void {
  checkCertificate(settings, ctx);
  checkCallers(settings, ctx);
}

const schema = z
  .strictObject({
    /** Name of the system, 1 to 100 letters, digits and hyphens, with which names of its parts begin. */
    name: z
      .string()
      .max(100)
      .regex(
        /^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
        "must be letters, digits and hyphens, a letter first and no hyphen last",
      )
      // Source: EC2 API reference, CreateSecurityGroup
      .refine((name) => !/^sg-/.test(name), "must not begin with sg-, which EC2 keeps for itself"),
    /** Short word for what is served, 1 to 5 lower-case letters and digits; tells apart the load balancers of a system. */
    service: z // the prefix of a target group's name has six characters in the provider
      .string()
      .regex(/^[a-z][a-z0-9]{0,4}$/, "must be 1 to 5 lower-case letters and digits, a letter first"),
    /** Where it stands. */
    network: reference<LoadBalancerNetwork>(
      "a Network",
      "vpcId",
      "vpcCidrBlocks",
      "publicSubnetIds",
      "privateSubnetIds",
    ),
    /** What it leads to: `instance` for machines, which are attached, `ip` for tasks, which ECS registers. */
    targetType: z.enum(["instance", "ip"]),
    /** Port of the targets, on which they speak plain HTTP. */
    targetPort: portSchema,
    /** Security group of the targets, which gets a rule that lets the load balancer in. */
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

/** HTTPS in front of machines or tasks. */
export class HttpsLoadBalancer extends Construct {
  readonly dnsName: string;
  /** Where people find it. A certificate of the caller's own needs a name of the caller's own too, that leads to `dnsName`. */
  readonly url: string;
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  readonly securityGroupId: string;
  /** What a target must wait for: its health is looked at, and ECS takes its group, from then on. */
  readonly ready: ITerraformDependable[];
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, props: HttpsLoadBalancerProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, service, network, internal, domainName, accessLogsBucket } = settings;
    this.#settings = settings;
    this.securityGroupId = this.securityGroup();

    const balancer = new Lb(this, "load-balancer", {
      name: boundedName(32, service, name), // begins with neither a hyphen nor "internal-", which AWS keeps
      loadBalancerType: "application",
      internal,
      subnets: internal ? network.privateSubnetIds : network.publicSubnetIds,
      securityGroups: [this.securityGroupId],
      dropInvalidHeaderFields: true,
      ...(settings.deletionProtection && { enableDeletionProtection: true }),
      ...(accessLogsBucket && { accessLogs: { enabled: true, bucket: accessLogsBucket } }),
      tags: { Name: `${name}-${service}` },
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
    if (domainName) {
      new Route53Record(this, "address", {
        zoneId: settings.hostedZoneId as string,
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

  /** Leads to these machines; what registers its members itself, such as a fleet or a service, does by `targetGroupArn`. */
  attach(instances: readonly { readonly key: string; readonly instanceId: string }[]): void {
    const { targetType, targetPort } = this.#settings;
    if (targetType !== "instance") {
      const message = `must be instance where machines are attached, got ${targetType}`;
      throw new InputError(`${this.node.path}: targetType: ${message}`);
    }
    for (const { key, instanceId } of instances) {
      new LbTargetGroupAttachment(this, idFrom(`target-${key}`), {
        targetGroupArn: this.targetGroupArn,
        targetId: instanceId,
        port: targetPort,
      });
    }
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
    // The id is older than targets other than machines. Under another one Terraform would make the rule anew beside the
    // old one, which EC2 refuses as a duplicate.
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
      // Another port means another group, which the listener must have before it lets go of this one.
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
      ...(sticky && { stickiness: { type: "lb_cookie", cookieDuration: A_DAY } }),
      tags: { Name: `${name}-${service}` },
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
