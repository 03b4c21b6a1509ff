import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { defineEnvironment } from "../../../stacks/environment";
import { synthApp } from "../../support/synth";

it("takes image and callers from the gateway's stack, and places from the network's", () => {
  const made = synthApp(defineEnvironment({ name: "dev", region: "eu-west-2", fossa: {} }));
  const stack = made.stack("dev-fossa-cluster");
  expect(Object.keys(stack.parsed.data.terraform_remote_state).sort()).toEqual([
    "cross-stack-reference-input-dev-fossa-gateway",
    "cross-stack-reference-input-dev-fossa-network",
  ]);
  const [caller] = stack.all(VpcSecurityGroupIngressRule).filter(({ from_port }) => from_port === 2345);
  expect(caller.referenced_security_group_id).toContain("dev-fossa-gateway");
});
