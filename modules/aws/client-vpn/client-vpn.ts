import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { Ec2ClientVpnAuthorizationRule } from "@cdktf/provider-aws/lib/ec2-client-vpn-authorization-rule";
import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { Ec2ClientVpnNetworkAssociation } from "@cdktf/provider-aws/lib/ec2-client-vpn-network-association";
import { Ec2ClientVpnRoute } from "@cdktf/provider-aws/lib/ec2-client-vpn-route";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { idFrom } from "../../common/names";
import { INTERNET } from "../../common/settings/allowed-cidrs";
import { checkedBy } from "../../common/settings/checked-by";
import { cidrSchema, host, isCidr, overlaps } from "../../common/settings/cidr";
import { refuse } from "../../common/settings/faults";
import { present } from "../../common/settings/present";
import { orToken, parseProps, reference, show } from "../../common/settings/props";
import { LogGroup, logGroupShape } from "../cloudwatch/log-group";
import { subnetIdsSchema } from "../ec2/subnet-ids";
import { accessShape, authorizations, checkAccess, checkGroupBlocks } from "./access";
import { authenticationOptions, authenticationShape, checkAuthentication, hasCertificates } from "./authentication";
import { clientConfiguration } from "./client-configuration";
import { DirectoryMfa } from "./directory-mfa";
import { GeneratedPki } from "./generated-pki";

/** Network behind the VPN; `Network` is one. */
export interface ClientVpnNetwork {
  readonly vpcId: string;
  /** The main block first. */
  readonly vpcCidrBlocks: string[];
}

/** Settings of a VPN; a construct that embeds them puts them under one key, with `checkClientVpn`. */
export const clientVpnShape = {
  ...authenticationShape,
  ...accessShape,
  /**
   * Block of the clients' addresses, /12 to /22, outside the VPC's blocks; at most half of it is available to simultaneous
   * clients. A change replaces the VPN.
   */
  clientCidr: cidrSchema(12, 22), // Source: Client VPN administrator guide, "Rules and best practices"
  /** Maximum session duration, hours: 8, 10, 12 or 24. */
  sessionTimeoutHours: z.literal([8, 10, 12, 24]).default(12),
  /** Disconnect at the end of a session; off, clients with certificates connect again by themselves. */
  disconnectOnSessionTimeout: z.boolean().default(true),
  /** Addresses of DNS servers, one or two; the VPC's resolver when absent. */
  dnsServers: z // Source: EC2 API reference, CreateClientVpnEndpoint
    .array(orToken(z.ipv4({ error: "must be an IPv4 address such as 10.0.0.2" })))
    .min(1)
    .max(2)
    .refine(areDistinct, "must name each once")
    .optional(),
  /** Text that AWS's client shows when a session begins, 1 to 1400 characters; none when absent. */
  banner: z.string().min(1).max(1400).optional(), // Source: EC2 API reference, ClientLoginBannerOptions
  /** Keep clients from changing the VPN's routes; AWS's client only, in a version of 2025 or later. */
  routeEnforcement: z.boolean().default(false),
  /** `udp`, which is faster, or `tcp`, for networks that block UDP. */
  transport: z.enum(["udp", "tcp"]).default("udp"),
  /** Port of the VPN: 443, or OpenVPN's 1194. */
  port: z.literal([443, 1194]).default(443),
  ...logGroupShape(90),
};
type Chosen = z.output<z.ZodObject<typeof clientVpnShape>>;

/** Rules across the inputs of {@link clientVpnShape}. */
export function checkClientVpn(settings: Chosen, ctx: z.RefinementCtx): void {
  checkAuthentication(settings, ctx);
  checkAccess(settings, ctx);
}

/** Refuses blocks that do not fit the VPC: of clients in it, of groups outside it. `path` leads to the settings of the VPN. */
export function checkBlocks(
  { clientCidr, groups, network }: Pick<Chosen, "clientCidr" | "groups"> & { network?: Partial<ClientVpnNetwork> },
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
  checkGroupBlocks({ groups }, blocks, ctx, path);
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
    network: reference<ClientVpnNetwork>("a Network", "vpcId", "vpcCidrBlocks[]"),
    /** Associated subnets, at most one per zone, each billed by the hour: at least a /27 with 20 free addresses. */
    subnetIds: subnetIdsSchema.min(1),
    ...clientVpnShape,
  })
  .superRefine((settings, ctx) => {
    checkClientVpn(settings, ctx);
    checkBlocks(settings, ctx);
  });
export type ClientVpnProps = z.input<typeof schema>;
type Wired = "name" | "network" | "subnetIds";
/** Settings of a user; a stack adds the wiring, and a block for the clients where there is none. */
export type ClientVpnSettings = Omit<ClientVpnProps, Wired | "clientCidr"> &
  Partial<Pick<ClientVpnProps, "clientCidr">>;
/** Block of the clients where the user names none. */
export const CLIENT_CIDR = "10.5.0.0/20";
/** Checks these settings, without what follows from the network. */
export const clientVpnSettings: z.ZodType<ClientVpnSettings, ClientVpnSettings> = checkedBy<typeof schema, Wired>(
  schema,
  { name: "any", network: { vpcId: "any", vpcCidrBlocks: [] }, subnetIds: ["one"] },
  { clientCidr: CLIENT_CIDR },
) as never;
type Settings = z.output<typeof schema>;

/** The VPC's resolver is the third address of its main block. Source: VPC user guide, "Amazon DNS server". */
const RESOLVER = 2;

/** What clients are told about their configuration. */
export interface ConfigurationTarget {
  readonly region: string;
  /** Name of the file, without `.ovpn`. */
  readonly file: string;
}

/**
 * Client VPN endpoint for OpenVPN clients, who have certificates, or sign in by a directory or SAML, or both. By default only
 * traffic for the VPC goes through it.
 */
export class ClientVpn extends Construct {
  readonly endpointId: string;
  readonly endpointArn: string;
  /** DNS name of the endpoint, with a wildcard for the label that the client configuration chooses at random. */
  readonly dnsName: string;
  /** Source of the clients' traffic, for the rules of other security groups; its egress is limited to the VPC with split tunnel. */
  readonly securityGroupId: string;
  readonly logGroupName: string;
  readonly #settings: Settings;
  readonly #pki: GeneratedPki | undefined;
  readonly #portalUrl: string | undefined;

  constructor(scope: Construct, id: string, input: ClientVpnProps) {
    super(scope, id);
    const props = parseProps(this, schema, input);
    this.#settings = props;
    const { name, network, selfServicePortal, generatedPki, activeDirectory, banner } = props;
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
    const logStream = new CloudwatchLogStream(this, "log-stream", { name: "connections", logGroupName: logGroup.name });
    this.#pki = generatedPki && new GeneratedPki(this, "pki", { ...generatedPki, name });
    const mfa = activeDirectory?.mfa && new DirectoryMfa(this, "mfa", { ...activeDirectory, ...activeDirectory.mfa });
    const endpoint = new Ec2ClientVpnEndpoint(this, "endpoint", {
      description: `Client VPN of ${name}`,
      serverCertificateArn: this.#pki?.serverCertificateArn ?? props.serverCertificateArn ?? "",
      authenticationOptions: authenticationOptions(
        props,
        this.#pki?.serverCertificateArn ?? props.rootCertificateChainArn,
      ),
      clientCidrBlock: props.clientCidr,
      splitTunnel: props.splitTunnel,
      dnsServers: props.dnsServers ?? [
        Token.isUnresolved(mainBlock) ? Fn.cidrhost(mainBlock, RESOLVER) : host(mainBlock, RESOLVER),
      ],
      transportProtocol: props.transport,
      vpnPort: props.port,
      sessionTimeoutHours: props.sessionTimeoutHours,
      disconnectOnSessionTimeout: props.disconnectOnSessionTimeout,
      ...(selfServicePortal && { selfServicePortal: "enabled" }),
      // written where it is off too: the endpoint keeps what it is not told
      clientLoginBannerOptions: banner === undefined ? { enabled: false } : { enabled: true, bannerText: banner },
      clientRouteEnforcementOptions: { enforced: props.routeEnforcement },
      connectionLogOptions: {
        enabled: true,
        cloudwatchLogGroup: logGroup.name,
        cloudwatchLogStream: logStream.name,
      },
      vpcId,
      securityGroupIds: [securityGroupId],
      tags: { Name: name },
      dependsOn: mfa?.ready,
    });
    const clientVpnEndpointId = endpoint.id;
    const reached = [
      ...blocks.map((block) => ({ ...block, description: "Clients to the VPC" })),
      ...(props.splitTunnel ? [] : [{ key: "internet", block: INTERNET, description: "Clients to the internet" }]),
    ];
    for (const { key, block, description } of reached) {
      new VpcSecurityGroupEgressRule(this, idFrom(`to-${key}`), {
        securityGroupId,
        description,
        cidrIpv4: block,
        ipProtocol: "-1",
      });
    }
    for (const { key, block, ...who } of authorizations(props, reached)) {
      new Ec2ClientVpnAuthorizationRule(this, idFrom(`allow-${key}`), {
        clientVpnEndpointId,
        targetNetworkCidr: block,
        ...who,
      });
    }
    for (const [index, subnetId] of props.subnetIds.entries()) {
      // a subnet of this run has no id yet; its position is stable, because the network orders subnets by zone
      const key = Token.isUnresolved(subnetId) ? index : subnetId;
      const association = new Ec2ClientVpnNetworkAssociation(this, idFrom(`in-${key}`), {
        clientVpnEndpointId,
        subnetId,
      });
      if (props.splitTunnel) continue;
      new Ec2ClientVpnRoute(this, idFrom(`internet-by-${key}`), {
        clientVpnEndpointId,
        description: "Clients to the internet",
        destinationCidrBlock: INTERNET,
        targetVpcSubnetId: subnetId,
        dependsOn: [association], // a route leads through a subnet that is associated
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

  /** Secrets with what each client of a generated PKI appends to its configuration; none with certificates of your own. */
  get clientSecretArns(): Readonly<Record<string, string>> {
    return this.#pki?.clientSecretArns ?? {};
  }

  /** Commands that write the configuration of a client, and what to open it with. */
  clientConfiguration({ region, file }: ConfigurationTarget): Record<string, string> {
    const { samlProviderArn, activeDirectory } = this.#settings;
    return clientConfiguration({
      region,
      file,
      endpointId: this.endpointId,
      certificates: hasCertificates(this.#settings),
      signIn: samlProviderArn ? "saml" : activeDirectory && "directory",
      clientSecretArns: this.clientSecretArns,
    });
  }
}
