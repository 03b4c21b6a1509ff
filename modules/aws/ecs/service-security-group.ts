import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../../common/collections";
import { orToken, parseProps, reference } from "../../common/settings/props";

/** Port of the container, where it listens. */
export const portSchema = z.int().min(1).max(65535);

/** Name of a service, with which the names around it begin. */
export const serviceNameSchema = z
  .string()
  .max(100) // leaves room in the names of roles and security groups; ECS itself takes 255
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "must have letters, digits, hyphens and underscores only, a letter first");

/** Who may reach the port, by a short name of yours: security groups only, no address is let in. */
export const allowedFromSchema = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, "must be 1 to 63 lower-case letters, digits and hyphens, a letter first"),
    reference<{ readonly securityGroupId: string }>("what has a security group", "securityGroupId"),
  )
  .superRefine((allowed, ctx) => {
    const count = Object.keys(allowed).length;
    // Source: Amazon VPC quotas, inbound rules of a security group
    if (count > 60) ctx.addIssue({ code: "custom", message: `must have at most 60 groups, got ${count}` });
  })
  .default({});

/** Rule between the callers and the port that they may reach. */
export function checkAllowedFrom(
  { port, allowedFrom }: { port?: number; allowedFrom: object },
  ctx: z.RefinementCtx,
  portPath = "port",
): void {
  const callers = Object.keys(allowedFrom);
  if (port !== undefined || callers.length === 0) return;
  const message = `must be empty without ${portPath}, as there is nothing to reach, got ${callers.join(", ")}`;
  ctx.addIssue({ code: "custom", path: ["allowedFrom"], message });
}

const schema = z
  .strictObject({
    /** Name of the service, 1 to 100 letters, digits, hyphens and underscores. */
    name: serviceNameSchema,
    /** VPC of the tasks. */
    vpcId: orToken(z.string().min(1)),
    /** Port that is reached, 1 to 65535; none when absent. */
    port: portSchema.optional(),
    /** Who may reach the port, by a short name of yours; at most 60. */
    allowedFrom: allowedFromSchema,
  })
  .superRefine((settings, ctx) => checkAllowedFrom(settings, ctx));
export type ServiceSecurityGroupProps = z.input<typeof schema>;

/**
 * Security group of a service's tasks: everything out, one port in, from certain security groups. `FargateService` makes
 * its own, unless something that it needs must know the group before, such as a file system that lets it in.
 */
export class ServiceSecurityGroup extends Construct {
  readonly securityGroupId: string;
  /** What a task must wait for, so that it can fetch its image. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ServiceSecurityGroupProps) {
    super(scope, id);
    const { name, vpcId, port, allowedFrom } = parseProps(this, schema, props);
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", {
      namePrefix: `ecs-${name}-`, // EC2 lets no name begin with "sg-", which the user's may
      description: `Tasks of ${name}`,
      vpcId,
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true },
    });
    const egress = new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId,
      description: "Image, logs, secrets and other services",
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "-1",
    });
    for (const [key, caller] of sortedEntries(allowedFrom)) {
      new VpcSecurityGroupIngressRule(this, `from-${key}`, {
        securityGroupId,
        description: key,
        referencedSecurityGroupId: caller.securityGroupId,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
      });
    }

    this.securityGroupId = securityGroupId;
    this.ready = [egress];
  }
}
