import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { IngressSecurityGroup, type SecurityGroupOwner, securityGroupIdsOf } from "../aws/ec2/ingress-security-group";
import { INTERNET } from "../common/settings/allowed-cidrs";

/** Ports of a scheduler: that of clients and workers, and that of its dashboard. */
export const SCHEDULER_PORTS = { fromPort: 8786, toPort: 8787 };

export interface DaskSecurityGroupProps {
  /** Name of the cluster. */
  name: string;
  vpcId: string;
  /** Clients of the schedulers, by a short name each. */
  allowedFrom: Record<string, SecurityGroupOwner>;
}

/** Security group of schedulers and workers, which talk to each other on ports that they choose anew each time. */
export class DaskSecurityGroup extends Construct {
  readonly securityGroupId: string;
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, vpcId, allowedFrom }: DaskSecurityGroupProps) {
    super(scope, id);
    const group = new IngressSecurityGroup(this, "security-group", {
      namePrefix: `dask-${name}-`,
      description: `Dask schedulers and workers of ${name}`,
      vpcId,
      name,
    });
    const within = new VpcSecurityGroupIngressRule(this, "within", {
      securityGroupId: group.id,
      description: "Schedulers and workers among themselves",
      referencedSecurityGroupId: group.id,
      ipProtocol: "tcp",
      fromPort: 0,
      toPort: 65_535,
    });
    const egress = new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId: group.id,
      description: "Image, logs, data and each other",
      cidrIpv4: INTERNET,
      ipProtocol: "-1",
    });
    group.admit(securityGroupIdsOf(allowedFrom), SCHEDULER_PORTS);

    this.securityGroupId = group.id;
    this.ready = [within, egress];
  }
}
