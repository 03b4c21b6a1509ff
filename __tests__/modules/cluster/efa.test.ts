import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { efaInterfaces, efaSecurityGroup } from "../../../modules/cluster/efa";
import { refTo, synth } from "../../support/synth";

const hardware = (firstEfaCard: number, efaInterfaces?: number) =>
  ({ architecture: "x86_64", gpus: 8, neuronDevices: 0, firstEfaCard, efaInterfaces }) as const;

it("interfaces are one on each card, of which the first carries IP, as EFA where its card can", () => {
  const kinds = (first: number, count?: number) =>
    efaInterfaces(hardware(first, count)).map((one) => [one.networkCardIndex, one.deviceIndex, one.interfaceType]);
  expect(kinds(0, 1)).toEqual([[0, 0, "efa"]]);
  expect(kinds(0, 2)).toEqual([
    [0, 0, "efa"],
    [1, 1, "efa-only"],
  ]);
  expect(kinds(1, 2)).toEqual([
    [0, 0, "interface"],
    [1, 1, "efa-only"],
    [2, 1, "efa-only"],
  ]);
  expect(kinds(0)).toEqual([]);
});
it("the security group lets its members reach each other, and nobody else", () => {
  const { one } = synth((stack) => {
    efaSecurityGroup(stack, { name: "runner-a" }, { clusterName: "ml", vpcId: "vpc-0a" });
  });
  expect(one(SecurityGroup)).toMatchObject({ name_prefix: "efa-runner-a-", vpc_id: "vpc-0a" });
  for (const type of [VpcSecurityGroupIngressRule, VpcSecurityGroupEgressRule]) {
    expect(one(type)).toMatchObject({
      security_group_id: refTo(SecurityGroup, "id"),
      referenced_security_group_id: refTo(SecurityGroup, "id"),
      ip_protocol: "-1",
    });
  }
});
