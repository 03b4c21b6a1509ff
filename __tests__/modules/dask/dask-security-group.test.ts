import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { refTo } from "../../support/synth";
import { build, NETWORK } from "./dask.fixture";

const own = refTo(SecurityGroup, "id");

it("lets schedulers and workers talk on all ports, and nobody else in", () => {
  const stack = build();
  expect(stack.one(SecurityGroup)).toMatchObject({ vpc_id: NETWORK.vpcId, name_prefix: "dask-dev-dask-" });
  expect(stack.all(VpcSecurityGroupIngressRule)).toEqual([
    {
      security_group_id: own,
      description: "Schedulers and workers among themselves",
      referenced_security_group_id: own,
      ip_protocol: "tcp",
      from_port: 0,
      to_port: 65_535,
    },
  ]);
});
it("lets the clients that are named reach scheduler and dashboard", () => {
  const allowedFrom = { vpn: { securityGroupId: "sg-0vpn" }, flows: { securityGroupId: "sg-0flows" } };
  const rules = build({ allowedFrom }).all(VpcSecurityGroupIngressRule);
  const from = (client: string) => ({
    security_group_id: own,
    description: client,
    referenced_security_group_id: `sg-0${client}`,
    ip_protocol: "tcp",
    from_port: 8786,
    to_port: 8787,
  });
  expect(rules).toHaveLength(3);
  expect(rules).toEqual(expect.arrayContaining([from("vpn"), from("flows")]));
});
it("lets tasks go everywhere, and takes in no address", () => {
  const stack = build({ allowedFrom: { vpn: { securityGroupId: "sg-0vpn" } } });
  expect(stack.one(VpcSecurityGroupEgressRule)).toMatchObject({ cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" });
  for (const rule of stack.all(VpcSecurityGroupIngressRule)) {
    expect(Object.keys(rule).filter((key) => /cidr|prefix/.test(key))).toEqual([]);
  }
});
