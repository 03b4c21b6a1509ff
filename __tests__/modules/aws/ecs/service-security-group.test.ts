import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import {
  ServiceSecurityGroup,
  type ServiceSecurityGroupProps,
} from "../../../../modules/aws/ecs/service-security-group";
import { rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";

const MINIMAL: ServiceSecurityGroupProps = { name: "rabbitmq", vpcId: "vpc-1" };
const build = (props: Partial<ServiceSecurityGroupProps> = {}) =>
  synth((stack) => new ServiceSecurityGroup(stack, "group", { ...MINIMAL, ...props }));
const callers = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, { securityGroupId: `sg-${i}` }]));

it("is a group of the VPC that can be replaced while it is in use", () => {
  expect(build().one(SecurityGroup)).toEqual({
    name_prefix: "ecs-rabbitmq-",
    description: "Tasks of rabbitmq",
    vpc_id: "vpc-1",
    tags: { Name: "rabbitmq" },
    lifecycle: { create_before_destroy: true },
  });
});
it("lets everything out, and nobody in by default", () => {
  const { all, one } = build({ port: 5672 });
  expect(one(VpcSecurityGroupEgressRule)).toMatchObject({
    security_group_id: refTo(SecurityGroup, "id"),
    cidr_ipv4: "0.0.0.0/0",
    ip_protocol: "-1",
  });
  expect(all(VpcSecurityGroupIngressRule)).toEqual([]);
});
it("lets each caller in on the port alone, by its security group and never by an address", () => {
  const { all } = build({ port: 5672, allowedFrom: callers(2) });
  expect(all(VpcSecurityGroupIngressRule)).toEqual(
    ["0", "1"].map((i) => ({
      security_group_id: refTo(SecurityGroup, "id"),
      description: `c${i}`,
      referenced_security_group_id: `sg-${i}`,
      ip_protocol: "tcp",
      from_port: 5672,
      to_port: 5672,
    })),
  );
});
it("is the same whatever order callers are named in", () => {
  const [a, b] = [{ securityGroupId: "sg-a" }, { securityGroupId: "sg-b" }];
  expect(build({ port: 1, allowedFrom: { b, a } }).json).toBe(build({ port: 1, allowedFrom: { a, b } }).json);
});
it("tells what a task waits for", () => {
  const { one } = synth((stack) => {
    const { ready, securityGroupId } = new ServiceSecurityGroup(stack, "group", MINIMAL);
    new Subnet(stack, "waiting", { vpcId: securityGroupId, dependsOn: ready });
  });
  expect(one(Subnet).vpc_id).toEqual(refTo(SecurityGroup, "id"));
  expect(one(Subnet).depends_on).toEqual([expect.stringMatching(/^aws_vpc_security_group_egress_rule\./)]);
});
it.each([1, 65535])("accepts the port %i", (port) => {
  const [rule] = build({ port, allowedFrom: callers(1) }).all(VpcSecurityGroupIngressRule);
  expect([rule.from_port, rule.to_port]).toEqual([port, port]);
});
it("accepts sixty callers, and names of 100 characters", () => {
  const { all, one } = build({ name: "x".repeat(100), port: 1, allowedFrom: callers(60) });
  expect(all(VpcSecurityGroupIngressRule)).toHaveLength(60);
  expect(one(SecurityGroup).name_prefix.length + 26).toBeLessThanOrEqual(255);
});
it("accepts a name that EC2 would not, as it adds its own beginning", () => {
  expect(build({ name: "sg-fossa" }).one(SecurityGroup).name_prefix).toBe("ecs-sg-fossa-");
});

rejects<unknown>(
  "test/group",
  (
    [
      ["name", { name: "" }, "a letter first", '""'],
      ["name", { name: "1x" }, "a letter first"],
      ["name", { name: "x".repeat(101) }, "at most 100", "got 101"],
      ["vpcId", { vpcId: "" }, "at least 1"],
      ["vpcId", { vpcId: undefined }, "is required"],
      ["port", { port: 0 }, "at least 1", "got 0"],
      ["port", { port: 65536 }, "at most 65535", "got 65536"],
      ["port", { port: 80.5 }, "whole number", "80.5"],
      ["port", { port: "80" }, "of type number", '"80"'],
      ["allowedFrom", { allowedFrom: callers(1) }, "must be empty without port", "got c0"],
      ["allowedFrom", { port: 1, allowedFrom: callers(61) }, "at most 60", "got 61"],
      ["allowedFrom.Web", { port: 1, allowedFrom: { Web: { securityGroupId: "sg-1" } } }, "lower-case", "Web"],
      ["allowedFrom.web", { port: 1, allowedFrom: { web: "sg-1" } }, "securityGroupId", '"sg-1"'],
      ["allowedFrom.web", { port: 1, allowedFrom: { web: "10.0.0.0/8" } }, "what has a security group"],
      ["allowedFrom", { port: 1, allowedFrom: ["sg-1"] }, "got"],
      ["allowedCidrs", { allowedCidrs: ["0.0.0.0/0"] }, "unknown key"],
    ] as [string, object, ...string[]][]
  ).map(([key, props, ...words]) => [key, { ...MINIMAL, ...props }, ...words]),
  (stack, props) => new ServiceSecurityGroup(stack, "group", props as ServiceSecurityGroupProps),
);
