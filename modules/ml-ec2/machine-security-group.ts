import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { idFrom } from "../common/names";
import { namedCallersSchema } from "../common/settings/allowed-cidrs";

/** IPv4 blocks of people, each named once; the internet as a whole is nobody's network. */
export const allowedCidrsSchema = namedCallersSchema("name your own network, or leave it out and use Session Manager");

/** Inputs that concern who reaches the machines. */
export const accessShape = {
  /**
   * IPv4 blocks, /8 to /32 and at most 15, such as that of a VPN, from which the machines are reached on port 22 (SSH, by
   * the key pair or by EC2 Instance Connect), 8888 (Jupyter) and 6006 (TensorBoard), as far as these run. Jupyter asks
   * for its token, TensorBoard for nothing, and both speak plain HTTP: for trusted networks only. None by default, as
   * Session Manager needs no open port.
   */
  allowedCidrs: allowedCidrsSchema,
};

const PORTS = {
  ssh: [22, "SSH"],
  jupyter: [8888, "Jupyter"],
  tensorboard: [6006, "TensorBoard"],
} as const;

/** What decides where the services listen and which ports are open. */
export interface Access {
  allowedCidrs: string[];
  /** What runs, whatever else is said about it. */
  jupyter: unknown;
  tensorboard: unknown;
  /** Load balancer in front of the machines, if there is one. */
  loadBalancer?: unknown;
}

/**
 * Where Jupyter and TensorBoard must listen: on the loopback, where only a forwarded port leads, unless somebody is let in
 * from the network.
 */
export const listenOn = ({ allowedCidrs, loadBalancer }: Pick<Access, "allowedCidrs" | "loadBalancer">) =>
  allowedCidrs.length > 0 || loadBalancer ? ("network" as const) : ("loopback" as const);

export interface MachineSecurityGroupProps {
  prefix: string;
  vpcId: string;
  settings: Omit<Access, "loadBalancer">;
}

/** Security group of the machines: everything out, nothing in but what `allowedCidrs` says. */
export class MachineSecurityGroup extends Construct {
  readonly securityGroupId: string;
  /** What lets a machine out, so that it can install what it needs as soon as it boots. */
  readonly egress: VpcSecurityGroupEgressRule;

  constructor(scope: Construct, id: string, { prefix, vpcId, settings }: MachineSecurityGroupProps) {
    super(scope, id);
    const name = `${prefix}-ml-instance`;
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", {
      namePrefix: `${name}-`,
      description: `Machines of ${prefix}`,
      vpcId,
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true },
    });
    this.securityGroupId = securityGroupId;
    this.egress = new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId,
      description: "Packages, data and AWS",
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "-1",
    });
    for (const [index, cidrIpv4] of settings.allowedCidrs.entries()) {
      const key = Token.isUnresolved(cidrIpv4) ? `block-${index}` : cidrIpv4;
      for (const [service, [port, label]] of Object.entries(PORTS)) {
        if (service !== "ssh" && !settings[service as keyof typeof settings]) continue;
        new VpcSecurityGroupIngressRule(this, idFrom(`${service}-${key}`), {
          securityGroupId,
          description: label,
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        });
      }
    }
  }
}
