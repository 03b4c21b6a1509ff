import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { ClientSecurityGroup } from "../../../modules/training/client-security-group";
import { refTo, synth } from "../../support/synth";

const made = synth(
  (stack) =>
    new ClientSecurityGroup(stack, "machines", {
      name: "dev-training-machines",
      description: "Training machines",
      vpcId: "vpc-1",
      vpcCidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"],
    }),
);

it("lets nobody in", () => {
  expect(made.all(VpcSecurityGroupIngressRule)).toEqual([]);
  expect(made.one(SecurityGroup)).toMatchObject({
    name_prefix: "dev-training-machines-",
    vpc_id: "vpc-1",
    lifecycle: { create_before_destroy: true },
  });
});
it("lets HTTPS out to everywhere, and NFS to the VPC", () => {
  const rules = made.all(VpcSecurityGroupEgressRule).map(({ cidr_ipv4, from_port, to_port, ip_protocol, ...rest }) => {
    expect(rest.security_group_id).toEqual(refTo(SecurityGroup, "id"));
    return `${ip_protocol} ${from_port}-${to_port} ${cidr_ipv4}`;
  });
  expect(rules.sort()).toEqual(["tcp 2049-2049 10.0.0.0/16", "tcp 2049-2049 10.1.0.0/16", "tcp 443-443 0.0.0.0/0"]);
});
