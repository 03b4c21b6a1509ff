import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { expect, it } from "vitest";
import { refTo } from "../../support/synth";
import { build, target } from "./network.fixture";

const privateTables = (byId: ReturnType<typeof build>["byId"]) =>
  Object.keys(byId(RouteTable)).filter((id) => id.startsWith("network_private"));

it.each([undefined, "single"] as const)("stands one gateway in the first public subnet (nat %s)", (nat) => {
  const { all, byId, network, one } = build({ nat });
  expect(one(Eip)).toMatchObject({ domain: "vpc" });
  expect(one(NatGateway)).toMatchObject({
    allocation_id: refTo(Eip, "id"),
    subnet_id: expect.stringContaining("network_public_subnet-0"),
    depends_on: [expect.stringMatching(/^aws_internet_gateway\./)],
  });
  expect(privateTables(byId)).toHaveLength(1);
  const route = all(Route).find((each) => each.nat_gateway_id);
  expect(route).toMatchObject({
    destination_cidr_block: "0.0.0.0/0",
    nat_gateway_id: refTo(NatGateway, "id"),
    route_table_id: expect.stringContaining("network_private-table"),
  });
  expect(network.natGatewayIds).toHaveLength(1);
  expect(network.natPublicIps).toHaveLength(1);
});
it("stands a gateway in each zone, the way out of that zone's private subnets", () => {
  const { all, byId, network } = build({ nat: "perAz" });
  for (const type of [Eip, NatGateway]) expect(all(type)).toHaveLength(3);
  expect(privateTables(byId)).toHaveLength(3);
  expect(network.natGatewayIds).toHaveLength(3);
  expect(network.natPublicIps).toHaveLength(3);
  const routes = all(Route).filter((route) => route.nat_gateway_id);
  expect(routes).toHaveLength(3);
  for (const [i, route] of routes.entries()) {
    const gateway = byId(NatGateway)[target(route.nat_gateway_id)];
    expect(gateway.subnet_id).toContain(`network_public_subnet-${i}`);
    expect(target(gateway.allocation_id)).toContain(`gateway-${i}`);
    const served = all(RouteTableAssociation).filter((each) => each.route_table_id === route.route_table_id);
    expect(served.map((each) => target(each.subnet_id))).toEqual([
      expect.stringContaining(`network_private_subnet-${i}`),
    ]);
  }
});
it("stands no gateway and routes the private tier nowhere when there is to be none", () => {
  const { all, byId, network } = build({ nat: "none" });
  for (const type of [Eip, NatGateway]) expect(all(type)).toEqual([]);
  expect(privateTables(byId)).toHaveLength(1);
  expect(all(Route).map((route) => target(route.route_table_id))).toEqual([
    expect.stringContaining("network_public-table"),
  ]);
  expect(network.natGatewayIds).toEqual([]);
  expect(network.natPublicIps).toEqual([]);
});
it("asks AWS for one gateway of the whole VPC, which needs neither a subnet nor an address of ours", () => {
  const { all, byId, network, one } = build({ nat: "regional", public: false });
  const gateway = one(NatGateway);
  expect(gateway).toMatchObject({ availability_mode: "regional", vpc_id: refTo(Vpc, "id") });
  expect(gateway.depends_on).toEqual([expect.stringMatching(/^aws_internet_gateway\./)]);
  for (const key of ["subnet_id", "allocation_id", "availability_zone_address"])
    expect(gateway).not.toHaveProperty(key);
  expect(one(InternetGateway).vpc_id).toEqual(refTo(Vpc, "id"));
  expect(all(Eip)).toEqual([]);
  expect(all(Subnet)).toHaveLength(6);
  expect(privateTables(byId)).toHaveLength(1);
  expect(one(Route)).toMatchObject({
    nat_gateway_id: refTo(NatGateway, "id"),
    route_table_id: expect.stringContaining("network_private-table"),
  });
  expect(network.natGatewayIds).toHaveLength(1);
  expect(network.natPublicIps).toEqual([]);
});
it("may stand beside a public tier when it is regional", () => {
  const { all } = build({ nat: "regional" });
  expect(all(NatGateway)).toHaveLength(1);
  expect(all(Route)).toHaveLength(2);
});
