import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { errorOf } from "../../support/bad-input";
import { publishedOutputs, synthApp } from "../../support/synth";
import { daskConfigurations } from "./configurations.fixture";

const app = (dask: EnvironmentSettings["dask"]) =>
  synthApp(defineEnvironment({ name: "dev", region: "eu-west-2", dask }));

it("is one internal load balancer in the private subnets", () => {
  const { one, all, outputs } = app({ loadBalancing: {} }).stack("dev-dask-load-balancing");
  const balancer = one(Lb);
  expect(balancer).toMatchObject({ internal: true, drop_invalid_header_fields: true });
  expect(new Set(balancer.subnets).size).toBe(2);
  for (const subnet of balancer.subnets) expect(subnet).toContain("dask-network");
  expect(all(LbListener).map(({ port }) => port)).toEqual([80]);
  expect(publishedOutputs({ outputs })).toEqual([
    "listener_arn",
    "load_balancer_arn",
    "load_balancer_dns_name",
    "load_balancer_security_group_id",
    "load_balancer_url",
    "load_balancer_zone_id",
  ]);
});
it("lets in the VPC alone without a VPN, and the VPN's group with one", () => {
  const sources = (json: ReturnType<ReturnType<typeof synthApp>["stack"]>) =>
    json
      .all(VpcSecurityGroupIngressRule)
      .map(({ cidr_ipv4, referenced_security_group_id, from_port }) => [
        cidr_ipv4 ?? referenced_security_group_id,
        from_port,
      ]);
  expect(sources(app({ loadBalancing: {} }).stack("dev-dask-load-balancing"))).toEqual([["10.0.0.0/16", 80]]);
  const both = sources(synthApp(daskConfigurations.lake).stack("lake-dask-load-balancing"));
  expect(both).toHaveLength(4);
  expect(both.filter(([source]) => source === "10.0.0.0/16")).toHaveLength(2);
  expect(both.filter(([source]) => String(source).includes("dask-vpn"))).toHaveLength(2);
});
it("names the path of a wrong setting", () => {
  const { message } = errorOf(() => app({ loadBalancing: { certificateArn: "mine" } }));
  expect(message).toMatch(/^dev: dask\.loadBalancing\.certificateArn: must be the ARN/);
});
it("needs subnets in two zones", () => {
  const existingNetwork = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    vpcCidrBlocks: ["10.20.0.0/16"],
    privateSubnetIds: ["subnet-0b1b2c3d4e5f60718"],
  };
  const { message } = errorOf(() => app({ existingNetwork, loadBalancing: {} }));
  expect(message).toContain("must have private subnets in two zones at least, got 1");
});
