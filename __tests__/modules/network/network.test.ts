import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcIpv4CidrBlockAssociation } from "@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { Network, type NetworkProps } from "../../../modules/network/network";
import { errorOf } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import { build, subnetsOf, target } from "./network.fixture";

const cidrs = (subnets: Json[]) => subnets.map((subnet) => subnet.cidr_block);

it("makes a VPC of 10.0.0.0/16 with DNS support and host names", () => {
  expect(build().one(Vpc)).toMatchObject({
    cidr_block: "10.0.0.0/16",
    enable_dns_hostnames: true,
    enable_dns_support: true,
    tags: { Name: "ml-net" },
  });
});
it("spreads nine subnets of literal blocks over three zones", () => {
  const { all, byId } = build({ cidr: "10.255.0.0/16" });
  const subnets = byId(Subnet);
  expect(all(Subnet)).toHaveLength(9);
  expect(cidrs(subnetsOf(subnets, "private"))).toEqual(["10.255.16.0/20", "10.255.32.0/20", "10.255.48.0/20"]);
  expect(cidrs(subnetsOf(subnets, "public"))).toEqual(["10.255.64.0/20", "10.255.80.0/20", "10.255.96.0/20"]);
  expect(cidrs(subnetsOf(subnets, "database"))).toEqual(["10.255.112.0/20", "10.255.128.0/20", "10.255.144.0/20"]);
  expect(all(Subnet)).toEqual(Array(9).fill(expect.objectContaining({ vpc_id: refTo(Vpc, "id") })));
});
it("puts subnet i of each tier into zone i", () => {
  for (const tier of ["public", "private", "database"]) {
    const zones = subnetsOf(build({ azs: ["eu-west-1c", "eu-west-1a"] }).byId(Subnet), tier);
    expect(zones.map((subnet) => subnet.availability_zone)).toEqual(["eu-west-1c", "eu-west-1a"]);
    expect(zones.map((subnet) => subnet.tags.Name)).toEqual([`ml-net-${tier}-eu-west-1c`, `ml-net-${tier}-eu-west-1a`]);
  }
});
it("tags public and private subnets for Kubernetes and the others not", () => {
  const subnets = build().byId(Subnet);
  for (const subnet of subnetsOf(subnets, "public")) expect(subnet.tags["kubernetes.io/role/elb"]).toBe("1");
  for (const subnet of subnetsOf(subnets, "private")) expect(subnet.tags["kubernetes.io/role/internal-elb"]).toBe("1");
  for (const subnet of subnetsOf(subnets, "database")) expect(Object.keys(subnet.tags)).toEqual(["Name"]);
  expect(build({ kubernetesTags: false, podCidr: "100.64.0.0/16" }).json).not.toContain("kubernetes.io");
});
it("puts a tier's own tags on its subnets alone, over the network's", () => {
  const tags = { "karpenter.sh/discovery": "ml", "kubernetes.io/role/internal-elb": "0" };
  const subnets = build({ private: { tags } }).byId(Subnet);
  expect(subnetsOf(subnets, "private")).toHaveLength(3);
  for (const subnet of subnetsOf(subnets, "private")) expect(subnet.tags).toMatchObject(tags);
  for (const tier of ["public", "database"]) {
    for (const subnet of subnetsOf(subnets, tier)) expect(subnet.tags).not.toHaveProperty(["karpenter.sh/discovery"]);
  }
});
it("gives no machine a public address unless the public tier is told to", () => {
  expect(build().json).not.toContain("map_public_ip_on_launch");
  const subnets = build({ public: { mapPublicIpOnLaunch: true } }).byId(Subnet);
  const mapped = (tier: string) => subnetsOf(subnets, tier).map((subnet) => subnet.map_public_ip_on_launch);
  expect(mapped("public")).toEqual([true, true, true]);
  expect(mapped("private")).toEqual(Array(3).fill(undefined));
});
it("empties the VPC's default security group", () => {
  const group = build().one(DefaultSecurityGroup);
  expect(group.vpc_id).toEqual(refTo(Vpc, "id"));
  expect(group).not.toHaveProperty("ingress");
  expect(group).not.toHaveProperty("egress");
});
it("puts every subnet on exactly one table, that of its tier", () => {
  const { all, byId } = build();
  const tiers = all(RouteTableAssociation).map((association) => {
    const [subnet, table] = [target(association.subnet_id), target(association.route_table_id)];
    expect(byId(Subnet)).toHaveProperty([subnet]);
    return [/^network_(\w+)_subnet/.exec(subnet)?.[1], /^network_(\w+)-table/.exec(table)?.[1]];
  });
  expect(new Set(all(RouteTableAssociation).map((association) => association.subnet_id)).size).toBe(9);
  for (const [subnet, table] of tiers) expect(subnet).toBe(table);
  expect(all(RouteTable)).toHaveLength(3);
});
it("routes the public tier to the internet and the database tier nowhere", () => {
  const { all, network, one } = build();
  const routes = all(Route).filter((route) => route.destination_cidr_block === "0.0.0.0/0");
  const tables = routes.map((route) => /^network_(\w+)-table/.exec(target(route.route_table_id))?.[1]).sort();
  expect(tables).toEqual(["private", "public"]);
  expect(all(Route)).toHaveLength(2);
  expect(routes.find((route) => route.gateway_id)).toMatchObject({ gateway_id: refTo(InternetGateway, "id") });
  expect(one(InternetGateway).vpc_id).toEqual(refTo(Vpc, "id"));
  expect(network.databaseRouteTableIds).toHaveLength(1);
  expect([...network.privateRouteTableIds, ...network.publicRouteTableIds]).not.toContain(
    network.databaseRouteTableIds[0],
  );
});
it("names the RDS subnet group in lower case", () => {
  const group = build({ name: "Ml-Net" }).one(DbSubnetGroup);
  expect(group.name).toBe("ml-net");
  expect(group.subnet_ids.map(target)).toEqual([0, 1, 2].map((i) => expect.stringContaining(`database_subnet-${i}`)));
});
it("makes nothing of a tier that is off", () => {
  const { all, json, network } = build({ public: false, private: false, nat: "none", azCount: 2 });
  expect(all(Subnet)).toHaveLength(2);
  expect(all(RouteTable)).toHaveLength(1);
  for (const type of [InternetGateway, NatGateway, Route]) expect(all(type)).toEqual([]);
  expect(json).not.toMatch(/network_(public|private)/);
  expect(network.publicSubnetIds).toEqual([]);
  expect(network.routeTables).toEqual({});
  const without = build({ database: false });
  expect(without.all(DbSubnetGroup)).toEqual([]);
  expect(without.all(Subnet)).toHaveLength(6);
  expect(without.all(RouteTable)).toHaveLength(2);
  expect(without.network.databaseRouteTableIds).toEqual([]);
});
it.each([
  ["databaseSubnetGroupId", "database", { database: false }],
  ["databaseSubnetGroupName", "database", { database: false }],
  ["internetGatewayId", "public", { public: false, nat: "none" }],
] as const)("says of %s which tier to turn on", (field, tier, props) => {
  const error = errorOf(() => build(props).network[field]);
  expect(error.name).toBe("InputError");
  expect(error.message).toContain(`test/network: ${tier}: must be on`);
});
it("adds a second block for pods, and its subnets only after it", () => {
  const { byId, one, network } = build({ podCidr: "100.64.0.0/16", azs: ["us-east-1a", "us-east-1b"] });
  expect(one(VpcIpv4CidrBlockAssociation)).toMatchObject({ cidr_block: "100.64.0.0/16", vpc_id: refTo(Vpc, "id") });
  const pods = subnetsOf(byId(Subnet), "pod");
  expect(cidrs(pods)).toEqual(["100.64.0.0/17", "100.64.128.0/17"]);
  expect(pods.map((subnet) => subnet.availability_zone)).toEqual(["us-east-1a", "us-east-1b"]);
  for (const pod of pods) {
    expect(pod.depends_on).toEqual([expect.stringMatching(/^aws_vpc_ipv4_cidr_block_association\.network_pod-cidr/)]);
    expect(pod.tags).toMatchObject({ "kubernetes.io/role/cni": "1" });
    expect(Object.keys(pod.tags)).toHaveLength(2);
  }
  expect(subnetsOf(byId(Subnet), "private")[0]).not.toHaveProperty("depends_on");
  expect(network.vpcCidrBlocks).toEqual(["10.0.0.0/16", "100.64.0.0/16"]);
  expect(network.podSubnetIds).toHaveLength(2);
  expect(network.podSubnetCidrBlocks).toEqual(["100.64.0.0/17", "100.64.128.0/17"]);
  expect(build().all(VpcIpv4CidrBlockAssociation)).toEqual([]);
});
it.each(["single", "perAz"] as const)("sends the pods out by the private tables of their zones (nat %s)", (nat) => {
  const { all } = build({ podCidr: "100.64.0.0/16", nat });
  const table = (tier: string, i: number) =>
    all(RouteTableAssociation).find(({ subnet_id }) => target(subnet_id).startsWith(`network_${tier}_subnet-${i}`))
      ?.route_table_id;
  for (const zone of [0, 1, 2]) expect(table("pod", zone)).toBe(table("private", zone));
  expect(target(table("pod", 2))).toMatch(nat === "perAz" ? /^network_private-2-table/ : /^network_private-table/);
});
it("offers all that the Terraform module put out, and more", () => {
  const literal = { vpcCidrBlock: "10.0.0.0/16", name: "Ml-Net" };
  const outputs = outputsOf({ name: "Ml-Net", nat: "perAz", azCount: 2 });
  expect(outputs).toMatchObject({
    ...literal,
    vpcId: refTo(Vpc, "id"),
    vpcArn: refTo(Vpc, "arn"),
    vpcCidrBlocks: ["10.0.0.0/16"],
    azs: [
      expect.stringMatching(/^\$\{data\.aws_availability_zones\.[\w-]+\.names\[0\]\}$/),
      expect.stringMatching(/^\$\{data\.aws_availability_zones\.[\w-]+\.names\[1\]\}$/),
    ],
    publicSubnetCidrBlocks: ["10.0.48.0/20", "10.0.64.0/20"],
    privateSubnetCidrBlocks: ["10.0.16.0/20", "10.0.32.0/20"],
    databaseSubnetCidrBlocks: ["10.0.80.0/20", "10.0.96.0/20"],
    publicRouteTableIds: [refTo(RouteTable, "id")],
    privateRouteTableIds: [refTo(RouteTable, "id"), refTo(RouteTable, "id")],
    databaseRouteTableIds: [expect.stringContaining("network_database-table")],
    databaseSubnetGroupId: refTo(DbSubnetGroup, "id"),
    databaseSubnetGroupName: refTo(DbSubnetGroup, "name"),
    internetGatewayId: refTo(InternetGateway, "id"),
    natGatewayIds: [refTo(NatGateway, "id"), refTo(NatGateway, "id")],
    natPublicIps: [refTo(Eip, "public_ip"), refTo(Eip, "public_ip")],
    podSubnetIds: [],
    podSubnetCidrBlocks: [],
  });
  for (const tier of ["public", "private", "database"]) {
    const named = (attribute: string) =>
      [0, 1].map((i) => expect.stringMatching(new RegExp(`_${tier}_subnet-${i}_\\w+\\.${attribute}`)));
    expect(outputs[`${tier}SubnetIds`]).toEqual(named("id"));
    expect(outputs[`${tier}SubnetArns`]).toEqual(named("arn"));
  }
});
it("names the tables that a peering may use by keys that stay, the database's not among them", () => {
  expect(Object.keys(build().network.routeTables)).toEqual(["public", "private"]);
  expect(Object.keys(build({ nat: "perAz" }).network.routeTables)).toEqual([
    "public",
    "private-0",
    "private-1",
    "private-2",
  ]);
  const { network } = build({ nat: "perAz" });
  expect(Object.values(network.routeTables)).toEqual([...network.publicRouteTableIds, ...network.privateRouteTableIds]);
});
it("names its default routes, for machines that wait for them", () => {
  const { all } = synth((stack) => {
    const { defaultRoutes: dependsOn } = new Network(stack, "network", { name: "ml-net" });
    new DefaultSecurityGroup(stack, "waiting", { dependsOn });
  });
  const { depends_on } = all(DefaultSecurityGroup).find((group) => group.depends_on);
  expect(depends_on).toEqual([
    expect.stringMatching(/^aws_route\.network_public-route/),
    expect.stringMatching(/^aws_route\.network_nat_route/),
  ]);
});
it("emits nothing by default that AWS provider 5.100 does not know", () => {
  const { all, json, parsed } = build();
  for (const word of ["availability_mode", "aws_security_group_rule", "aws_flow_log", "aws_security_group"]) {
    expect(json).not.toContain(`"${word}"`);
  }
  for (const type of Object.values<Json>({ ...parsed.resource, ...parsed.data })) {
    for (const resource of Object.values<Json>(type)) expect(resource).not.toHaveProperty("region");
  }
  expect(all(VpcEndpoint)).toHaveLength(1);
});
it("shares no name outside its VPC with a network of another name", () => {
  const names = (name: string) => {
    const { parsed } = build({ name, flowLogs: {} });
    const own = ["aws_db_subnet_group", "aws_cloudwatch_log_group", "aws_iam_role"];
    return own.flatMap((type) => Object.values<Json>(parsed.resource[type])).map((it) => it.name ?? it.name_prefix);
  };
  expect(names("one-net")).toHaveLength(3);
  for (const name of names("one-net")) expect(names("two-net")).not.toContain(name);
});

/** Every public field, as an output shows it. */
function outputsOf(props: NetworkProps): Record<string, Json> {
  const getters = ["databaseSubnetGroupId", "databaseSubnetGroupName", "internetGatewayId"];
  const { outputs } = synth((stack) => {
    const network = new Network(stack, "network", props);
    const fields = Object.keys(network).filter((key) => !["node", "defaultRoutes"].includes(key));
    for (const key of [...fields, ...getters]) {
      const value = network[key as keyof Network];
      new TerraformOutput(stack, key, { value, staticId: true });
    }
  });
  return Object.fromEntries(Object.entries(outputs).map(([key, output]) => [key, output.value]));
}
