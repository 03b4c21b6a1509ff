import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { refuse } from "../../common/settings/faults";
import { portSchema } from "../../common/settings/port";
import { parseProps, reference, requiredString } from "../../common/settings/props";
import { healthCheck, healthCheckPathSchema, stickiness } from "./application-load-balancer";
import { PRIORITIES, priorityOf } from "./rule-priority";
import { TargetAccess } from "./target-access";

/** Load balancer to attach to; `SharedLoadBalancer` is one, and so is the description of one that exists. */
export interface SharedListener {
  readonly vpcId: string;
  /** Listener that gets the rule. */
  readonly listenerArn: string;
  readonly securityGroupId: string;
}

// Source of the patterns' characters and length: Application Load Balancers guide, "Add a listener rule"
const hostSchema = z
  .string()
  .max(128)
  .regex(/^[a-z0-9_*?-]+(\.[a-z0-9_*?-]+)*\.[a-z]+$/, "must be a host in lower case such as *.example.com");
const pathSchema = z
  .string()
  .max(128)
  .regex(/^\/[A-Za-z0-9_.$/~"'@:+&*?-]*$/, "must be a path such as /dask/*");
const patterns = <S extends z.ZodType<string>>(pattern: S) =>
  z.array(pattern).refine(areDistinct, "must name each once").default([]);

/** Source: Application Load Balancers quotas, condition values and condition wildcards of a rule. */
const MAX_VALUES = 5;

export const targetShape = {
  /**
   * Hosts, with the wildcards `*` and `?`, that lead to the targets. At least one host or path; at most 5 of both, with 5
   * wildcards.
   */
  hosts: patterns(hostSchema),
  /** Paths, with the wildcards `*` and `?`, that lead to the targets. */
  paths: patterns(pathSchema),
  /** HTTP port of the targets. A change replaces the target group. */
  port: portSchema,
  /** Security group of the targets, which gets an ingress rule for the load balancer. */
  targetSecurityGroupId: requiredString,
  /** Health check path; a healthy target answers 200 to 399. */
  healthCheckPath: healthCheckPathSchema.default("/"),
  /** Sticky sessions, for a day. */
  sticky: z.boolean().default(false),
  /** Seconds that a target that is taken out has to finish its requests, 0 to 3600. */
  deregistrationDelay: z.int().min(0).max(3600).default(30), // Source: Application Load Balancers guide, "Deregistration delay"
  /**
   * Place among the rules, 1 to 50000, the lowest first. Derived from the id when absent: from 1001 for rules on host and
   * path, from 17001 for those on hosts, from 33001 to 49000 for those on paths.
   */
  priority: z.int().min(PRIORITIES.min).max(PRIORITIES.max).optional(),
};

const schema = z
  .strictObject({
    /** Load balancer in front of the targets. */
    loadBalancer: reference<SharedListener>("a SharedLoadBalancer", "vpcId", "listenerArn", "securityGroupId"),
    /** Let the load balancer reach the targets; off where something else does, since EC2 refuses a rule twice. */
    access: z.boolean().default(true),
    ...targetShape,
  })
  .superRefine(({ hosts, paths }, ctx) => {
    const values = [...hosts, ...paths];
    if (values.length === 0) refuse(ctx, "hosts", "or paths is required, which tell the requests apart, got neither");
    if (values.length > MAX_VALUES) {
      refuse(ctx, "hosts", `and paths must be at most ${MAX_VALUES} together, got ${values.length}`);
    }
    const wildcards = values.join("").replace(/[^*?]/g, "").length;
    if (wildcards > MAX_VALUES) {
      refuse(ctx, "hosts", `and paths must have at most ${MAX_VALUES} wildcards together, got ${wildcards}`);
    }
  });
export type LoadBalancerTargetProps = z.input<typeof schema>;

/** Targets behind a shared load balancer, by their addresses: a target group, and a rule that leads to it. */
export class LoadBalancerTarget extends Construct {
  readonly targetGroupArn: string;
  /** ARN without its beginning, as metrics name it. */
  readonly targetGroupArnSuffix: string;
  readonly priority: number;
  /** What an ECS service must wait for: it accepts no target group without a load balancer. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: LoadBalancerTargetProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { loadBalancer, hosts, paths, port, targetSecurityGroupId, sticky } = settings;
    this.priority = settings.priority ?? priorityOf(id, settings);

    const group = new LbTargetGroup(this, "target-group", {
      namePrefix: `${id.replace(/[^A-Za-z0-9]/g, "").slice(0, 5) || "x"}-`, // six characters in the provider
      port,
      protocol: "HTTP",
      targetType: "ip",
      vpcId: loadBalancer.vpcId,
      deregistrationDelay: String(settings.deregistrationDelay),
      healthCheck: healthCheck(settings.healthCheckPath),
      stickiness: stickiness(sticky),
      tags: { Name: id },
      lifecycle: { createBeforeDestroy: true },
    });
    const rule = new LbListenerRule(this, "rule", {
      listenerArn: loadBalancer.listenerArn,
      priority: this.priority,
      action: [{ type: "forward", targetGroupArn: group.arn }],
      condition: [
        ...(hosts.length > 0 ? [{ hostHeader: { values: hosts } }] : []),
        ...(paths.length > 0 ? [{ pathPattern: { values: paths } }] : []),
      ],
      tags: { Name: id },
    });
    if (settings.access) {
      new TargetAccess(this, "access", {
        balancerSecurityGroupId: loadBalancer.securityGroupId,
        targetSecurityGroupId,
        port,
      });
    }

    this.targetGroupArn = group.arn;
    this.targetGroupArnSuffix = group.arnSuffix;
    this.ready = [rule];
  }
}
