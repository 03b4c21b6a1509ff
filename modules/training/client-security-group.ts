import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { idFrom } from "../common/names";
import { INTERNET } from "../common/settings/allowed-cidrs";

/** What clients open connections to. */
const PORTS = { https: 443, nfs: 2049 } as const;

export interface ClientSecurityGroupProps {
  /** Name of the group, such as `dev-training-machines`. */
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  /** Blocks of the VPC, in which the file system is. */
  readonly vpcCidrBlocks: readonly string[];
}

/** Security group of clients that nobody connects to: HTTPS to everywhere, and NFS in the VPC. */
export class ClientSecurityGroup extends Construct {
  readonly securityGroupId: string;
  /** Rules that clients depend on at their start. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, description, vpcId, vpcCidrBlocks }: ClientSecurityGroupProps) {
    super(scope, id);
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", {
      namePrefix: `${name}-`,
      description,
      vpcId,
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true },
    });
    const to = (key: string, label: string, port: number, cidrIpv4: string) =>
      new VpcSecurityGroupEgressRule(this, key, {
        securityGroupId,
        description: label,
        cidrIpv4,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
      });
    this.securityGroupId = securityGroupId;
    this.ready = [
      to("https", "AWS and package indexes", PORTS.https, INTERNET),
      ...vpcCidrBlocks.map((block) => to(idFrom(`nfs-${block}`), "Shared files", PORTS.nfs, block)),
    ];
  }
}
