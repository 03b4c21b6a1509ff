import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { listenOn } from "../../../modules/ml-ec2/machine-security-group";
import { type BadInput, rejects } from "../../support/bad-input";
import { refTo } from "../../support/synth";
import { build, Compute, type ComputeSettings } from "./compute.fixture";

const office = "203.0.113.0/24";
const blocks = (count: number) => Array.from({ length: count }, (_, i) => `10.0.${i}.0/24`);
const ports = (settings: ComputeSettings) =>
  build(settings)
    .all(VpcSecurityGroupIngressRule)
    .map((rule) => rule.from_port)
    .sort((a, b) => a - b);

it("lets nobody in and everything out", () => {
  const { all, one } = build();
  expect(all(VpcSecurityGroupIngressRule)).toEqual([]);
  const group = one(SecurityGroup);
  expect(group).toMatchObject({
    vpc_id: "vpc-0123456789abcdef0",
    name_prefix: "ml-dev-ml-instance-",
    tags: { Name: "ml-dev-ml-instance" },
    lifecycle: { create_before_destroy: true },
  });
  expect(group).not.toHaveProperty("ingress");
  expect(one(VpcSecurityGroupEgressRule)).toMatchObject({
    security_group_id: refTo(SecurityGroup, "id"),
    cidr_ipv4: "0.0.0.0/0",
    ip_protocol: "-1",
  });
});
it("opens SSH, Jupyter and TensorBoard to the blocks that are named", () => {
  expect(ports({ allowedCidrs: [office] })).toEqual([22, 6006, 8888]);
  const rules = build({ allowedCidrs: [office, "10.8.0.0/16"] }).all(VpcSecurityGroupIngressRule);
  expect(rules).toHaveLength(6);
  for (const rule of rules) {
    expect(rule).toMatchObject({
      security_group_id: refTo(SecurityGroup, "id"),
      cidr_ipv4: expect.stringMatching(/^(203\.0\.113\.0\/24|10\.8\.0\.0\/16)$/),
      ip_protocol: "tcp",
      to_port: rule.from_port,
    });
  }
});
it.each<[ComputeSettings, number[]]>([
  [{ jupyter: false }, [22, 6006]],
  [{ tensorboard: false }, [22, 8888]],
  [{ jupyter: false, tensorboard: false }, [22]],
])("opens no port where nothing listens (%j)", (settings, open) => {
  expect(ports({ ...settings, allowedCidrs: [office] })).toEqual(open);
});
it("names rules by their block, so that order does not matter", () => {
  const made = (allowedCidrs: string[]) => build({ allowedCidrs }).json;
  expect(
    Object.keys(JSON.parse(made([office, "10.8.0.0/16"])).resource.aws_vpc_security_group_ingress_rule).sort(),
  ).toEqual(Object.keys(JSON.parse(made(["10.8.0.0/16", office])).resource.aws_vpc_security_group_ingress_rule).sort());
});
it.each<[string, string[], number]>([
  ["a block of /8", ["10.0.0.0/8"], 1],
  ["one address", ["198.51.100.7/32"], 1],
  ["15 blocks", blocks(15), 15],
  ["blocks that another resource gives", [Token.asString({}), Token.asString({ x: 1 })], 2],
])("accepts %s", (_, allowedCidrs, count) => {
  expect(build({ allowedCidrs }).all(VpcSecurityGroupIngressRule)).toHaveLength(count * 3);
});
it("says where the services must listen", () => {
  expect(listenOn({ allowedCidrs: [] })).toBe("loopback");
  expect(listenOn({ allowedCidrs: [office] })).toBe("network");
  expect(listenOn({ allowedCidrs: [], loadBalancer: {} })).toBe("network");
});

const rows: BadInput<Record<string, unknown>>[] = [
  [
    "allowedCidrs[0]",
    { allowedCidrs: ["0.0.0.0/0"] },
    "must not be the whole internet",
    "Session Manager",
    "got 0.0.0.0/0",
  ],
  ["allowedCidrs[1]", { allowedCidrs: [office, "::/0"] }, "must not be the whole internet", "got ::/0"],
  ["allowedCidrs[0]", { allowedCidrs: ["128.0.0.0/1"] }, "/8 to /32", "128.0.0.0/1"],
  ["allowedCidrs[0]", { allowedCidrs: ["10.0.0.0/7"] }, "/8 to /32"],
  ["allowedCidrs[0]", { allowedCidrs: ["2001:db8::/32"] }, "an IPv4 CIDR", "2001:db8::/32"],
  ["allowedCidrs[0]", { allowedCidrs: ["203.0.113.7"] }, "an IPv4 CIDR", "203.0.113.7"],
  ["allowedCidrs[0]", { allowedCidrs: ["203.0.113.7/24"] }, "host bits", "203.0.113.0/24"],
  ["allowedCidrs[0]", { allowedCidrs: [7] }, "of type string", "7"],
  ["allowedCidrs", { allowedCidrs: blocks(16) }, "at most 15 items", "16"],
  ["allowedCidrs", { allowedCidrs: [office, office] }, "each block once"],
  ["allowedCidrs", { allowedCidrs: office }, "of type array"],
];
rejects("test/compute", rows, (scope, props) => new Compute(scope, "compute", props as ComputeSettings));
