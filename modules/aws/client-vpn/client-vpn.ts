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

/** Network behind the VPN; `Network` is one. */
export interface ClientVpnNetwork {
  readonly vpcId: string;
  /** The main block first. */
  readonly vpcCidrBlocks: string[];
}

/** Settings of a VPN; a construct that embeds them puts them under one key, with `checkClientVpn`. */
export const clientVpnShape = {
  ...authenticationShape,
  /**
   * Block of the clients' addresses, /12 to /22, outside the VPC's blocks; at most half of it is available to simultaneous
   * clients. A change replaces the VPN.
   */
  clientCidr: cidrSchema(12, 22), // Source: Client VPN administrator guide, "Rules and best practices"
  /** Maximum session duration, hours: 8, 10, 12 or 24. */
  sessionTimeoutHours: z.literal([8, 10, 12, 24]).default(12),
  /** `udp`, which is faster, or `tcp`, for networks that block UDP. */
  transport: z.enum(["udp", "tcp"]).default("udp"),
  /** Port of the VPN: 443, or OpenVPN's 1194. */
  port: z.literal([443, 1194]).default(443),
  ...logGroupShape(90),
};
/** Rules across the inputs of {@link clientVpnShape}. */
export const checkClientVpn = checkAuthentication;

/** Refuses a client block that overlaps the VPC. `path` leads to the settings of the VPN. */
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
  if (!isCidr(clientCidr)) return; // its own schema reports it
  // Source: Client VPN administrator guide, "Rules and best practices"
  const shared = known.find((block) => isCidr(block) && overlaps(clientCidr, block));
  if (shared) refuse(ctx, [...path, "clientCidr"], `must not overlap ${shared} of the VPC, got ${clientCidr}`);
}

const schema = z
  .strictObject({
    /** Name of the system and prefix of the names of its parts: 1 to 100 letters, digits and hyphens. */
    name: z
      .string()
      .max(100)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be letters, digits and hyphens, a letter first")
      // Source: EC2 API reference, CreateSecurityGroup
      .refine((name) => !/^sg-/.test(name), "must not begin with sg-, which EC2 reserves"),
    /** Network that clients reach. */
    network: reference<ClientVpnNetwork>("a Network", "vpcId", "vpcCidrBlocks"),
    /** Associated subnets, at most one per zone, each billed by the hour: at least a /27 with 20 free addresses. */
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

/** Client VPN endpoint for OpenVPN clients, with split tunnel: only traffic for the VPC goes through it. */
export class ClientVpn extends Construct {
  readonly endpointId: string;
  readonly endpointArn: string;
  /** DNS name of the endpoint, with a wildcard for the label that the client configuration chooses at random. */
  readonly dnsName: string;
  /** Source of the clients' traffic, for the rules of other security groups; its egress is limited to the VPC. */
  readonly securityGroupId: string;
  readonly logGroupName: string;
  readonly #portalUrl: string | undefined;

  constructor(scope: Construct, id: string, input: ClientVpnProps) {
    super(scope, id);
    const props = parseProps(this, schema, input);
    const { name, network, selfServicePortal } = props;
    const { vpcId } = network;
    const blocks = [...new Set(network.vpcCidrBlocks)].map((block, index) => ({
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
      // a subnet of this run has no id yet; its position is stable, because the network orders subnets by zone
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

  /** URL of the self-service portal; an `InputError` when `selfServicePortal` is off. */
  get selfServicePortalUrl(): string {
    return present(this, "selfServicePortal", this.#portalUrl, "must be on for its address, got off");
  }
}
