import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { serviceName } from "./endpoint-service";

export interface InterfaceEndpointsProps {
  services: string[];
  name: string;
  vpcId: string;
  /** At most one per zone. */
  subnetIds: string[];
  /** Blocks whose addresses may call the endpoints, by id of the rule. */
  callers: Record<string, string>;
}

/** Private addresses of AWS services in the VPC, under their public DNS names, open to the VPC alone. */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, { services, name, vpcId, subnetIds, callers }: InterfaceEndpointsProps) {
    super(scope, id);
    const Name = `${name}-interface-endpoints`;
    const group = new SecurityGroup(this, "security-group", {
      name: "interface-endpoints", // unique in its VPC only; a name that begins with sg- would be refused
      description: "HTTPS from the VPC to its interface endpoints",
      vpcId,
      tags: { Name },
    });
    for (const [key, cidrIpv4] of Object.entries(callers)) {
      new VpcSecurityGroupIngressRule(this, `https-from-${key}`, {
        securityGroupId: group.id,
        description: `HTTPS from ${cidrIpv4}`,
        cidrIpv4,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      });
    }
    for (const service of services) {
      new VpcEndpoint(this, service, {
        vpcId,
        vpcEndpointType: "Interface",
        serviceName: serviceName(this, service, "Interface"),
        privateDnsEnabled: true,
        subnetIds,
        securityGroupIds: [group.id],
        tags: { Name: `${name}-${service}` },
      });
    }
  }
}
