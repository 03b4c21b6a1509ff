import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { INTERNET } from "../../common/settings/allowed-cidrs";
import { refuse } from "../../common/settings/faults";
import { portSchema } from "../../common/settings/port";
import { parseProps, requiredString } from "../../common/settings/props";
import {
  allowedFromSchema,
  IngressSecurityGroup,
  type SecurityGroupOwner,
  securityGroupIdsOf,
} from "../ec2/ingress-security-group";

/** Name of a service and prefix of related names. */
export const serviceNameSchema = z
  .string()
  .max(100) // leaves room in the names of roles and security groups; ECS itself takes 255
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "must have letters, digits, hyphens and underscores only, a letter first");

/** Refuses clients without a port. */
export function checkAllowedFrom(
  { port, allowedFrom }: { port?: number; allowedFrom: object },
  ctx: z.RefinementCtx,
  portPath = "port",
): void {
  const clients = Object.keys(allowedFrom);
  if (port !== undefined || clients.length === 0) return;
  const message = `must be empty without ${portPath}, got ${clients.join(", ")}`;
  refuse(ctx, "allowedFrom", message);
}

const schema = z
  .strictObject({
    /** Name of the service: 1 to 100 letters, digits, hyphens and underscores. */
    name: serviceNameSchema,
    /** VPC of the tasks. */
    vpcId: requiredString,
    /** Port of the tasks, 1 to 65535; none when absent. */
    port: portSchema.optional(),
    /** Clients of the port, by a short name of your choice; at most 60. */
    allowedFrom: allowedFromSchema,
  })
  .superRefine((settings, ctx) => checkAllowedFrom(settings, ctx));
export type ServiceSecurityGroupProps = z.input<typeof schema>;

/**
 * Security group of a service's tasks: all egress, and ingress to one port from other security groups. `FargateService`
 * creates its own unless given one, for example because a file system must admit the group first.
 */
export class ServiceSecurityGroup extends Construct {
  readonly securityGroupId: string;
  /** What a task must wait for to pull its image. */
  readonly ready: ITerraformDependable[];
  readonly #group: IngressSecurityGroup;
  readonly #port: number | undefined;

  constructor(scope: Construct, id: string, props: ServiceSecurityGroupProps) {
    super(scope, id);
    const { name, vpcId, port, allowedFrom } = parseProps(this, schema, props);
    const group = new IngressSecurityGroup(this, "security-group", {
      namePrefix: `ecs-${name}-`,
      description: `Tasks of ${name}`,
      vpcId,
      name,
    });
    const egress = new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId: group.id,
      description: "Image, logs, secrets and other services",
      cidrIpv4: INTERNET,
      ipProtocol: "-1",
    });
    this.#group = group;
    this.#port = port;
    this.admit(allowedFrom);

    this.securityGroupId = group.id;
    this.ready = [egress];
  }

  /** Admits clients to the port, by a short name each that no other client has. */
  admit(clients: Record<string, SecurityGroupOwner>): void {
    const port = this.#port;
    if (port !== undefined) this.#group.admit(securityGroupIdsOf(clients), { fromPort: port });
  }
}
