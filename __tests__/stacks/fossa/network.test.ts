import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { CERTIFICATE, TLS } from "../../modules/fargate-fossa/fossa.fixture";
import { synthApp } from "../../support/synth";

const build = (fossa: EnvironmentSettings["fossa"] = {}) =>
  synthApp(defineEnvironment({ name: "dev", region: "eu-west-2", fossa })).stack("dev-fossa-network");
const cidrs = (stack: ReturnType<typeof build>) =>
  stack
    .all(Subnet)
    .map(({ cidr_block }) => cidr_block)
    .sort();

it("is laid out as in the reference, with names for what is in it", () => {
  const made = build();
  expect(made.one(Vpc)).toMatchObject({
    cidr_block: "192.168.0.0/16",
    enable_dns_hostnames: true,
    enable_dns_support: true,
  });
  expect(cidrs(made)).toEqual(["192.168.1.0/24", "192.168.2.0/24"]);
  expect(made.all(RouteTableAssociation)).toHaveLength(2);
  for (const subnet of made.all(Subnet)) expect(subnet.map_public_ip_on_launch ?? false).toBe(false);
});
it("leaves the private default route to the gateway, by default", () => {
  const made = build();
  expect(made.all(NatGateway)).toEqual([]);
  expect(made.all(Route).map(({ gateway_id }) => gateway_id)).toEqual([
    expect.stringContaining("aws_internet_gateway"),
  ]);
});
it("has two of each where it is to be available, and two public ones for a load balancer", () => {
  const both = ["192.168.1.0/24", "192.168.2.0/24", "192.168.3.0/24", "192.168.4.0/24"];
  expect(cidrs(build({ highAvailability: true }))).toEqual(both);
  expect(cidrs(build({ gateway: TLS }))).toEqual(both.slice(0, 3));
  expect(cidrs(build({ gateway: { ...TLS, tls: { certificateArn: CERTIFICATE } } }))).toEqual(both); // internal
});
it("has a NAT gateway, and one in each zone where it is to be available", () => {
  const one = build({ egress: "nat-gateway" });
  expect(one.one(NatGateway)).toBeDefined();
  expect(one.all(Route).filter(({ nat_gateway_id }) => nat_gateway_id)).toHaveLength(1);
  expect(build({ egress: "nat-gateway", highAvailability: true }).all(NatGateway)).toHaveLength(2);
});
it("has endpoints for what a task needs, and no way out", () => {
  const made = build({ egress: "vpc-endpoints", network: { interfaceEndpoints: ["sts", "logs"] } });
  const names = made.all(VpcEndpoint).map(({ service_name }) => {
    const [, source = ""] = /^\$\{data\.aws_vpc_endpoint_service\.(.+)\.service_name\}$/.exec(service_name) ?? [];
    return made.parsed.data.aws_vpc_endpoint_service[source]?.service;
  });
  expect(names.sort()).toEqual(["ecr.api", "ecr.dkr", "logs", "s3", "secretsmanager", "ssmmessages", "sts"]);
  const interfaces = made.all(VpcEndpoint).filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
  for (const { private_dns_enabled } of interfaces) expect(private_dns_enabled).toBe(true);
  expect(made.all(Route)).toHaveLength(1);
});
it("takes a block of your own", () => {
  expect(cidrs(build({ network: { cidr: "10.7.0.0/16" } }))).toHaveLength(4);
});
