import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { idFrom } from "../common/names";
import { namedCallersSchema } from "../common/settings/allowed-cidrs";

/** Distinct IPv4 blocks of clients, without the whole internet. */
export const allowedCidrsSchema = namedCallersSchema("name your own network, or leave it out and use Session Manager");

/** Settings of network access to the machines. */
export const accessShape = {
  /**
   * IPv4 blocks, /8 to /32 and at most 15, such as that of a VPN, that may reach port 22 (SSH, with the key pair or EC2
   * Instance Connect), 8888 (Jupyter) and 6006 (TensorBoard) of the machines, as far as these run. Jupyter requires its
   * token, TensorBoard nothing, and both use plain HTTP: for trusted networks only. Session Manager needs no open port.
   */
  allowedCidrs: allowedCidrsSchema,
};

const PORTS = {
  ssh: [22, "SSH"],
  jupyter: [8888, "Jupyter"],
  tensorboard: [6006, "TensorBoard"],
} as const;

/** Settings that decide where the services listen and which ports are open. */
export interface Access {
  allowedCidrs: string[];
  /** Services, each truthy if it runs. */
  jupyter: unknown;
  tensorboard: unknown;
  /** Load balancer of the machines, if any. */
  loadBalancer?: unknown;
}

/**
 * Where Jupyter and TensorBoard listen: on the loopback, which only a forwarded port reaches, unless there are clients on
 * the network.
 */
export const listenOn = ({ allowedCidrs, loadBalancer }: Pick<Access, "allowedCidrs" | "loadBalancer">) =>
  allowedCidrs.length > 0 || loadBalancer ? ("network" as const) : ("loopback" as const);

export interface MachineSecurityGroupProps {
  prefix: string;
  vpcId: string;
  settings: Omit<Access, "loadBalancer">;
}

/** Security group of the machines: all egress, and ingress from `allowedCidrs` only. */
export class MachineSecurityGroup extends Construct {
  readonly securityGroupId: string;
  /** Egress rule, which machines depend on to install packages at boot. */
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
