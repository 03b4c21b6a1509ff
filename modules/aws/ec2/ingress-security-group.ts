import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../../common/collections";
import { refuse } from "../../common/settings/faults";
import { reference, requiredString } from "../../common/settings/props";

/** Construct with a security group. */
export interface SecurityGroupOwner {
  readonly securityGroupId: string;
}

/** Source: Amazon VPC quotas, inbound rules of a security group. */
const MAX_RULES = 60;

/** Clients by a short name each: security groups only, never addresses. */
export const allowedFromSchema = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, "must be 1 to 63 lower-case letters, digits and hyphens, a letter first"),
    reference<SecurityGroupOwner>("what has a security group", "securityGroupId"),
  )
  .superRefine((allowed, ctx) => {
    const count = Object.keys(allowed).length;
    if (count > MAX_RULES) refuse(ctx, [], `must have at most ${MAX_RULES} groups, got ${count}`);
  })
  .default({});

/** Ids of the clients' security groups, by a short name each; at least one. */
export const clientSecurityGroupIdsSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens"), requiredString)
  .refine((groups) => Object.keys(groups).length > 0, "must have at least one group, got none");

/** Ids of the security groups in `allowedFrom`, by the same names. */
export const securityGroupIdsOf = (allowedFrom: Record<string, SecurityGroupOwner>): Record<string, string> =>
  Object.fromEntries(Object.entries(allowedFrom).map(([name, { securityGroupId }]) => [name, securityGroupId]));

export interface IngressSecurityGroupProps {
  /** Prefix of the name. EC2 refuses names that begin with "sg-", so do not start with a name from the settings. */
  readonly namePrefix: string;
  readonly description: string;
  readonly vpcId: string;
  /** Its Name tag. */
  readonly name: string;
}

/** Ports of the clients, and ids and descriptions of their rules. */
export interface AdmitOptions {
  readonly fromPort: number;
  readonly toPort?: number;
  /** Prefix of the rules' ids, `from` by default; distinguishes several rules of one client. */
  readonly idPrefix?: string;
  readonly description?: (client: string) => string;
}

/** Security group that other security groups may reach, one ingress rule per client. */
export class IngressSecurityGroup extends SecurityGroup {
  readonly #scope: Construct;

  constructor(scope: Construct, id: string, { name, ...config }: IngressSecurityGroupProps) {
    super(scope, id, { ...config, tags: { Name: name }, lifecycle: { createBeforeDestroy: true } });
    this.#scope = scope;
  }

  /** Admits each client, a security group by its name, to the TCP ports. The rules are siblings of the group in the tree. */
  admit(clients: Record<string, string>, options: AdmitOptions): VpcSecurityGroupIngressRule[] {
    const { fromPort, toPort = fromPort, idPrefix = "from", description = (client) => client } = options;
    return sortedEntries(clients).map(
      ([client, referencedSecurityGroupId]) =>
        new VpcSecurityGroupIngressRule(this.#scope, `${idPrefix}-${client}`, {
          securityGroupId: this.id,
          description: description(client),
          referencedSecurityGroupId,
          ipProtocol: "tcp",
          fromPort,
          toPort,
        }),
    );
  }
}
