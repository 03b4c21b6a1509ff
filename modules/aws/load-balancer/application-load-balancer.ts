import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener, type LbListenerConfig } from "@cdktf/provider-aws/lib/lb-listener";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";
import { z } from "zod";
import { boundedName, idFrom } from "../../common/names";
import { refuse } from "../../common/settings/faults";
import { orToken } from "../../common/settings/props";
import { AccessLogBucket, accessLogsSchema } from "../storage/access-log-bucket";
import { bucketNameSchema, bucketPrefix } from "../storage/private-bucket";

export const HTTPS = 443;
export const HTTP = 80;
/** TLS 1.3 and 1.2. Source: Application Load Balancers guide, "Security policies". */
const SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** Name of a system, with which the names of its load balancer's parts begin. */
export const balancerNameSchema = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
    "must be letters, digits and hyphens, a letter first and no hyphen last",
  )
  // Source: EC2 API reference, CreateSecurityGroup
  .refine((name) => !/^sg-/.test(name), "must not begin with sg-, which EC2 reserves");

/** Path of a health check. */
export const healthCheckPathSchema = z
  .string()
  .max(1024)
  .regex(/^\/[!-~]*$/, "must be a path such as /health");

/** Settings of every load balancer; `checkAccessLogs` holds the rule across keys. */
export const applicationShape = {
  /** Bucket for access logs, whose policy lets Elastic Load Balancing write; none when absent. */
  accessLogsBucket: orToken(bucketNameSchema).optional(),
  /** Access logs in a bucket that is created for them, with all its settings optional; none when absent. */
  accessLogs: accessLogsSchema.optional(),
  /** Deletion protection. */
  deletionProtection: z.boolean().default(false),
};
type ApplicationSettings = z.output<z.ZodObject<typeof applicationShape>>;

/** Rule on the two ways to keep access logs. */
export function checkAccessLogs(
  { accessLogs, accessLogsBucket }: { accessLogs?: unknown; accessLogsBucket?: string },
  ctx: z.RefinementCtx,
): void {
  if (!accessLogs || accessLogsBucket === undefined) return;
  refuse(ctx, "accessLogsBucket", `must be left out with accessLogs, which creates a bucket, got ${accessLogsBucket}`);
}

/** Which load balancer of which system. */
export interface BalancerIdentity {
  readonly name: string;
  /** Short name that distinguishes the load balancers of a system. */
  readonly service: string;
}

/** Who may call on which ports. */
export interface Clients {
  readonly vpcId: string;
  readonly blocks: readonly { readonly key: string; readonly cidrIpv4: string }[];
  readonly ports: readonly number[];
}

const DESCRIPTIONS: Record<number, string> = { [HTTPS]: "HTTPS", [HTTP]: "HTTP, which is sent on to HTTPS" };

/** Security group of a load balancer in `scope`, with a rule per block and port. */
export function balancerSecurityGroup(
  scope: Construct,
  { name, service }: BalancerIdentity,
  { vpcId, blocks, ports }: Clients,
): string {
  const { id: securityGroupId } = new SecurityGroup(scope, "security-group", {
    namePrefix: `${name}-${service}-load-balancer-`,
    description: `Load balancer of ${name}`,
    vpcId,
    tags: { Name: `${name}-${service}-load-balancer` },
    lifecycle: { createBeforeDestroy: true },
  });
  for (const { key, cidrIpv4 } of blocks) {
    for (const port of ports) {
      new VpcSecurityGroupIngressRule(scope, idFrom(`in-${port}-${key}`), {
        securityGroupId,
        description: ports.includes(HTTPS) ? DESCRIPTIONS[port] : "HTTP",
        cidrIpv4,
        ...tcp(port),
      });
    }
  }
  return securityGroupId;
}

/** One TCP port of a security group's rule. */
export const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });

export interface ApplicationLoadBalancerProps extends BalancerIdentity, ApplicationSettings {
  readonly internal: boolean;
  readonly subnets: string[];
  readonly securityGroupId: string;
}

/** Load balancer in `scope`, which writes access logs once it may. */
export function applicationLoadBalancer(scope: Construct, props: ApplicationLoadBalancerProps): Lb {
  const { name, service, internal, subnets, securityGroupId } = props;
  const made = props.accessLogs && accessLogBucket(scope, props, props.accessLogs);
  const bucket = made?.bucketName ?? props.accessLogsBucket;
  return new Lb(scope, "load-balancer", {
    name: boundedName(32, service, name), // begins with neither a hyphen nor "internal-", which AWS reserves
    loadBalancerType: "application",
    internal,
    subnets,
    securityGroups: [securityGroupId],
    dropInvalidHeaderFields: true,
    ...(props.deletionProtection && { enableDeletionProtection: true }),
    ...(bucket && { accessLogs: { enabled: true, bucket } }),
    tags: { Name: `${name}-${service}` },
    dependsOn: made?.ready, // Elastic Load Balancing tries to write when it is told so
  });
}

const accessLogBucket = (
  scope: Construct,
  { name, service }: BalancerIdentity,
  settings: z.output<typeof accessLogsSchema>,
) =>
  new AccessLogBucket(scope, "access-logs", {
    ...settings,
    bucketPrefix: bucketPrefix(name.toLowerCase(), `${service}-access-logs`),
    writer: "elastic-load-balancing",
  });

type DefaultAction = LbListenerConfig["defaultAction"];

/** Listener for HTTPS in `scope`. */
export const httpsListener = (
  scope: Construct,
  loadBalancerArn: string,
  certificateArn: string,
  defaultAction: DefaultAction,
): LbListener =>
  new LbListener(scope, "https", {
    loadBalancerArn,
    port: HTTPS,
    protocol: "HTTPS",
    sslPolicy: SSL_POLICY,
    certificateArn,
    defaultAction,
  });

/** Listener for HTTP in `scope`. */
export const httpListener = (scope: Construct, loadBalancerArn: string, defaultAction: DefaultAction): LbListener =>
  new LbListener(scope, "http", { loadBalancerArn, port: HTTP, protocol: "HTTP", defaultAction });

/** Sends callers to the same address by HTTPS. */
export const TO_HTTPS: DefaultAction = [
  { type: "redirect", redirect: { port: String(HTTPS), protocol: "HTTPS", statusCode: "HTTP_301" } },
];

/** Record in `scope` that leads from a name to a load balancer. */
export const aliasRecord = (
  scope: Construct,
  id: string,
  { dnsName, zoneId }: Pick<Lb, "dnsName" | "zoneId">,
  name: string,
  hostedZoneId: string,
): Route53Record =>
  new Route53Record(scope, id, {
    zoneId: hostedZoneId,
    name,
    type: "A",
    alias: { name: dnsName, zoneId, evaluateTargetHealth: true },
  });

/** Health check of a target group: well is what answers 200 to 399. */
export const healthCheck = (path: string) => ({
  path,
  matcher: "200-399",
  interval: 30,
  timeout: 10,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
});

const A_DAY = 86_400;
/** Sticky sessions of a day, or none; absent, the provider would keep those of before. */
export const stickiness = (enabled: boolean) => ({ enabled, type: "lb_cookie", cookieDuration: A_DAY });
