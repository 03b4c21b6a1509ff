import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { Ec2ClientVpnAuthorizationRule } from "@cdktf/provider-aws/lib/ec2-client-vpn-authorization-rule";
import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { Ec2ClientVpnNetworkAssociation } from "@cdktf/provider-aws/lib/ec2-client-vpn-network-association";
import { Ec2ClientVpnRoute } from "@cdktf/provider-aws/lib/ec2-client-vpn-route";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput, Token } from "cdktf";
import { expect, it } from "vitest";
import { ClientVpn, type ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { type BadInput, rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";
import { build, MINIMAL, NETWORK, ROOT, SERVER } from "./client-vpn.fixture";

const KEY = "arn:aws:kms:eu-west-2:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";

it("is an endpoint of the VPC that takes only what is for it, by its resolver", () => {
  expect(build().one(Ec2ClientVpnEndpoint)).toEqual({
    description: "Client VPN of dev-fossa",
    server_certificate_arn: SERVER,
    authentication_options: [{ type: "certificate-authentication", root_certificate_chain_arn: ROOT }],
    client_cidr_block: "10.100.0.0/22",
    split_tunnel: true,
    dns_servers: ["192.168.0.2"],
    transport_protocol: "udp",
    vpn_port: 443,
    session_timeout_hours: 12,
    disconnect_on_session_timeout: true,
    client_login_banner_options: { enabled: false },
    client_route_enforcement_options: { enforced: false },
    connection_log_options: {
      enabled: true,
      cloudwatch_log_group: refTo(CloudwatchLogGroup, "name"),
      cloudwatch_log_stream: refTo(CloudwatchLogStream, "name"),
    },
    vpc_id: NETWORK.vpcId,
    security_group_ids: [refTo(SecurityGroup, "id")],
    tags: { Name: "dev-fossa" },
  });
});
it("keeps who was connected, for 90 days", () => {
  expect(build().one(CloudwatchLogStream)).toEqual({
    name: "connections",
    log_group_name: refTo(CloudwatchLogGroup, "name"),
  });
  expect(build().one(CloudwatchLogGroup)).toEqual({ name: "/vpn/dev-fossa", retention_in_days: 90 });
  expect(build({ logRetentionDays: 365, logKmsKeyArn: KEY }).one(CloudwatchLogGroup)).toEqual({
    name: "/vpn/dev-fossa",
    retention_in_days: 365,
    kms_key_id: KEY,
  });
});
it.each<[Partial<ClientVpnProps>, Json]>([
  [{ sessionTimeoutHours: 8 }, { session_timeout_hours: 8 }],
  [{ sessionTimeoutHours: 24 }, { session_timeout_hours: 24 }],
  [{ transport: "tcp" }, { transport_protocol: "tcp" }],
  [{ port: 1194 }, { vpn_port: 1194 }],
  [{ sessionTimeoutHours: 10 }, { session_timeout_hours: 10 }],
  [{ disconnectOnSessionTimeout: false }, { disconnect_on_session_timeout: false }],
  [{ dnsServers: ["10.0.0.2"] }, { dns_servers: ["10.0.0.2"] }],
  [{ dnsServers: ["10.0.0.2", "10.1.0.2"] }, { dns_servers: ["10.0.0.2", "10.1.0.2"] }],
  [{ banner: "No secrets here" }, { client_login_banner_options: { enabled: true, banner_text: "No secrets here" } }],
  [{ routeEnforcement: true }, { client_route_enforcement_options: { enforced: true } }],
  [{ clientCidr: "10.96.0.0/12" }, { client_cidr_block: "10.96.0.0/12" }],
  [{ clientCidr: "192.169.0.0/16" }, { client_cidr_block: "192.169.0.0/16" }],
])("takes other settings (%j)", (settings, expected) => {
  expect(build(settings).one(Ec2ClientVpnEndpoint)).toMatchObject(expected);
});

it("comes in by each subnet, named by it, whatever its place", () => {
  const ids = (...subnetIds: string[]) => build({ subnetIds }).byId(Ec2ClientVpnNetworkAssociation);
  expect(ids("subnet-a", "subnet-b")).toEqual(ids("subnet-b", "subnet-a"));
  expect(Object.values(ids("subnet-a"))).toEqual([
    { client_vpn_endpoint_id: refTo(Ec2ClientVpnEndpoint, "id"), subnet_id: "subnet-a" },
  ]);
});
it("leads to every block of the VPC, and nowhere else", () => {
  const vpcCidrBlocks = ["192.168.0.0/16", "100.64.0.0/16"];
  const { all } = build({ network: { ...NETWORK, vpcCidrBlocks } });
  const rules = all(Ec2ClientVpnAuthorizationRule);
  expect(rules.map((rule) => rule.target_network_cidr).sort()).toEqual([...vpcCidrBlocks].sort());
  for (const rule of rules) {
    expect(rule).toMatchObject({
      client_vpn_endpoint_id: refTo(Ec2ClientVpnEndpoint, "id"),
      authorize_all_groups: true,
    });
  }
  const egress = all(VpcSecurityGroupEgressRule);
  expect(egress.map(({ cidr_ipv4 }) => cidr_ipv4).sort()).toEqual([...vpcCidrBlocks].sort());
  for (const rule of egress) {
    expect(rule).toMatchObject({ security_group_id: refTo(SecurityGroup, "id"), ip_protocol: "-1" });
  }
  expect(all(VpcSecurityGroupIngressRule)).toEqual([]);
});
it("leaves the clients' own traffic alone by default", () => {
  const { all } = build();
  expect(all(Ec2ClientVpnRoute)).toEqual([]);
  expect(all(Ec2ClientVpnAuthorizationRule).map((rule) => rule.target_network_cidr)).not.toContain("0.0.0.0/0");
});
it("takes all traffic where told to, by each subnet once it is associated, and lets it out", () => {
  const { one, all, byId } = build({ splitTunnel: false });
  expect(one(Ec2ClientVpnEndpoint).split_tunnel).toBe(false);
  const associations = Object.entries<Json>(byId(Ec2ClientVpnNetworkAssociation));
  const routes = all(Ec2ClientVpnRoute);
  expect(routes).toHaveLength(2);
  for (const route of routes) {
    const [name] = associations.find(([, { subnet_id }]) => subnet_id === route.target_vpc_subnet_id) ?? [];
    expect(route).toEqual({
      client_vpn_endpoint_id: refTo(Ec2ClientVpnEndpoint, "id"),
      description: "Clients to the internet",
      destination_cidr_block: "0.0.0.0/0",
      target_vpc_subnet_id: expect.stringMatching(/^subnet-[ab]$/),
      depends_on: [`aws_ec2_client_vpn_network_association.${name}`],
    });
  }
  const targets = all(Ec2ClientVpnAuthorizationRule).map((rule) => rule.target_network_cidr);
  expect(targets.sort()).toEqual(["0.0.0.0/0", "192.168.0.0/16"]);
  expect(all(VpcSecurityGroupEgressRule).map(({ cidr_ipv4 }) => cidr_ipv4)).toContain("0.0.0.0/0");
});
it.each<[string, Partial<ClientVpnProps>]>([
  ["a banner of one character", { banner: "x" }],
  ["a banner of 1400 characters", { banner: "x".repeat(1400) }],
  ["a DNS server that is known later", { dnsServers: [Token.asString({})] }],
])("accepts %s", (_, settings) => {
  expect(build(settings).all(Ec2ClientVpnEndpoint)).toHaveLength(1);
});
it("has a security group of the VPC", () => {
  expect(build().one(SecurityGroup)).toEqual({
    name_prefix: "dev-fossa-client-vpn-",
    description: "Client VPN of dev-fossa",
    vpc_id: NETWORK.vpcId,
    tags: { Name: "dev-fossa-client-vpn" },
    lifecycle: { create_before_destroy: true },
  });
});
it("takes a VPC and subnets that are known later", () => {
  const { one, all } = synth((stack) => {
    const vpc = new Vpc(stack, "vpc", { ipv4IpamPoolId: "ipam-pool-1" });
    const subnetIds = ["a", "b"].map((zone) => new Subnet(stack, zone, { vpcId: vpc.id }).id);
    new ClientVpn(stack, "vpn", { ...MINIMAL, network: { vpcId: vpc.id, vpcCidrBlocks: [vpc.cidrBlock] }, subnetIds });
  });
  expect(one(Ec2ClientVpnEndpoint).dns_servers).toEqual([
    expect.stringMatching(/^\$\{cidrhost\(aws_vpc\.vpc\w*\.cidr_block, 2\)\}$/),
  ]);
  expect(one(Ec2ClientVpnAuthorizationRule).target_network_cidr).toEqual(refTo(Vpc, "cidr_block"));
  expect(all(Ec2ClientVpnNetworkAssociation).map(({ subnet_id }) => subnet_id)).toEqual([
    refTo(Subnet, "id"),
    refTo(Subnet, "id"),
  ]);
});
it("tells what others need by reference", () => {
  const keys = ["endpointId", "endpointArn", "dnsName", "securityGroupId", "logGroupName"] as const;
  const { outputs } = build({}, (vpn) => {
    for (const key of keys) new TerraformOutput(vpn, key, { value: vpn[key], staticId: true });
  });
  expect(Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]))).toEqual({
    endpointId: refTo(Ec2ClientVpnEndpoint, "id"),
    endpointArn: refTo(Ec2ClientVpnEndpoint, "arn"),
    dnsName: refTo(Ec2ClientVpnEndpoint, "dns_name"),
    securityGroupId: refTo(SecurityGroup, "id"),
    logGroupName: refTo(CloudwatchLogGroup, "name"),
  });
});

const blocks = (...vpcCidrBlocks: string[]) => ({ network: { ...NETWORK, vpcCidrBlocks } });
const rows: BadInput<object>[] = [
  ["name", { name: "" }, "a letter first", '""'],
  ["name", { name: "dev fossa" }, "letters, digits and hyphens", '"dev fossa"'],
  ["name", { name: "sg-fossa" }, "must not begin with sg-", '"sg-fossa"'],
  ["name", { name: "a".repeat(101) }, "at most 100", "got 101"],
  ["network", { network: { vpcId: "vpc-1" } }, "must be a Network", "vpcCidrBlocks"],
  ["network", blocks(), "must have vpcCidrBlocks", "got none"],
  ["network", { network: { ...NETWORK, vpcCidrBlocks: Token.asList({}) } }, "each an element of its own"],
  ["network", blocks("10.0.0.0"), "vpcCidrBlocks that are IPv4 CIDRs", '"10.0.0.0"'],
  ["network.vpcCidrBlocks[1]", blocks("10.0.0.0/16", ""), "at least 1 characters"],
  ["subnetIds", { subnetIds: [] }, "at least 1 items"],
  ["subnetIds", { subnetIds: ["subnet-a", "subnet-a"] }, "must not name a subnet twice"],
  ["subnetIds", { subnetIds: Token.asList({}) }, "each an element of its own"],
  ["subnetIds[1]", { subnetIds: ["subnet-a", ""] }, "at least 1 characters"],
  ["clientCidr", { clientCidr: undefined }, "is required", "got nothing"],
  ["clientCidr", { clientCidr: "10.100.0.0" }, "must be an IPv4 CIDR", "got 10.100.0.0"],
  ["clientCidr", { clientCidr: "10.0.0.0/11" }, "/12 to /22", "10.0.0.0/11"],
  ["clientCidr", { clientCidr: "10.100.0.0/23" }, "/12 to /22", "10.100.0.0/23"],
  ["clientCidr", { clientCidr: "10.100.0.1/22" }, "did you mean 10.100.0.0/22?"],
  ["clientCidr", { clientCidr: "192.168.0.0/16" }, "must not overlap 192.168.0.0/16 of the VPC", "192.168.0.0/16"],
  ["clientCidr", { clientCidr: "192.168.252.0/22" }, "must not overlap 192.168.0.0/16", "got 192.168.252.0/22"],
  ["clientCidr", { clientCidr: "100.64.0.0/12", ...blocks("10.0.0.0/16", "100.64.0.0/16") }, "overlap 100.64.0.0/16"],
  ["sessionTimeoutHours", { sessionTimeoutHours: 9 }, "one of 8, 10, 12, 24", "got 9"],
  ["transport", { transport: "sctp" }, "one of udp, tcp", '"sctp"'],
  ["port", { port: 1195 }, "one of 443, 1194", "got 1195"],
  ["logRetentionDays", { logRetentionDays: 91 }, "got 91"],
  ["logKmsKeyArn", { logKmsKeyArn: "alias/logs" }, "ARN of a KMS key", '"alias/logs"'],
  ["splitTunnel", { splitTunnel: "no" }, "of type boolean", '"no"'],
  ["dnsServers", { dnsServers: [] }, "at least 1 items"],
  ["dnsServers", { dnsServers: ["10.0.0.1", "10.0.0.2", "10.0.0.3"] }, "at most 2 items"],
  ["dnsServers", { dnsServers: ["10.0.0.2", "10.0.0.2"] }, "must name each once"],
  ["dnsServers.0", { dnsServers: ["dns.example.com"] }, "must be an IPv4 address", '"dns.example.com"'],
  ["banner", { banner: "" }, "at least 1 characters"],
  ["banner", { banner: "x".repeat(1401) }, "at most 1400 characters", "got 1401"],
  ["routeEnforcement", { routeEnforcement: 1 }, "of type boolean", "got 1"],
  ["disconnectOnSessionTimeout", { disconnectOnSessionTimeout: "no" }, "of type boolean", '"no"'],
  ["tunnel", { tunnel: "split" }, "unknown key"],
];
rejects(
  "test/vpn",
  rows.map(([key, settings, ...words]) => [key, { ...MINIMAL, ...settings }, ...words]),
  (stack, props) => new ClientVpn(stack, "vpn", props as ClientVpnProps),
);
