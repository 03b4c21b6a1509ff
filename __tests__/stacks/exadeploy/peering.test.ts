import { Route } from "@cdktf/provider-aws/lib/route";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { type Json, publishedOutputs, synthApp } from "../../support/synth";
import { configurations } from "./configurations.fixture";

const basic = synthApp(configurations.basic).stack("basic-exadeploy-peering");
const multiPeer = synthApp(configurations["multi-peer"]).stack("multi-peer-exadeploy-peering");
const build = (exadeploy: EnvironmentSettings["exadeploy"]) =>
  synthApp(defineEnvironment({ name: "test", region: "us-west-2", exadeploy })).stack("test-exadeploy-peering");
const near = { vpcId: "vpc-0a1b2c3d4e5f60718", cidrs: ["10.1.0.0/16"], routeTables: ["rtb-0a1b2c3d4e5f60718"] };

it("routes the private and public tables of both networks of the basic configuration", () => {
  const routes = basic.all(Route).map(({ destination_cidr_block }) => destination_cidr_block);
  expect(routes.sort()).toEqual(["10.0.0.0/16", "10.0.0.0/16", "10.255.0.0/16", "10.255.0.0/16"]);
});
it("opens the cluster's client ports, on its node group, to the peer", () => {
  const stack = build({ peers: { near }, cluster: { clientPorts: [443, 50050] } });
  const rules = stack.all(VpcSecurityGroupIngressRule);
  expect(rules.map(({ from_port, to_port, cidr_ipv4 }) => [from_port, to_port, cidr_ipv4]).sort()).toEqual([
    [443, 443, "10.1.0.0/16"],
    [50050, 50050, "10.1.0.0/16"],
  ]);
  for (const { security_group_id } of rules) expect(security_group_id).toMatch(/test-exadeploy-cluster.*node/);
});
it("publishes ids by peer", () => {
  expect(publishedOutputs(basic)).toEqual([
    "client_egress_route_ids",
    "client_ingress_route_ids",
    "client_ingress_security_group_rule_ids",
    "client_peering_connection_id",
  ]);
});

describe("providers", () => {
  it("are made for each peer in another account or region", () => {
    const providers = multiPeer.parsed.provider.aws.map(({ default_tags, ...provider }: Json) => provider);
    const partner = {
      assume_role: [{ role_arn: "arn:aws:iam::444455556666:role/peering" }],
      allowed_account_ids: ["444455556666"],
    };
    expect(providers).toEqual([
      { region: "us-west-2" },
      { alias: "peer-partner", region: "us-west-2", ...partner },
      { alias: "peer-tokyo", region: "ap-northeast-1" },
    ]);
  });
  it("are not made for a peer that names the environment's own region", () => {
    const stack = build({ peers: { near: { ...near, region: "us-west-2" } } });
    expect(stack.parsed.provider.aws).toHaveLength(1);
    expect(stack.one(VpcPeeringConnection)).toMatchObject({ auto_accept: true });
    expect(stack.one(VpcPeeringConnection).peer_region).toBeUndefined();
  });
  it("are not made for another account that gives no role: its owner accepts by hand", () => {
    const { routeTables, ...vpc } = near;
    const stack = build({ peers: { far: { ...vpc, accountId: "444455556666" } } });
    expect(stack.parsed.provider.aws).toHaveLength(1);
    expect(stack.one(VpcPeeringConnection)).toMatchObject({ peer_owner_id: "444455556666" });
    expect(stack.one(VpcPeeringConnection).auto_accept).toBeUndefined();
  });
  it("take the account's own credentials for another region", () => {
    const stack = build({ peers: { tokyo: { ...near, region: "ap-northeast-1" } } });
    expect(stack.parsed.provider.aws[1]).toMatchObject({ alias: "peer-tokyo", region: "ap-northeast-1" });
    expect(stack.parsed.provider.aws[1].assume_role).toBeUndefined();
  });
});
