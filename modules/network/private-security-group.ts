import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

export interface PrivateSecurityGroupProps {
  /** Name of the network. */
  readonly name: string;
  readonly vpcId: string;
}

/** Security group whose members reach each other on all ports, and nobody else. */
export class PrivateSecurityGroup extends Construct {
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, { name, vpcId }: PrivateSecurityGroupProps) {
    super(scope, id);
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", {
      namePrefix: `${name}-private-`,
      description: "Members reach each other",
      vpcId,
      tags: { Name: `${name}-private` },
      lifecycle: { createBeforeDestroy: true },
    });
    const members = { securityGroupId, referencedSecurityGroupId: securityGroupId, ipProtocol: "-1" };
    new VpcSecurityGroupIngressRule(this, "from-members", { ...members, description: "Members" });
    new VpcSecurityGroupEgressRule(this, "to-members", { ...members, description: "Members" });
    this.securityGroupId = securityGroupId;
  }
}
