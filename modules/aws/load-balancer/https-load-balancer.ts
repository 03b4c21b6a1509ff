import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { idFrom } from "../../common/names";
import { portSchema } from "../../common/settings/port";
import { parseProps, reference, requiredString, wrongSetting } from "../../common/settings/props";
import { onePerZone } from "../../common/zones";
import {
  aliasRecord,
  applicationLoadBalancer,
  applicationShape,
  balancerNameSchema,
  balancerSecurityGroup,
  checkAccessLogs,
  HTTP,
  HTTPS,
  healthCheck,
  healthCheckPathSchema,
  httpListener,
  httpsListener,
  stickiness,
  TO_HTTPS,
  tcp,
} from "./application-load-balancer";
import { callersOf, callersShape, checkCallers, checkNetwork, type LoadBalancerNetwork } from "./callers";
import { certificateFor, certificateShape, checkCertificate } from "./certificate";

/** Settings of a load balancer that do not depend on its clients and targets. */
export const balancerShape = {
  /** Health check path; a healthy target answers 200 to 399 without login. */
  healthCheckPath: healthCheckPathSchema.default("/"),
  /** Sticky sessions, for a day. */
  sticky: z.boolean().default(false),
  ...applicationShape,
};

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
    name: balancerNameSchema,
    /** Short name of the service, 1 to 5 lower-case letters and digits; distinguishes the load balancers of a system. */
    service: z // the prefix of a target group's name has six characters in the provider
      .string()
      .regex(/^[a-z][a-z0-9]{0,4}$/, "must be 1 to 5 lower-case letters and digits, a letter first"),
    /** Network of the load balancer. */
    network: reference<LoadBalancerNetwork>(
      "a Network",
      "vpcId",
      "vpcCidrBlocks[]",
      "publicSubnetIds[]",
      "privateSubnetIds[]",
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
    const { network, internal, domainName, hostedZoneId } = settings;
    this.#settings = settings;
    this.securityGroupId = this.securityGroup();

    const balancer = applicationLoadBalancer(this, {
      ...settings,
      subnets: onePerZone(network, internal ? network.privateSubnetIds : network.publicSubnetIds),
      securityGroupId: this.securityGroupId,
    });
    const targetGroup = this.targetGroup();
    const listener = httpsListener(this, balancer.arn, certificateFor(this, settings), [
      { type: "forward", targetGroupArn: targetGroup.arn },
    ]);
    httpListener(this, balancer.arn, TO_HTTPS);
    if (domainName && hostedZoneId) aliasRecord(this, "address", balancer, domainName, hostedZoneId);

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

  private securityGroup(): string {
    const { network, targetSecurityGroupId, targetPort } = this.#settings;
    const securityGroupId = balancerSecurityGroup(this, this.#settings, {
      vpcId: network.vpcId,
      blocks: callersOf(this.#settings, network),
      ports: [HTTPS, HTTP],
    });
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
      healthCheck: healthCheck(healthCheckPath),
      stickiness: stickiness(sticky),
      tags: { Name: `${name}-${service}` },
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
