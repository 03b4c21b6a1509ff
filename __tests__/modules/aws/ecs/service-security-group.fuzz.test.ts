import fc from "fast-check";
import {
  ServiceSecurityGroup,
  type ServiceSecurityGroupProps,
} from "../../../../modules/aws/ecs/service-security-group";
import { fuzz, type Wrong } from "../../../support/fuzz";

const group = fc.stringMatching(/^sg-[0-9a-f]{8,17}$/).map((securityGroupId) => ({ securityGroupId }));
const valid: fc.Arbitrary<ServiceSecurityGroupProps> = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,99}$/),
    vpcId: fc.stringMatching(/^vpc-[0-9a-f]{8,17}$/),
    port: fc.integer({ min: 1, max: 65_535 }),
    allowedFrom: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/), group, { maxKeys: 6 }),
  },
  { requiredKeys: ["name", "vpcId", "port"] },
);
const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } }));
const breaks = fc.oneof(
  bad("name", undefined, null, "", "1a", "a b", "x".repeat(101), 5),
  bad("vpcId", undefined, null, "", 5),
  bad("port", 0, -1, 65_536, 1.5, "80", null, Number.NaN),
  bad("allowedFrom", [], "10.0.0.0/8", null, 5),
  fc.constantFrom("10.0.0.0/8", null, {}, 5).map((caller) => ({
    key: "allowedFrom.caller",
    set: { allowedFrom: { caller } },
  })),
  fc.constantFrom("A", "a b", "1", "", "x".repeat(64)).map((key) => ({
    key: `allowedFrom.${key}`,
    set: { allowedFrom: { [key]: { securityGroupId: "sg-1" } } },
  })),
  bad("cidrs", ["10.0.0.0/8"]),
);
const invalid: fc.Arbitrary<Wrong<ServiceSecurityGroupProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as ServiceSecurityGroupProps }));

fuzz("test/group", { valid, invalid }, (stack, props) => new ServiceSecurityGroup(stack, "group", props));
