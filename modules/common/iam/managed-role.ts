import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { sortedEntries } from "../collections";
import { boundedName, idFrom } from "../names";

export interface ManagedRoleProps {
  /** Prefix of the role's name; cut and hashed beyond 37 characters. The provider appends a unique suffix. */
  name: string;
  /** Trust policy, JSON. */
  assumeRolePolicy: string;
  /** ARNs of managed policies, by a short name. */
  policyArns: Record<string, string>;
  /** Inline policies, JSON, by name. */
  policies?: Record<string, string>;
}

/** ARN of an AWS managed policy. */
export const awsPolicyArn = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** IAM role with its policies. Users of the role should depend on `policies`, so that they never run without them. */
export class ManagedRole extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly policies: ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, assumeRolePolicy, policyArns, policies = {} }: ManagedRoleProps) {
    super(scope, id);
    // A prefix, because roles are global in an account and cluster names are not. At most 38 characters: IAM's 64 less the
    // provider's suffix of 26.
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
