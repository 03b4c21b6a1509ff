import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { sortedEntries } from "../collections";
import { boundedName, idFrom } from "../names";

export interface ManagedRoleProps {
  /** Says what the role is for; cut with a hash beyond 37 characters, then made unique by the provider's suffix. */
  name: string;
  /** JSON document of who may take the role on. */
  assumeRolePolicy: string;
  /** Managed policies, by a short name. */
  policyArns: Record<string, string>;
  /** JSON documents of the role's own policies, by name. */
  policies?: Record<string, string>;
}

/** ARN of one of AWS's own policies. */
export const awsPolicyArn = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** IAM role with its policies; what uses it should wait for `policies`, so that it never runs without them. */
export class ManagedRole extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly policies: ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, assumeRolePolicy, policyArns, policies = {} }: ManagedRoleProps) {
    super(scope, id);
    // A prefix and not a name: roles are global in an account, cluster names are not. It takes 38 characters, which is
    // IAM's limit of 64 less the 26 that the provider appends.
    const role = new IamRole(this, "role", { namePrefix: `${boundedName(37, name)}-`, assumeRolePolicy });
    const attachments = sortedEntries(policyArns).map(
      ([key, policyArn]) =>
        new IamRolePolicyAttachment(this, idFrom(`${key}-attachment`), { role: role.name, policyArn }),
    );
    const own = sortedEntries(policies).map(
      ([key, policy]) => new IamRolePolicy(this, idFrom(`${key}-policy`), { name: key, role: role.name, policy }),
    );

    this.arn = role.arn;
    this.name = role.name;
    this.policies = [...attachments, ...own];
  }
}
