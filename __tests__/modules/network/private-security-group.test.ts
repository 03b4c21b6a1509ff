import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { PrivateSecurityGroup } from "../../../modules/network/private-security-group";
import { refTo, synth } from "../../support/synth";

it("lets its members reach each other, and nothing else", () => {
  const { one, outputs } = synth((stack) => {
    const group = new PrivateSecurityGroup(stack, "private", { name: "dev-dask", vpcId: "vpc-1" });
    new TerraformOutput(stack, "id", { value: group.securityGroupId, staticId: true });
  });
  expect(one(SecurityGroup)).toEqual({
    name_prefix: "dev-dask-private-",
    description: "Members reach each other",
    vpc_id: "vpc-1",
    tags: { Name: "dev-dask-private" },
    lifecycle: { create_before_destroy: true },
  });
  const members = {
    security_group_id: refTo(SecurityGroup, "id"),
    referenced_security_group_id: refTo(SecurityGroup, "id"),
    ip_protocol: "-1",
    description: "Members",
  };
  expect(one(VpcSecurityGroupIngressRule)).toEqual(members);
  expect(one(VpcSecurityGroupEgressRule)).toEqual(members);
  expect(outputs.id.value).toEqual(refTo(SecurityGroup, "id"));
});
