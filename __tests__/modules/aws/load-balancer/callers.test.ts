import { Lb } from "@cdktf/provider-aws/lib/lb";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { z } from "zod";
import { callersOf, callersShape } from "../../../../modules/aws/load-balancer/callers";
import {
  HttpsLoadBalancer,
  type HttpsLoadBalancerProps,
} from "../../../../modules/aws/load-balancer/https-load-balancer";
import { type BadInput, rejects } from "../../../support/bad-input";
import { build, certificateArn, MINIMAL, NETWORK } from "./balancer.fixture";

it("are those of the VPC by default", () => {
  const settings = z.strictObject(callersShape).parse({});
  expect(settings).toEqual({ internal: true, allowedCidrs: [], allowInternet: false });
  expect(callersOf(settings, { vpcCidrBlocks: ["10.0.0.0/16", "100.64.0.0/16"] })).toEqual([
    { key: "10.0.0.0/16", cidrIpv4: "10.0.0.0/16" },
    { key: "100.64.0.0/16", cidrIpv4: "100.64.0.0/16" },
  ]);
});
it("are those alone who are named, a block that is known later by its place", () => {
  const later = Token.asString({});
  const settings = { internal: true, allowedCidrs: ["10.9.0.0/16", later] };
  expect(callersOf(settings, NETWORK)).toEqual([
    { key: "10.9.0.0/16", cidrIpv4: "10.9.0.0/16" },
    { key: "block-1", cidrIpv4: later },
  ]);
});
it.each<[string, Partial<HttpsLoadBalancerProps>]>([
  ["everybody, told twice", { internal: false, allowedCidrs: ["0.0.0.0/0"], allowInternet: true }],
  ["somebody, with leave for everybody", { internal: false, allowedCidrs: ["192.0.2.0/24"], allowInternet: true }],
  ["two subnets", { network: { ...NETWORK, publicSubnetIds: [] } }],
  ["subnets that are known later", { network: { ...NETWORK, privateSubnetIds: Token.asList({}) } }],
  [
    "blocks of the network that are known later, where others come",
    { network: { ...NETWORK, vpcCidrBlocks: Token.asList({}) }, allowedCidrs: ["192.0.2.0/24"] },
  ],
])("accepts %s", (_, settings) => {
  expect(build(settings).all(Lb)).toHaveLength(1);
});

const subnets = (key: "privateSubnetIds" | "publicSubnetIds", ...ids: string[]) => ({
  network: { ...NETWORK, [key]: ids },
});
const outside = { internal: false, allowedCidrs: ["192.0.2.0/24"] };
const rows: BadInput<Partial<HttpsLoadBalancerProps>>[] = [
  ["allowedCidrs", { internal: false }, "must name the clients", "got none"],
  ["allowedCidrs", { internal: false, allowInternet: true }, "must name the clients", "got none"],
  ["allowedCidrs[0]", { internal: false, allowedCidrs: ["0.0.0.0/0"] }, "set allowInternet to true", "0.0.0.0/0"],
  ["allowedCidrs[1]", { ...outside, allowedCidrs: ["192.0.2.0/24", "0.0.0.0/0"] }, "whole internet"],
  ["allowedCidrs[0]", { allowedCidrs: ["0.0.0.0/0"] }, "whole internet"],
  ["allowInternet", { allowInternet: true }, "must be off where internal is true", "got true"],
  ["internal", subnets("privateSubnetIds", "subnet-1a"), "private subnets in two zones", "has 1", "got true"],
  ["internal", subnets("privateSubnetIds", "subnet-1a", "subnet-1a"), "has 1"],
  ["internal", subnets("privateSubnetIds"), "has 0"],
  ["internal", { ...outside, ...subnets("publicSubnetIds", "subnet-0a") }, "public subnets", "has 1", "got false"],
  [
    "allowedCidrs",
    { network: { ...NETWORK, vpcCidrBlocks: Token.asList({}) } },
    "no literal vpcCidrBlocks",
    "got none",
  ],
  ["allowedCidrs", { network: { ...NETWORK, vpcCidrBlocks: [] } }, "must name the clients", "got none"],
];
rejects(
  "test/balancer",
  rows.map(([key, settings, ...words]) => [key, { ...MINIMAL, certificateArn, ...settings }, ...words]),
  (stack, props) => new HttpsLoadBalancer(stack, "balancer", props as HttpsLoadBalancerProps),
);
