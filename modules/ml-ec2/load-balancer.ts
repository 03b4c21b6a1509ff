import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { boundedName, idFrom } from "../common/names";
import { orToken } from "../common/props";
import { bucketNameSchema } from "../storage/private-bucket";
import type { MachineNetwork } from "./machine";
import { allowedCidrsSchema } from "./machine-security-group";

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

const loadBalancerSchema = z
  .strictObject({
    /** ARN of an ACM certificate in the region of the machines. Either this or `domainName` with `hostedZoneId`. */
    certificateArn: orToken(
      z
        .string()
        .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, "must be the ARN of an ACM certificate"),
    ).optional(),
    /** Name to serve, such as `ml.example.com`: a certificate is made for it, and its address record. */
    domainName: z
      .string()
      .max(64) // RFC 5280: the common name of a certificate; ACM asks the same of the first name
      .regex(new RegExp(`^(${LABEL}\\.)+[a-z]{2,63}$`), "must be a domain name in lower case such as ml.example.com")
      .optional(),
    /** Id of the public Route 53 zone that `domainName` lies in, where ACM looks for the proof. */
    hostedZoneId: orToken(z.string().regex(/^Z[A-Z0-9]{1,31}$/, "must be the id of a hosted zone")).optional(),
    /** Whether it has private addresses only, reached from the VPC, a peer or a VPN; on by default. */
    internal: z.boolean().default(true),
    /** IPv4 blocks, /8 to /32 and at most 15, from which it is reached; the VPC's own when absent or empty, if internal. */
    allowedCidrs: allowedCidrsSchema,
    /** Port of the machines that it leads to; 8888, Jupyter's, by default. 6006 is TensorBoard's; others are up to you. */
    targetPort: z.int().min(1024).max(65535).default(8888),
    /** Path that answers 200 to 399 without login when a machine is well; `/api` for Jupyter, `/` for all else when absent. */
    healthCheckPath: z
      .string()
      .max(1024)
      .regex(/^\/[!-~]*$/, "must be a path such as /health")
      .optional(),
    /** Whether a browser stays with one machine for a day, as notebooks and logs do; on by default. Off suits model servers. */
    sticky: z.boolean().default(true),
    /** Bucket for access logs, which lets Elastic Load Balancing write; none when absent. */
    accessLogsBucket: orToken(bucketNameSchema).optional(),
  })
  .superRefine(({ certificateArn, domainName, hostedZoneId, internal, allowedCidrs }, ctx) => {
    const fail = (key: string, message: string) => ctx.addIssue({ code: "custom", path: [key], message });
    if (certificateArn === undefined && domainName === undefined) {
      fail(
        "certificateArn",
        "must be given, or domainName with hostedZoneId: nothing is served without TLS, got neither",
      );
    }
    if (certificateArn !== undefined && (domainName !== undefined || hostedZoneId !== undefined)) {
      fail("certificateArn", "must be left out with domainName and hostedZoneId, for which one is made, got both");
    } else if (domainName !== undefined && hostedZoneId === undefined) {
      fail("hostedZoneId", "is required with domainName, got nothing");
    } else if (hostedZoneId !== undefined && domainName === undefined) {
      fail("domainName", "is required with hostedZoneId, got nothing");
    }
    if (!internal && allowedCidrs.length === 0) {
      fail("allowedCidrs", "must name who may come from the internet where internal is false, got none");
    }
  });

/** Inputs that concern the load balancer. */
export const loadBalancerShape = {
  /** Application Load Balancer in front of the machines, by HTTPS only; none when absent. */
  loadBalancer: loadBalancerSchema.optional(),
};
export type LoadBalancerSettings = z.output<typeof loadBalancerSchema>;

/** What listens on a port, by the setting that turns it on. */
const SERVICES = { 8888: "jupyter", 6006: "tensorboard" } as const;

/** Rules between the load balancer and what it leads to. */
export function checkLoadBalancer(
  settings: {
    loadBalancer?: LoadBalancerSettings;
    jupyter: unknown;
    tensorboard: unknown;
    network?: Partial<MachineNetwork>;
  },
  ctx: z.RefinementCtx,
): void {
  const { loadBalancer, network } = settings;
  if (!loadBalancer) return;
  const { targetPort, internal } = loadBalancer;
  const fail = (key: string, message: string) => ctx.addIssue({ code: "custom", path: ["loadBalancer", key], message });
  const service = SERVICES[targetPort as keyof typeof SERVICES];
  if (service && !settings[service]) {
    fail("targetPort", `must be a port where something listens, and ${service} is off, got ${targetPort}`);
  }
  const subnets = internal ? network?.privateSubnetIds : network?.publicSubnetIds;
  if (subnets && !Token.isUnresolved(subnets) && subnets.length < 2) {
    // Source: Application Load Balancers guide, "Subnets for your load balancer"
    const tier = internal ? "private" : "public";
    fail(
      "internal",
      `needs ${tier} subnets in two zones at least, and the network has ${subnets.length}, got ${internal}`,
    );
  }
}

/** TLS 1.3 and 1.2. Source: Application Load Balancers guide, "Security policies". */
const SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";
const HTTPS = 443;
const HTTP = 80;

export interface LoadBalancerProps {
  prefix: string;
  network: MachineNetwork;
  /** Security group of the machines, which lets the load balancer in. */
  machineSecurityGroupId: string;
  settings: LoadBalancerSettings;
}

/** HTTPS in front of the machines. */
export class LoadBalancer extends Construct {
  readonly dnsName: string;
  /** Where people find it. A certificate of the caller's own needs a name of the caller's own too, that leads to `dnsName`. */
  readonly url: string;
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  readonly securityGroupId: string;
  /** What a machine must wait for so that its health is looked at. */
  readonly ready: ITerraformDependable[];
  readonly #targetPort: number;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { prefix, network, settings } = props;
    const { domainName, internal, accessLogsBucket } = settings;
    const name = `${prefix}-ml`;
    this.#targetPort = settings.targetPort;
    this.securityGroupId = this.securityGroup(name, props);

    const balancer = new Lb(this, "load-balancer", {
      name: boundedName(32, "ml", prefix), // begins with neither a hyphen nor "internal-", which AWS keeps
      loadBalancerType: "application",
      internal,
      subnets: internal ? network.privateSubnetIds : network.publicSubnetIds,
      securityGroups: [this.securityGroupId],
      dropInvalidHeaderFields: true,
      ...(accessLogsBucket && { accessLogs: { enabled: true, bucket: accessLogsBucket } }),
      tags: { Name: name },
    });
    const targetGroup = this.targetGroup(name, network.vpcId, settings);
    const listener = new LbListener(this, "https", {
      loadBalancerArn: balancer.arn,
      port: HTTPS,
      protocol: "HTTPS",
      sslPolicy: SSL_POLICY,
      certificateArn: settings.certificateArn ?? this.certificate(settings),
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

  /** Leads to these machines; a fleet brings its own in by `targetGroupArn`. */
  attach(instances: readonly { readonly key: string; readonly instanceId: string }[]): void {
    for (const { key, instanceId } of instances) {
      new LbTargetGroupAttachment(this, idFrom(`target-${key}`), {
        targetGroupArn: this.targetGroupArn,
        targetId: instanceId,
        port: this.#targetPort,
      });
    }
  }

  private securityGroup(
    name: string,
    { prefix, network, machineSecurityGroupId, settings }: LoadBalancerProps,
  ): string {
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", {
      namePrefix: `${name}-load-balancer-`,
      description: `Load balancer of ${prefix}`,
      vpcId: network.vpcId,
      tags: { Name: `${name}-load-balancer` },
      lifecycle: { createBeforeDestroy: true },
    });
    const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
    const callers = settings.allowedCidrs.length > 0 ? settings.allowedCidrs : network.vpcCidrBlocks;
    for (const [index, cidrIpv4] of callers.entries()) {
      const key = Token.isUnresolved(cidrIpv4) ? `block-${index}` : cidrIpv4;
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
      referencedSecurityGroupId: machineSecurityGroupId,
      ...tcp(settings.targetPort),
    });
    new VpcSecurityGroupIngressRule(this, "machine-ingress", {
      securityGroupId: machineSecurityGroupId,
      description: "Load balancer",
      referencedSecurityGroupId: securityGroupId,
      ...tcp(settings.targetPort),
    });
    return securityGroupId;
  }

  private targetGroup(name: string, vpcId: string, settings: LoadBalancerSettings): LbTargetGroup {
    const { targetPort, healthCheckPath, sticky } = settings;
    return new LbTargetGroup(this, "target-group", {
      // Another port means another group, which the listener must have before it lets go of this one.
      namePrefix: "ml-",
      port: targetPort,
      protocol: "HTTP",
      targetType: "instance",
      vpcId,
      healthCheck: {
        path: healthCheckPath ?? (targetPort === 8888 ? "/api" : "/"),
        matcher: "200-399",
        interval: 30,
        timeout: 10,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      ...(sticky && { stickiness: { type: "lb_cookie", cookieDuration: 86_400 } }),
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /** Certificate for the domain, once ACM has found its proof in the zone. */
  private certificate({ domainName, hostedZoneId }: LoadBalancerSettings): string {
    const certificate = new AcmCertificate(this, "certificate", {
      domainName,
      validationMethod: "DNS",
      tags: { Name: domainName as string },
      lifecycle: { createBeforeDestroy: true },
    });
    const proof = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, "certificate-proof", {
      zoneId: hostedZoneId as string,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 300,
      allowOverwrite: true, // ACM asks the same proof for every certificate of the account on this name
    });
    return new AcmCertificateValidation(this, "certificate-issued", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }
}
