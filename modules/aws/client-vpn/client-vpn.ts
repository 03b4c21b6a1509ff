import { Ec2ClientVpnAuthorizationRule } from "@cdktf/provider-aws/lib/ec2-client-vpn-authorization-rule";
import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { Ec2ClientVpnNetworkAssociation } from "@cdktf/provider-aws/lib/ec2-client-vpn-network-association";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { idFrom } from "../../common/names";
import { cidrSchema, host, isCidr, overlaps } from "../../common/settings/cidr";
import { refuse } from "../../common/settings/faults";
import { present } from "../../common/settings/present";
import { parseProps, reference, show } from "../../common/settings/props";
import { LogGroup, logGroupShape } from "../cloudwatch/log-group";
import { subnetIdsSchema } from "../ec2/subnet-ids";
import { authenticationOptions, authenticationShape, checkAuthentication } from "./authentication";

/** Network that a VPN leads to; `Network` is one. */
export interface ClientVpnNetwork {
  readonly vpcId: string;
  /** The main block first. */
  readonly vpcCidrBlocks: string[];
}

/** What a user chooses of a VPN; a front door puts it under one key of its own, with `checkClientVpn`. */
export const clientVpnShape = {
  ...authenticationShape,
  /**
   * Block of the clients' addresses, /12 to /22, apart from the VPC's; half of it at most is for clients at one time.
   * It cannot be changed later: another one makes the VPN anew.
   */
  clientCidr: cidrSchema(12, 22), // Source: Client VPN administrator guide, "Rules and best practices"
  /** Hours until a client has to connect anew: 8, 10, 12 or 24; 12 by default. */
  sessionTimeoutHours: z.literal([8, 10, 12, 24]).default(12),
  /** `udp`, which is faster, or `tcp`, where a network lets nothing else out. */
  transport: z.enum(["udp", "tcp"]).default("udp"),
  /** Port that clients connect to: 443 by default, or 1194, OpenVPN's. */
  port: z.literal([443, 1194]).default(443),
  ...logGroupShape(90),
};
/** Rules across the inputs of {@link clientVpnShape}. */
export const checkClientVpn = checkAuthentication;

/** Rules between clients and the network; `path` leads to their settings. */
export function checkClientCidr(
  { clientCidr, network }: { clientCidr: string; network?: Partial<ClientVpnNetwork> },
  ctx: z.RefinementCtx,
  path: string[] = [],
): void {
  const blocks = network?.vpcCidrBlocks;
  if (!Array.isArray(blocks)) return;
  if (blocks.length === 0 || Token.isUnresolved(blocks)) {
    refuse(ctx, "network", "must have vpcCidrBlocks, each an element of its own, got none");
    return;
  }
  const known = blocks.filter((block) => !Token.isUnresolved(block));
  const unfit = known.filter((block) => !isCidr(block));
  if (unfit.length > 0)
    refuse(ctx, "network", `must have vpcCidrBlocks that are IPv4 CIDRs, got ${unfit.map(show).join(", ")}`);
  if (!isCidr(clientCidr)) return; // refused by itself
  // Source: Client VPN administrator guide, "Rules and best practices"
  const shared = known.find((block) => isCidr(block) && overlaps(clientCidr, block));
  if (shared) refuse(ctx, [...path, "clientCidr"], `must not overlap ${shared} of the VPC, got ${clientCidr}`);
}

const schema = z
  .strictObject({
    /** Name of the system, 1 to 100 letters, digits and hyphens, with which names of its parts begin. */
    name: z
      .string()
      .max(100)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be letters, digits and hyphens, a letter first")
      // Source: EC2 API reference, CreateSecurityGroup
      .refine((name) => !/^sg-/.test(name), "must not begin with sg-, which EC2 keeps for itself"),
    /** What clients reach. */
    network: reference<ClientVpnNetwork>("a Network", "vpcId", "vpcCidrBlocks"),
    /** Subnets by which clients come in, at most one of each zone; each costs by the hour. /27 at least, with 20 addresses free. */
    subnetIds: subnetIdsSchema.min(1),
    ...clientVpnShape,
  })
  .superRefine((settings, ctx) => {
    checkClientVpn(settings, ctx);
    checkClientCidr(settings, ctx);
  });
export type ClientVpnProps = z.input<typeof schema>;

/** The VPC's resolver is the third address of its main block. Source: VPC user guide, "Amazon DNS server". */
const RESOLVER = 2;

/** Way into a VPC for people with an OpenVPN client; only what is for the VPC goes through it. */
export class ClientVpn extends Construct {
  readonly endpointId: string;
  readonly endpointArn: string;
  /** Name that clients connect to, with a wildcard in place of the label that the client's configuration makes up. */
  readonly dnsName: string;
  /** What a target's security group lets in; it lets out to the VPC alone. */
  readonly securityGroupId: string;
  readonly logGroupName: string;
  readonly #portalUrl: string | undefined;

  constructor(scope: Construct, id: string, input: ClientVpnProps) {
    super(scope, id);
    const props = parseProps(this, schema, input);
    const { name, network, selfServicePortal } = props;
    const { vpcId } = network;
    const blocks = network.vpcCidrBlocks.map((block, index) => ({
      key: Token.isUnresolved(block) ? `block-${index}` : block,
      block,
    }));
    const [mainBlock = ""] = network.vpcCidrBlocks;

    const { id: securityGroupId } = new SecurityGroup(this, "security-group", {
      namePrefix: `${name}-client-vpn-`,
      description: `Client VPN of ${name}`,
      vpcId,
      tags: { Name: `${name}-client-vpn` },
      lifecycle: { createBeforeDestroy: true },
    });
    const logGroup = new LogGroup(this, "logs", { ...props, name: `/vpn/${name}` });
    const endpoint = new Ec2ClientVpnEndpoint(this, "endpoint", {
      description: `Client VPN of ${name}`,
      serverCertificateArn: props.serverCertificateArn,
      authenticationOptions: authenticationOptions(props),
      clientCidrBlock: props.clientCidr,
      splitTunnel: true,
      dnsServers: [Token.isUnresolved(mainBlock) ? Fn.cidrhost(mainBlock, RESOLVER) : host(mainBlock, RESOLVER)],
      transportProtocol: props.transport,
      vpnPort: props.port,
      sessionTimeoutHours: props.sessionTimeoutHours,
      ...(selfServicePortal && { selfServicePortal: "enabled" }),
      connectionLogOptions: { enabled: true, cloudwatchLogGroup: logGroup.name },
      vpcId,
      securityGroupIds: [securityGroupId],
      tags: { Name: name },
    });
    const clientVpnEndpointId = endpoint.id;
    for (const { key, block } of blocks) {
      new VpcSecurityGroupEgressRule(this, idFrom(`to-${key}`), {
        securityGroupId,
        description: "Clients to the VPC",
        cidrIpv4: block,
        ipProtocol: "-1",
      });
      new Ec2ClientVpnAuthorizationRule(this, idFrom(`allow-${key}`), {
        clientVpnEndpointId,
        description: "Everybody who is let in",
        targetNetworkCidr: block,
        authorizeAllGroups: true,
      });
    }
    for (const [index, subnetId] of props.subnetIds.entries()) {
      // a subnet of this run has no name yet: it stands in the network's order of zones, which stays
      new Ec2ClientVpnNetworkAssociation(this, idFrom(`in-${Token.isUnresolved(subnetId) ? index : subnetId}`), {
        clientVpnEndpointId,
        subnetId,
      });
    }

    this.endpointId = endpoint.id;
    this.endpointArn = endpoint.arn;
    this.dnsName = endpoint.dnsName;
    this.securityGroupId = securityGroupId;
    this.logGroupName = logGroup.name;
    this.#portalUrl = selfServicePortal ? endpoint.selfServicePortalUrl : undefined;
  }

  /** Page from which people fetch client and configuration; an `InputError` where `selfServicePortal` is off. */
  get selfServicePortalUrl(): string {
    return present(this, "selfServicePortal", this.#portalUrl, "must be on for its address, got off");
  }
}
