import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { type Json, publishedOutputs } from "../../support/synth";
import { build } from "./training.fixture";

const app = build();
const stack = (layer: string) => app.stack(`dev-training-${layer}`);

describe("the network", () => {
  it("has public and private subnets in two zones, with NAT in each", () => {
    expect(stack("network").all(Subnet)).toHaveLength(4);
    expect(stack("network").all(NatGateway)).toHaveLength(2);
  });
  it("has gateways to S3 and DynamoDB, and the endpoints of what is called", () => {
    const endpoints = stack("network").all(VpcEndpoint);
    expect(endpoints.filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Gateway")).toHaveLength(2);
    const interfaces = endpoints.filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
    expect(interfaces.map(({ tags }) => tags.Name).sort()).toEqual(
      ["codebuild", "ecr.api", "ecr.dkr", "elasticfilesystem", "logs", "sqs"].map((name) => `dev-training-${name}`),
    );
    for (const { private_dns_enabled } of interfaces) expect(private_dns_enabled).toBe(true);
  });
  it("opens no port to the internet, and none for SSH", () => {
    const rules: Json[] = app.ids.flatMap((id) => app.stack(id).all(VpcSecurityGroupIngressRule));
    expect(rules.length).toBeGreaterThan(0);
    for (const { cidr_ipv4, from_port } of rules) {
      expect(cidr_ipv4).not.toBe("0.0.0.0/0");
      expect(from_port).not.toBe(22);
    }
  });
});
it("publishes what people and programs need", () => {
  expect(publishedOutputs(stack("network"))).toEqual([
    "azs",
    "build_security_group_id",
    "machine_security_group_id",
    "private_route_table_ids",
    "private_subnets",
    "public_subnets",
    "vpc_cidr_block",
    "vpc_id",
  ]);
});
