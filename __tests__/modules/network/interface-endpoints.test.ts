import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { type Json, refTo } from "../../support/synth";
import { build, serviceOf } from "./network.fixture";

/** Zone and subnet of each part of the expression: the subnet is taken if the service is in the zone. */
const subnetsOf = ({ subnet_ids }: Json): [zone: string, subnet: string][] =>
  [
    ...subnet_ids.matchAll(
      /contains\(tolist\([\w.-]+\.availability_zones\), ([^)]+)\) \? \[aws_subnet\.network_(\w+-\d)_\w+\.id\] : \[\]/g,
    ),
  ].map(([, zone, subnet]) => [zone.replaceAll('"', ""), subnet]);

it("stands in those zones only that AWS offers the service in, and in one at least", () => {
  const azs = ["us-east-1a", "us-east-1b"];
  const [endpoint] = build({ azs, interfaceEndpoints: ["sts"], s3Endpoint: false }).all(VpcEndpoint);
  expect(subnetsOf(endpoint)).toEqual([
    ["us-east-1a", "private_subnet-0"],
    ["us-east-1b", "private_subnet-1"],
  ]);
  const [{ condition, error_message }] = endpoint.lifecycle.precondition;
  const isIn = (az: string) => `contains\\(tolist\\([\\w.-]+\\.availability_zones\\), "${az}"\\)`;
  expect(condition).toMatch(new RegExp(`^\\$\\{anytrue\\(\\[${azs.map(isIn).join(", ")}\\]\\)\\}$`));
  expect(error_message).toContain("interfaceEndpoints: sts must be offered in one of the network's zones");
});
it("puts an interface endpoint of each service into the private subnets, under the public DNS name", () => {
  const { all, parsed } = build({ interfaceEndpoints: ["sts", "ecr.api"], s3Endpoint: false });
  const endpoints = all(VpcEndpoint);
  expect(endpoints.map((endpoint) => serviceOf({ parsed }, endpoint))).toEqual([
    expect.objectContaining({ service: "ecr.api", service_type: "Interface" }),
    expect.objectContaining({ service: "sts", service_type: "Interface" }),
  ]);
  for (const endpoint of endpoints) {
    expect(endpoint).toMatchObject({ vpc_endpoint_type: "Interface", private_dns_enabled: true });
    expect(subnetsOf(endpoint).map(([, subnet]) => subnet)).toEqual([0, 1, 2].map((i) => `private_subnet-${i}`));
    expect(endpoint.security_group_ids).toEqual([refTo(SecurityGroup, "id")]);
    expect(endpoint).not.toHaveProperty("route_table_ids");
  }
});
it("takes one private subnet of each zone when there are more", () => {
  const cidrs = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", "10.0.4.0/24"];
  const { all } = build({ azCount: 2, private: { cidrs }, interfaceEndpoints: ["sts"], s3Endpoint: false });
  expect(subnetsOf(all(VpcEndpoint)[0]).map(([, subnet]) => subnet)).toEqual(["private_subnet-0", "private_subnet-1"]);
});
it("admits HTTPS from the VPC to its interface endpoints, and nothing else", () => {
  const rules = (podCidr?: string) => {
    const { all } = build({ interfaceEndpoints: ["sts"], podCidr });
    expect(all(SecurityGroup)).toHaveLength(1);
    expect(all(SecurityGroup)[0].vpc_id).toEqual(refTo(Vpc, "id"));
    expect(all(VpcSecurityGroupEgressRule)).toEqual([]);
    for (const rule of all(VpcSecurityGroupIngressRule)) {
      expect(rule).toMatchObject({ ip_protocol: "tcp", from_port: 443, to_port: 443 });
      expect(rule.security_group_id).toEqual(refTo(SecurityGroup, "id"));
    }
    return all(VpcSecurityGroupIngressRule)
      .map((rule) => rule.cidr_ipv4)
      .sort();
  };
  expect(rules()).toEqual(["10.0.0.0/16"]);
  expect(rules("100.64.0.0/16")).toEqual(["10.0.0.0/16", "100.64.0.0/16"]);
});
it("gives its security group a name that AWS takes whatever the network is called", () => {
  for (const name of ["sg-net", "ml-net"]) {
    expect(build({ name, interfaceEndpoints: ["sts"] }).one(SecurityGroup).name).not.toMatch(/^sg-/);
  }
});
it("gives the same JSON whatever the order of the services", () => {
  const json = (interfaceEndpoints: string[]) => build({ interfaceEndpoints }).json;
  expect(json(["sts", "logs", "kms"])).toBe(json(["kms", "sts", "logs"]));
});
