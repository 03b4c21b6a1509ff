import { Lb } from "@cdktf/provider-aws/lib/lb";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import {
  applicationLoadBalancer,
  balancerNameSchema,
  balancerSecurityGroup,
  healthCheckPathSchema,
} from "../../../../modules/aws/load-balancer/application-load-balancer";
import { synth } from "../../../support/synth";

const identity = { name: "dev-dask", service: "shared" };
const group = (...ports: number[]) =>
  synth((stack) => {
    const blocks = [{ key: "10.0.0.0/16", cidrIpv4: "10.0.0.0/16" }];
    balancerSecurityGroup(stack, identity, { vpcId: "vpc-1", blocks, ports });
  });

describe("its security group", () => {
  it("says what each port is for", () => {
    const described = (...ports: number[]) =>
      group(...ports)
        .all(VpcSecurityGroupIngressRule)
        .map(({ from_port, description }) => [from_port, description]);
    expect(described(443, 80)).toEqual([
      [443, "HTTPS"],
      [80, "HTTP, which is sent on to HTTPS"],
    ]);
    expect(described(80)).toEqual([[80, "HTTP"]]);
  });
  it("lets nothing out by itself", () => {
    expect(group(80).one(SecurityGroup)).not.toHaveProperty("egress");
    expect(group(80).json).not.toContain("egress_rule");
  });
});
it.each(["a", "a-system-with-a-name-of-some-length-dev", "internal-dev"])(
  "bears a name that AWS takes (%s)",
  (name) => {
    const { one } = synth((stack) => {
      const rest = { internal: true, subnets: ["a", "b"], securityGroupId: "sg-1", deletionProtection: false };
      applicationLoadBalancer(stack, { ...identity, name, ...rest });
    });
    expect(one(Lb).name).toMatch(/^(?!internal-)[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$/);
  },
);
it.each([
  [balancerNameSchema, ["a", "A1-b", "a".repeat(100)], ["", "1a", "a-", "sg-a", "a b", "a".repeat(101)]],
  [healthCheckPathSchema, ["/", "/health?x=1", `/${"x".repeat(1023)}`], ["", "health", "/a b", `/${"x".repeat(1024)}`]],
])("takes and refuses values (%#)", (schema, right, wrong) => {
  for (const value of right) expect(schema.safeParse(value).success, value).toBe(true);
  for (const value of wrong) expect(schema.safeParse(value).success, value).toBe(false);
});
