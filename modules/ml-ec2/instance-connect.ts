import { Ec2InstanceConnectEndpoint } from "@cdktf/provider-aws/lib/ec2-instance-connect-endpoint";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { z } from "zod";

/** Inputs that concern SSH without a public address. */
export const instanceConnectShape = {
  /** Whether an EC2 Instance Connect endpoint lets those in by SSH whom IAM allows; AWS has one per VPC. */
  instanceConnect: z.boolean().default(false),
};

export interface InstanceConnectProps {
  prefix: string;
  vpcId: string;
  /** Private subnet that the endpoint stands in. */
  subnetId: string;
  /** Security group of the machines. */
  machineSecurityGroupId: string;
}

const SSH = { ipProtocol: "tcp", fromPort: 22, toPort: 22 };

/** Way in by SSH that no port of the internet is open for: IAM decides who takes it. */
export class InstanceConnect extends Construct {
  readonly endpointId: string;
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: InstanceConnectProps) {
    super(scope, id);
    const { prefix, vpcId, subnetId, machineSecurityGroupId } = props;
    const name = `${prefix}-instance-connect`;
    const group = new SecurityGroup(this, "security-group", {
      namePrefix: `instance-connect-${prefix}-`, // a project may be called "sg", with which EC2 lets no name begin
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
      preserveClientIp: false, // else the machines would see an address of the internet, which no rule lets in
      tags: { Name: name },
      dependsOn: rules,
    });
    this.endpointId = endpoint.id;
    this.securityGroupId = group.id;
  }
}
