import { DataAwsRouteTables } from "@cdktf/provider-aws/lib/data-aws-route-tables";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcPeeringConnectionAccepterA } from "@cdktf/provider-aws/lib/vpc-peering-connection-accepter";
import { VpcPeeringConnectionOptions } from "@cdktf/provider-aws/lib/vpc-peering-connection-options";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput, TerraformStack, Testing, Token } from "cdktf";
import { Construct } from "constructs";
import { describe, expect, it } from "vitest";
import { NO_OPENINGS } from "../../../modules/common/openings";
import { Network } from "../../../modules/network/network";
import { Peering, type PeeringProps } from "../../../modules/peering/peering";
import type { PeerProps } from "../../../modules/peering/sides";
import { errorOf, rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import { minimal, OWN_VPC, ours, PEER_VPC, peerProvider, SECURITY_GROUP, table } from "./peering.fixture";

const build = (props: Partial<PeeringProps> = {}) =>
  synth((stack) => new Peering(stack, "peering", { ...minimal, ...props }));

const withPeer = (peer: Partial<PeerProps>): PeeringProps => ({ ...minimal, peer: { ...minimal.peer, ...peer } });

/** A peering with a peer elsewhere, accepted under `aws.peer`. */
const buildForeign = (peer: Partial<PeerProps>) =>
  synth((stack) => new Peering(stack, "peering", withPeer({ provider: peerProvider(stack), ...peer })));

/** Table and destination of each route, under the provider that makes it. */
const ways = (routes: Json[]) =>
  routes.map((route) => [route.provider ?? "aws", route.route_table_id, route.destination_cidr_block]).sort();

describe("a peer in our account and region", () => {
  it("is accepted at once, by name", () => {
    const { one, all } = build();
    expect(one(VpcPeeringConnection)).toEqual({
      vpc_id: OWN_VPC,
      peer_vpc_id: PEER_VPC,
      auto_accept: true,
      tags: { Name: "exafunction-to-demo" },
    });
    expect(all(VpcPeeringConnectionAccepterA)).toEqual([]);
  });

  it("gets a route in both directions through the connection", () => {
    const routes = build().all(Route);
    expect(ways(routes)).toEqual([
      ["aws", table(0), "10.0.0.0/16"],
      ["aws", table(1), "10.255.0.0/16"],
    ]);
    for (const route of routes) expect(route.vpc_peering_connection_id).toEqual(refTo(VpcPeeringConnection, "id"));
  });

  it("reaches the four client ports of our nodes and no other, by tcp", () => {
    const rules = build().all(VpcSecurityGroupIngressRule);
    expect(rules).toEqual(
      [50050, 50051, 50100, 50101].map((port) => ({
        security_group_id: SECURITY_GROUP,
        cidr_ipv4: "10.0.0.0/16",
        ip_protocol: "tcp",
        from_port: port,
        to_port: port,
        description: `demo to exafunction, tcp ${port}`,
      })),
    );
  });

  it("is changed in nothing else: no rule of its own groups, no lookup", () => {
    const { parsed } = build();
    expect(Object.keys(parsed.resource).sort()).toEqual([
      "aws_route",
      "aws_vpc_peering_connection",
      "aws_vpc_peering_connection_options",
      "aws_vpc_security_group_ingress_rule",
    ]);
    expect(parsed.data).toBeUndefined();
  });
});

describe("a peer in another account or region", () => {
  it.each<[string, Partial<PeerProps>, Json]>([
    ["account", { accountId: "123456789012" }, { peer_owner_id: "123456789012" }],
    ["region", { region: "eu-west-1" }, { peer_region: "eu-west-1" }],
    [
      "account and region",
      { accountId: "123456789012", region: "us-gov-west-1" },
      { peer_owner_id: "123456789012", peer_region: "us-gov-west-1" },
    ],
  ])("%s: is accepted under the peer's provider", (_, peer, expected) => {
    const { one } = buildForeign(peer);
    expect(one(VpcPeeringConnection)).toEqual({
      vpc_id: OWN_VPC,
      peer_vpc_id: PEER_VPC,
      tags: { Name: "exafunction-to-demo" },
      ...expected,
    });
    expect(one(VpcPeeringConnectionAccepterA)).toEqual({
      provider: "aws.peer",
      vpc_peering_connection_id: refTo(VpcPeeringConnection, "id"),
      auto_accept: true,
      tags: { Name: "exafunction-to-demo" },
    });
  });

  it("gets its routes under its provider, and ours under our own, all after the acceptance", () => {
    const routes = buildForeign({ region: "eu-west-1" }).all(Route);
    expect(ways(routes)).toEqual([
      ["aws", table(0), "10.0.0.0/16"],
      ["aws.peer", table(1), "10.255.0.0/16"],
    ]);
    for (const route of routes) {
      expect(route.vpc_peering_connection_id).toEqual(refTo(VpcPeeringConnectionAccepterA, "id"));
    }
  });

  it("without a provider is left to its owner: our routes and rules only", () => {
    const peer = { accountId: "123456789012", routeTables: undefined };
    const { one, all } = synth((stack) => new Peering(stack, "peering", withPeer(peer)));
    expect(one(VpcPeeringConnection).auto_accept).toBeUndefined();
    expect(all(VpcPeeringConnectionAccepterA)).toEqual([]);
    expect(ways(all(Route))).toEqual([["aws", table(0), "10.0.0.0/16"]]);
    expect(all(VpcSecurityGroupIngressRule)).toHaveLength(4);
  });
});

describe("DNS resolution", () => {
  const on = { allow_remote_vpc_dns_resolution: true };

  it("sets both sides in one resource within an account and region", () => {
    expect(build(withPeer({ dnsResolution: true })).all(VpcPeeringConnectionOptions)).toEqual([
      { vpc_peering_connection_id: refTo(VpcPeeringConnection, "id"), requester: on, accepter: on },
    ]);
  });

  it("sets each side under its own provider elsewhere, after the acceptance", () => {
    const { all } = buildForeign({ region: "eu-west-1", dnsResolution: true });
    const accepted = { vpc_peering_connection_id: refTo(VpcPeeringConnectionAccepterA, "id") };
    expect(all(VpcPeeringConnectionOptions)).toEqual([
      { ...accepted, provider: "aws.peer", accepter: on },
      { ...accepted, requester: on },
    ]);
  });

  it("is off by default, which is written, as the provider would keep what was", () => {
    const off = { allow_remote_vpc_dns_resolution: false };
    expect(build(withPeer({ dnsResolution: false })).json).toBe(build().json);
    expect(build().one(VpcPeeringConnectionOptions)).toMatchObject({ requester: off, accepter: off });
    const accepted = { vpc_peering_connection_id: refTo(VpcPeeringConnectionAccepterA, "id") };
    expect(buildForeign({ region: "eu-west-1" }).all(VpcPeeringConnectionOptions)).toEqual([
      { ...accepted, provider: "aws.peer", accepter: off },
      { ...accepted, requester: off },
    ]);
  });
});

describe("several tables and CIDRs", () => {
  const network = {
    vpcId: OWN_VPC,
    vpcCidrBlocks: ["10.255.0.0/16", "100.64.0.0/16"],
    routeTables: { "private-a": table(2), "private-b": table(3), public: table(4) },
  };
  const peer = {
    name: "demo",
    vpcId: PEER_VPC,
    cidrs: ["10.0.0.0/16", "10.1.0.0/24"],
    routeTables: [table(5), table(6)],
  };

  it("routes every own table to every peer CIDR, and every peer table to every own CIDR", () => {
    const routes = build({ network, peer }).all(Route);
    expect(ways(routes)).toEqual([
      ["aws", table(2), "10.0.0.0/16"],
      ["aws", table(2), "10.1.0.0/24"],
      ["aws", table(3), "10.0.0.0/16"],
      ["aws", table(3), "10.1.0.0/24"],
      ["aws", table(4), "10.0.0.0/16"],
      ["aws", table(4), "10.1.0.0/24"],
      ["aws", table(5), "10.255.0.0/16"],
      ["aws", table(5), "100.64.0.0/16"],
      ["aws", table(6), "10.255.0.0/16"],
      ["aws", table(6), "100.64.0.0/16"],
    ]);
    for (const route of routes) expect(route.vpc_peering_connection_id).toEqual(refTo(VpcPeeringConnection, "id"));
  });

  it("opens the listed ports, and only those, to every peer CIDR", () => {
    const rules = build({ network, peer, clientPorts: [443, 50050] }).all(VpcSecurityGroupIngressRule);
    expect(rules.map((rule) => [rule.cidr_ipv4, rule.ip_protocol, rule.from_port, rule.to_port]).sort()).toEqual([
      ["10.0.0.0/16", "tcp", 443, 443],
      ["10.0.0.0/16", "tcp", 50050, 50050],
      ["10.1.0.0/24", "tcp", 443, 443],
      ["10.1.0.0/24", "tcp", 50050, 50050],
    ]);
  });

  it("gives the same JSON whatever the order of the input", () => {
    const reversed = {
      network: {
        vpcId: OWN_VPC,
        vpcCidrBlocks: [...network.vpcCidrBlocks].reverse(),
        routeTables: Object.fromEntries(Object.entries(network.routeTables).reverse()),
      },
      peer: { ...peer, cidrs: [...peer.cidrs].reverse(), routeTables: [...peer.routeTables].reverse() },
      clientPorts: [50050, 443],
    };
    const outputs = (props: Partial<PeeringProps>) =>
      synth((stack) => {
        const peering = new Peering(stack, "peering", { ...minimal, ...props });
        new TerraformOutput(stack, "egress", { value: peering.egressRouteIds });
        new TerraformOutput(stack, "ingress", { value: peering.ingressRouteIds });
        new TerraformOutput(stack, "rules", { value: peering.ingressSecurityGroupRuleIds });
      }).json;
    expect(outputs(reversed)).toBe(outputs({ network, peer, clientPorts: [443, 50050] }));
  });

  it("keeps every resource under its id when a table, a CIDR and a port are added", () => {
    const resources = (result: ReturnType<typeof synth>) => ({
      ...result.byId(Route),
      ...result.byId(VpcSecurityGroupIngressRule),
    });
    const few = { ...peer, cidrs: ["10.1.0.0/24"], routeTables: [table(6)] };
    const before = resources(build({ network, peer: few, clientPorts: [50050] }));
    expect(resources(build({ network, peer, clientPorts: [443, 50050] }))).toMatchObject(before);
  });

  it("takes tables and CIDRs by name, with ids made of the names", () => {
    const named = { ...peer, cidrs: { main: "10.0.0.0/16" }, routeTables: { app: table(5) } };
    const { byId } = build({ network, peer: named });
    const own = { ...named, cidrs: { main: "10.9.0.0/16" }, routeTables: { app: table(9) } };
    const moved = build({ network, peer: own });
    expect(Object.keys(moved.byId(Route))).toEqual(Object.keys(byId(Route)));
    expect(ways(moved.all(Route))).toContainEqual(["aws", table(9), "10.255.0.0/16"]);
    expect(ways(moved.all(Route))).toContainEqual(["aws", table(4), "10.9.0.0/16"]);
  });

  it("tells apart names that differ only in where a hyphen stands", () => {
    const routeTables = { a: table(5), "a-b": table(6) };
    const cidrs = { "b-c": "10.0.0.0/16", c: "10.1.0.0/24" };
    const { all } = build({ network: { ...network, routeTables }, peer: { ...peer, cidrs, routeTables: [] } });
    expect(all(Route)).toHaveLength(4);
  });
});

describe("all tables of the peer", () => {
  const all = { routeTables: "all" } as const;

  it("are looked up, and each gets a route to every own CIDR", () => {
    const network = { ...ours.network, vpcCidrBlocks: ["10.255.0.0/16", "100.64.0.0/16"] };
    const { data, all: resources } = build({ ...withPeer(all), network });
    expect(data(DataAwsRouteTables)).toEqual([{ vpc_id: PEER_VPC }]);
    const looped = resources(Route).filter((route) => route.for_each);
    expect(looped).toHaveLength(2);
    for (const route of looped) {
      expect(route).toMatchObject({
        for_each: expect.stringMatching(/^\$\{toset\(data\.aws_route_tables\.[\w-]+\.ids\)\}$/),
        route_table_id: expect.stringMatching(/^\$\{each\.value\}$/),
        vpc_peering_connection_id: refTo(VpcPeeringConnection, "id"),
      });
    }
    expect(ways(looped).map(([, , cidr]) => cidr)).toEqual(["10.255.0.0/16", "100.64.0.0/16"]);
  });

  it("are looked up under the provider of the peer", () => {
    const { data, all: resources } = buildForeign({ ...all, region: "eu-west-1" });
    expect(data(DataAwsRouteTables)[0].provider).toBe("aws.peer");
    expect(resources(Route).find((route) => route.for_each).provider).toBe("aws.peer");
  });

  it("give their route ids as one list", () => {
    const { outputs } = synth((stack) => {
      const { ingressRouteIds } = new Peering(stack, "peering", withPeer(all));
      new TerraformOutput(stack, "ids", { value: ingressRouteIds, staticId: true });
    });
    expect(outputs.ids.value).toMatch(/^\$\{concat\(values\(aws_route\.[\w-]+\)\[\*\]\.id\)\}$/);
  });
});

it("exposes the ids of what it makes", () => {
  const { outputs } = synth((stack) => {
    const peering = new Peering(stack, "peering", minimal);
    const output = (id: string, value: unknown) => new TerraformOutput(stack, id, { value, staticId: true });
    output("connection", peering.peeringConnectionId);
    output("egress", peering.egressRouteIds);
    output("ingress", peering.ingressRouteIds);
    output("rules", peering.ingressSecurityGroupRuleIds);
  });
  expect(outputs.connection.value).toEqual(refTo(VpcPeeringConnection, "id"));
  expect(outputs.egress.value).toEqual([expect.stringMatching(/^\$\{aws_route\.peering_egress[\w-]+\.id\}$/)]);
  expect(outputs.ingress.value).toEqual([expect.stringMatching(/^\$\{aws_route\.peering_ingress[\w-]+\.id\}$/)]);
  expect(outputs.rules.value).toEqual(Array(4).fill(refTo(VpcSecurityGroupIngressRule, "security_group_rule_id")));
});

it("gives two peerings two names and shares none between two stacks of the same settings", () => {
  const { all } = synth((stack) => {
    new Peering(stack, "a", minimal);
    const peer = { name: "other", vpcId: "vpc-0b000000000000002", cidrs: ["10.1.0.0/16"], routeTables: [table(7)] };
    new Peering(stack, "b", { ...minimal, peer });
  });
  expect(all(VpcPeeringConnection).map(({ tags }) => tags.Name)).toEqual([
    "exafunction-to-demo",
    "exafunction-to-other",
  ]);
  const named = (name: string) => build({ name }).one(VpcPeeringConnection).tags.Name;
  expect(named("one")).not.toBe(named("two"));
});

it("takes ids and CIDRs that are known only at apply time", () => {
  const { all } = synth((stack) => {
    const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.255.0.0/16" });
    const peerVpc = new Vpc(stack, "peer-vpc", { cidrBlock: "10.0.0.0/16" });
    const [own, other] = [vpc, peerVpc].map(({ id: vpcId }, n) => new RouteTable(stack, `table-${n}`, { vpcId }).id);
    new Peering(stack, "peering", {
      name: "exafunction",
      network: { vpcId: vpc.id, vpcCidrBlocks: { main: vpc.cidrBlock }, routeTables: { main: own as string } },
      securityGroupId: new SecurityGroup(stack, "group", { vpcId: vpc.id }).id,
      peer: {
        name: "demo",
        vpcId: peerVpc.id,
        cidrs: { main: peerVpc.cidrBlock },
        routeTables: { main: other as string },
        accountId: undefined,
      },
    });
  });
  const destinations = all(Route).map((route) => route.destination_cidr_block);
  expect(destinations).toEqual(Array(2).fill(refTo(Vpc, "cidr_block")));
  expect(new Set(destinations).size).toBe(2);
  expect(all(VpcSecurityGroupIngressRule)[0]).toMatchObject({
    security_group_id: refTo(SecurityGroup, "id"),
    cidr_ipv4: refTo(Vpc, "cidr_block"),
  });
});

it("refuses one CIDR on both sides even when it is known only at apply time", () => {
  const run = () =>
    synth((stack) => {
      const main = new Vpc(stack, "vpc", { cidrBlock: "10.255.0.0/16" }).cidrBlock;
      const network = { ...ours.network, vpcCidrBlocks: { main } };
      new Peering(stack, "peering", { ...withPeer({ cidrs: { main } }), network });
    });
  expect(run).toThrow("test/peering: peer.cidrs: must not overlap our own CIDRs");
});

it("takes a Network as it is, and keeps its database tier out of reach of the peer", () => {
  const { all, byId } = synth((stack) => {
    const network = new Network(stack, "network", { name: "exafunction", cidr: "10.255.0.0/16" });
    new Peering(stack, "peering", { ...minimal, network });
  });
  const tables = all(Route)
    .filter((route) => route.vpc_peering_connection_id && route.route_table_id !== table(1))
    .map((route) => route.route_table_id);
  const own = Object.keys(byId(RouteTable)).filter((id) => !id.includes("database"));
  expect(own).not.toHaveLength(Object.keys(byId(RouteTable)).length);
  expect(tables.sort()).toEqual(own.map((id) => `$\{aws_route_table.${id}.id}`).sort());
});

it("passes between the stacks of our network and of the peer", () => {
  const app = Testing.app();
  const stack = (id: string) => {
    const made = new TerraformStack(app, id);
    new AwsProvider(made, "aws", { region: "us-east-1" });
    return made;
  };
  const [left, right, middle] = [stack("left"), stack("right"), stack("middle")];
  const own = new Vpc(left, "vpc", { cidrBlock: "10.255.0.0/16" });
  const peer = new Vpc(right, "vpc", { cidrBlock: "10.0.0.0/16" });
  const routeTables = (scope: Construct, vpcId: string) => ({ main: new RouteTable(scope, "table", { vpcId }).id });
  new Peering(middle, "peering", {
    ...ours,
    network: { vpcId: own.id, vpcCidrBlocks: ["10.255.0.0/16"], routeTables: routeTables(left, own.id) },
    peer: { name: "demo", vpcId: peer.id, cidrs: ["10.0.0.0/16"], routeTables: routeTables(right, peer.id) },
  });
  for (const each of [left, right, middle]) each.prepareStack();
  const { resource } = JSON.parse(Testing.synth(middle, true));
  const [connection] = Object.values<Json>(resource.aws_vpc_peering_connection);
  expect(connection.vpc_id).toMatch(/^\$\{data\.terraform_remote_state\.[\w-]+left\.outputs\./);
  expect(connection.peer_vpc_id).toMatch(/^\$\{data\.terraform_remote_state\.[\w-]+right\.outputs\./);
});

describe("two peerings of one network", () => {
  const second = (cidrs: string[], vpcId = "vpc-0b000000000000002") => ({
    ...minimal,
    peer: { name: "other", vpcId, cidrs, routeTables: [table(7)] },
  });
  const pair = (props: PeeringProps) =>
    synth((stack) => {
      new Peering(stack, "first", minimal);
      new Peering(new Construct(stack, "group"), "second", props);
    });

  it.each(["10.0.0.0/16", "10.0.128.0/17"])("refuses the second when it has %s, which the first has", (cidr) => {
    expect(errorOf(() => pair(second([cidr])))).toMatchObject({
      name: "InputError",
      message: `test/group/second: peer.cidrs: must not overlap those of test/first, got ${cidr}, which overlaps 10.0.0.0/16`,
    });
  });
  it("refuses a second connection to one VPC", () => {
    expect(() => pair(second(["10.1.0.0/16"], PEER_VPC))).toThrow("peer.vpcId: must not be the VPC of test/first too");
  });
  it("accepts CIDRs that touch", () => {
    expect(pair(second(["10.1.0.0/16"])).all(VpcPeeringConnection)).toHaveLength(2);
  });
  it("lets two networks have peers with the same CIDRs", () => {
    const network = { ...ours.network, vpcId: "vpc-0a000000000000009" };
    const { all } = pair({ ...second(["10.0.0.0/16"]), network });
    expect(all(VpcPeeringConnection)).toHaveLength(2);
  });
});

it("refuses a provider of another stack", () => {
  const app = Testing.app();
  const provider = peerProvider(new TerraformStack(app, "there"));
  const error = errorOf(
    () => new Peering(new TerraformStack(app, "here"), "peering", withPeer({ provider, region: "eu-west-1" })),
  );
  expect(error).toMatchObject({
    name: "InputError",
    message: "here/peering: peer.provider: must be in the stack of the peering, got there/aws-peer",
  });
});

describe("bounds", () => {
  const RAISED = { ...NO_OPENINGS, securityGroupRules: 1000 };
  const cidrs = (count: number, prefix = 24) => Array.from({ length: count }, (_, n) => `10.0.${n}.0/${prefix}`);
  const ports = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

  it.each<[string, Partial<PeeringProps>]>([
    ["a peer CIDR of /28", withPeer({ cidrs: ["10.0.0.0/28"] })],
    ["ports 1 and 65535", { clientPorts: [1, 65535] }],
    ["50 peer CIDRs and 1,000 rules", { ...withPeer({ cidrs: cidrs(50) }), clientPorts: ports(20), openings: RAISED }],
    ["names of 63 characters", { name: "n".repeat(63) }],
    ["names of 1 character", { name: "n" }],
    ["short ids", { securityGroupId: "sg-12345678" }],
    ["no tables of the peer", withPeer({ routeTables: {} })],
    ["a CIDR that touches our own", withPeer({ cidrs: ["10.254.0.0/16"] })],
  ])("accepts %s", (_, props) => {
    expect(build(props).all(VpcPeeringConnection)).toHaveLength(1);
  });

  const late = Token.asString({ resolve: () => "late" });
  const wrong = (props: object) => ({ ...minimal, ...props }) as PeeringProps;
  const wrongPeer = (peer: object) => withPeer(peer as Partial<PeerProps>);
  const wrongNetwork = (network: object) => wrong({ network: { ...ours.network, ...network } });
  rejects<PeeringProps>(
    "test/peering",
    [
      ["name", wrong({ name: "" }), "1 to 63", '""'],
      ["name", wrong({ name: "n".repeat(64) }), "1 to 63"],
      ["name", wrong({ name: "exa function" }), "letters, digits, hyphens and underscores", "exa function"],
      ["names", wrong({ names: "x" }), "did you mean name?"],
      ["network", wrong({ network: undefined }), "is required"],
      ["network", wrong({ network: OWN_VPC }), "object", OWN_VPC],
      ["network.vpcId", wrongNetwork({ vpcId: "subnet-1" }), "a VPC id such as vpc-", "subnet-1"],
      ["network.vpcCidrBlocks", wrongNetwork({ vpcCidrBlocks: [] }), "at least 1", "got 0"],
      ["network.vpcCidrBlocks", wrongNetwork({ vpcCidrBlocks: "10.0.0.0/16" }), "a list of CIDRs, or a record"],
      ["network.vpcCidrBlocks[0]", wrongNetwork({ vpcCidrBlocks: ["10.255.0.1/16"] }), "host bits", "10.255.0.0/16"],
      ["network.routeTables", wrongNetwork({ routeTables: {} }), "at least 1 of the route tables", "got 0"],
      ["network.routeTables", wrongNetwork({ routeTables: [] }), "at least 1 of the route tables", "got 0"],
      ["network.routeTables", wrongNetwork({ routeTables: null }), "a list of route tables", "null"],
      ["network.routeTables", wrongNetwork({ routeTables: "all" }), "a list of route tables", '"all"'],
      ["network.routeTables.private", wrongNetwork({ routeTables: { private: "igw-1" } }), "rtb-", "igw-1"],
      ["network.routeTables.a b", wrongNetwork({ routeTables: { "a b": table(0) } }), "1 to 63 letters", "a b"],
      ["network.routeTables[1]", wrongNetwork({ routeTables: [table(0), table(0)] }), "must be unique", table(0)],
      [
        "network.routeTables.b",
        wrongNetwork({ routeTables: { a: table(0), b: table(0) } }),
        "must be unique",
        table(0),
      ],
      ["network.routeTables[0]", wrongNetwork({ routeTables: [late] }), "known only at apply time", "give a record"],
      ["securityGroupId", wrong({ securityGroupId: "default" }), "a security group id such as sg-", "default"],
      ["clientPorts", wrong({ clientPorts: [] }), "at least 1 items", "got 0"],
      ["clientPorts[0]", wrong({ clientPorts: [0] }), "at least 1", "got 0"],
      ["clientPorts[1]", wrong({ clientPorts: [1, 65536] }), "at most 65535", "got 65536"],
      ["clientPorts[0]", wrong({ clientPorts: [443.5] }), "whole number", "443.5"],
      ["clientPorts", wrong({ clientPorts: [443, 443] }), "must not repeat", "[443,443]"],
      [
        "clientPorts",
        wrong({ clientPorts: ports(21), openings: RAISED, peer: { ...minimal.peer, cidrs: cidrs(48) } }),
        "at most 1000",
        "got 1008",
      ],
      ["peer.name", wrongPeer({ name: "a/b" }), "letters, digits", "a/b"],
      ["peer.vpcId", wrongPeer({ vpcId: "vpc-XYZ" }), "a VPC id", "vpc-XYZ"],
      ["peer.vpcId", wrongPeer({ vpcId: OWN_VPC }), "not be our own VPC", OWN_VPC],
      ["peer.cidrs", wrongPeer({ cidrs: undefined }), "a list of CIDRs", "nothing"],
      ["peer.cidrs", wrongPeer({ cidrs: [] }), "at least 1", "got 0"],
      ["peer.cidrs", wrongPeer({ cidrs: cidrs(51) }), "at most 50", "got 51"],
      ["peer.cidrs", wrongPeer({ cidrs: Token.asList({ resolve: () => ["late"] }) }), "known only at apply time"],
      ["peer.cidrs[0]", wrongPeer({ cidrs: [late] }), "known only at apply time"],
      ["peer.cidrs[0]", wrongPeer({ cidrs: ["10.0.0.0/15"] }), "/16 to /28", "10.0.0.0/15"],
      ["peer.cidrs[0]", wrongPeer({ cidrs: ["10.0.0.0/29"] }), "/16 to /28", "10.0.0.0/29"],
      ["peer.cidrs[1]", wrongPeer({ cidrs: ["10.0.0.0/16", "10a1b0c0/16"] }), "IPv4 CIDR", "10a1b0c0/16"],
      ["peer.cidrs[0]", wrongPeer({ cidrs: [3] }), "string", "got 3"],
      ["peer.cidrs", wrongPeer({ cidrs: ["10.255.0.0/16"] }), "our own CIDRs", "10.255.0.0/16"],
      ["peer.cidrs", wrongPeer({ cidrs: ["10.255.240.0/20"] }), "our own", "10.255.240.0/20", "10.255.0.0/16"],
      ["peer.cidrs", wrongPeer({ cidrs: ["10.0.0.0/16", "10.0.1.0/24"] }), "each other", "10.0.1.0/24"],
      ["peer.routeTables", wrongPeer({ routeTables: undefined }), "is required", '"all"'],
      ["peer.routeTables", wrongPeer({ routeTables: "main" }), "a list of route tables", 'or "all"', '"main"'],
      ["peer.routeTables[0]", wrongPeer({ routeTables: ["rtb-1"] }), "rtb-0123456789abcdef0", "rtb-1"],
      ["peer.accountId", wrongPeer({ accountId: "12345678901" }), "12 digits", "12345678901"],
      ["peer.accountId", wrongPeer({ accountId: "1234567890123" }), "12 digits", "1234567890123"],
      ["peer.region", wrongPeer({ region: "us-east" }), "us-west-2", "us-east"],
      ["peer.region", wrongPeer({ region: "us-east-1a" }), "us-west-2", "us-east-1a"],
      ["peer.region", wrongPeer({ region: "Frankfurt" }), "us-west-2", "Frankfurt"],
      ["peer.provider", wrongPeer({ provider: "aws.peer", region: "eu-west-1" }), "AwsProvider with an alias"],
      ["peer.provider", wrongPeer({ accountId: "123456789012" }), "required to add routes", "got nothing"],
      ["peer.provider", wrongPeer({ region: "eu-west-1", routeTables: "all" }), "required to add routes"],
      [
        "peer.provider",
        wrongPeer({ region: "eu-west-1", routeTables: undefined, dnsResolution: true }),
        "required to set DNS resolution",
      ],
      ["peer.dnsResolution", wrongPeer({ dnsResolution: "yes" }), "boolean", "yes"],
      ["peer.autoAccept", wrongPeer({ autoAccept: true }), "unknown key"],
    ],
    (stack, props) => new Peering(stack, "peering", props),
  );

  const withProvider = (peer: (stack: TerraformStack) => Partial<PeerProps>) =>
    errorOf(() => synth((stack) => new Peering(stack, "peering", withPeer(peer(stack))))).message;

  it("refuses a provider for a peer in our own account and region", () => {
    const message = withProvider((stack) => ({ provider: peerProvider(stack) }));
    expect(message).toMatch(/^test\/peering: peer\.provider: is for a peer in another account or region/);
  });
  it("refuses a provider without an alias, which is our own", () => {
    const message = withProvider((stack) => ({
      provider: new AwsProvider(stack, "own", { region: "eu-west-1" }),
      region: "eu-west-1",
    }));
    expect(message).toMatch(/^test\/peering: peer\.provider: must be an AwsProvider with an alias/);
  });
  it("refuses a provider with no tables to add routes to", () => {
    const message = withProvider((stack) => ({
      provider: peerProvider(stack),
      region: "eu-west-1",
      routeTables: undefined,
    }));
    expect(message).toMatch(/^test\/peering: peer\.routeTables: is required/);
  });
});
