import { Ec2InstanceConnectEndpoint } from "@cdktf/provider-aws/lib/ec2-instance-connect-endpoint";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { z } from "zod";

/** Settings of SSH without a public address. */
export const instanceConnectShape = {
  /** EC2 Instance Connect endpoint, by which IAM controls SSH access; AWS allows one per VPC. */
  instanceConnect: z.boolean().default(false),
};

export interface InstanceConnectProps {
  prefix: string;
  vpcId: string;
  /** Private subnet of the endpoint. */
  subnetId: string;
  /** Security group of the machines. */
  machineSecurityGroupId: string;
}

const SSH = { ipProtocol: "tcp", fromPort: 22, toPort: 22 };

/** EC2 Instance Connect endpoint: SSH access by IAM, without a port open to the internet. */
export class InstanceConnect extends Construct {
  readonly endpointId: string;
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: InstanceConnectProps) {
    super(scope, id);
    const { prefix, vpcId, subnetId, machineSecurityGroupId } = props;
    const name = `${prefix}-instance-connect`;
    const group = new SecurityGroup(this, "security-group", {
      namePrefix: `instance-connect-${prefix}-`, // a project may be called "sg", which EC2 refuses as the beginning of a name
      description: `EC2 Instance Connect endpoint of ${prefix}`,
      vpcId,
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true },
    });
    const rules = [
      new VpcSecurityGroupEgressRule(this, "egress", {
        securityGroupId: group.id,
        referencedSecurityGroupId: machineSecurityGroupId,
        description: "SSH to the machines",
        ...SSH,
      }),
      new VpcSecurityGroupIngressRule(this, "machine-ingress", {
        securityGroupId: machineSecurityGroupId,
        referencedSecurityGroupId: group.id,
        description: "SSH from EC2 Instance Connect",
        ...SSH,
      }),
    ];
    const endpoint = new Ec2InstanceConnectEndpoint(this, "endpoint", {
      subnetId,
      securityGroupIds: [group.id],
      preserveClientIp: false, // otherwise the source would be an internet address, which no rule admits
      tags: { Name: name },
      dependsOn: rules,
    });
    this.endpointId = endpoint.id;
    this.securityGroupId = group.id;
  }
}
