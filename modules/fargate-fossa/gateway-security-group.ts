import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { sortedEntries } from "../common/collections";
import { idFrom } from "../common/names";
import { type GatewaySettings, portOf } from "./gateway-settings";

const SSH = 22;

/**
 * Security group of the host. Traffic that private machines send through the NAT passes it too, so its ingress rules are
 * the ports that they may use on the internet. DNS and time come from the VPC itself.
 */
export class GatewaySecurityGroup extends Construct {
  readonly securityGroupId: string;
  /** Egress rule, which the host depends on to install packages at boot. */
  readonly egress: VpcSecurityGroupEgressRule;

  constructor(scope: Construct, id: string, settings: GatewaySettings) {
    super(scope, id);
    const { name, vpcId, nat, app, tls } = settings;
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", {
      namePrefix: `${name}-gateway-`,
      description: `Gateway of ${name}`,
      vpcId,
      tags: { Name: `${name}-gateway` },
      lifecycle: { createBeforeDestroy: true },
    });
    this.securityGroupId = securityGroupId;
    this.egress = new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId,
      description: "To workers, AWS and the internet",
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "-1",
    });
    const open = new Set<string>(); // EC2 refuses a rule that there is already
    const admit = (what: string, description: string, port: number, blocks: string[]) => {
      for (const [index, cidrIpv4] of blocks.entries()) {
        const key = Token.isUnresolved(cidrIpv4) ? `block-${index}` : cidrIpv4;
        if (open.has(`${port} ${cidrIpv4}`)) continue;
        open.add(`${port} ${cidrIpv4}`);
        new VpcSecurityGroupIngressRule(this, idFrom(`${what}-${port}-${key}`), {
          securityGroupId,
          description,
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        });
      }
    };
    if (nat) {
      for (const port of settings.egressPorts) admit("nat", "To the internet", port, settings.privateCidrBlocks);
    }
    if (app && !tls) {
      const port = portOf(app, tls);
      admit("page", "The page, by plain HTTP", port, settings.allowedCidrs);
      for (const [client, referencedSecurityGroupId] of sortedEntries(settings.clientSecurityGroupIds)) {
        new VpcSecurityGroupIngressRule(this, `page-from-${client}`, {
          securityGroupId,
          description: `The page, from ${client}`,
          referencedSecurityGroupId,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        });
      }
    }
    admit("ssh", "SSH", SSH, settings.ssh);
  }
}
