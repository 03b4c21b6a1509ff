import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { tcp } from "./application-load-balancer";

export interface TargetAccessProps {
  readonly balancerSecurityGroupId: string;
  readonly targetSecurityGroupId: string;
  readonly port: number;
}

/** Lets a load balancer reach targets on their port: a rule of its security group, and one of theirs. */
export class TargetAccess extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { balancerSecurityGroupId, targetSecurityGroupId, port }: TargetAccessProps,
  ) {
    super(scope, id);
    new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId: balancerSecurityGroupId,
      description: "Requests and health checks",
      referencedSecurityGroupId: targetSecurityGroupId,
      ...tcp(port),
    });
    new VpcSecurityGroupIngressRule(this, "ingress", {
      securityGroupId: targetSecurityGroupId,
      description: "Load balancer",
      referencedSecurityGroupId: balancerSecurityGroupId,
      ...tcp(port),
    });
  }
}
