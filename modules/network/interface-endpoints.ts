import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { type EndpointPolicies, endpointPolicy } from "./endpoint-policies";
import { endpointService } from "./endpoint-service";

export interface InterfaceEndpointsProps {
  services: string[];
  policies: EndpointPolicies;
  name: string;
  vpcId: string;
  /** At most one subnet per zone, with the name of its zone. */
  subnets: { readonly id: string; readonly az: string }[];
  /** Client blocks by the suffix of their rule's id. */
  callers: Record<string, string>;
}

/** Interface endpoints with private DNS, reachable from the VPC only. */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    const { services, policies, name, vpcId, subnets, callers } = props;
    const Name = `${name}-interface-endpoints`;
    const group = new SecurityGroup(this, "security-group", {
      name: "interface-endpoints", // must be unique per VPC only; a name derived from the network's could begin with sg-, which EC2 refuses
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
      const { serviceName, availabilityZones } = endpointService(this, service, "Interface");
      new VpcEndpoint(this, service, {
        vpcId,
        vpcEndpointType: "Interface",
        serviceName,
        privateDnsEnabled: true,
        // AWS refuses a subnet in a zone that does not offer the service. Machines in other zones use the others' addresses.
        subnetIds: Fn.flatten(
          subnets.map(({ id, az }) => Fn.conditional(Fn.contains(availabilityZones, az), [id], [])),
        ),
        securityGroupIds: [group.id],
        policy: endpointPolicy(policies, service),
        tags: { Name: `${name}-${service}` },
        lifecycle: {
          precondition: [
            {
              condition: Fn.anytrue(subnets.map(({ az }) => Fn.contains(availabilityZones, az))),
              errorMessage: `interfaceEndpoints: ${service} must be offered in one of the network's zones at least; AWS offers it in ${Fn.join(", ", availabilityZones)}.`,
            },
          ],
        },
      });
    }
  }
}
