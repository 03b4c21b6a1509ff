import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { TargetAccess } from "../../../../modules/aws/load-balancer/target-access";
import { synth } from "../../../support/synth";

it("lets the load balancer out to the targets, and in to them", () => {
  const groups = { balancerSecurityGroupId: "sg-balancer", targetSecurityGroupId: "sg-target" };
  const { one } = synth((stack) => new TargetAccess(stack, "access", { ...groups, port: 8787 }));
  const port = { ip_protocol: "tcp", from_port: 8787, to_port: 8787 };
  expect(one(VpcSecurityGroupEgressRule)).toMatchObject({
    security_group_id: "sg-balancer",
    referenced_security_group_id: "sg-target",
    ...port,
  });
  expect(one(VpcSecurityGroupIngressRule)).toMatchObject({
    security_group_id: "sg-target",
    referenced_security_group_id: "sg-balancer",
    ...port,
  });
});
