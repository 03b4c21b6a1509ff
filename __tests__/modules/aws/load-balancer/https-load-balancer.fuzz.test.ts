import fc from "fast-check";
import {
  HttpsLoadBalancer,
  type HttpsLoadBalancerProps,
} from "../../../../modules/aws/load-balancer/https-load-balancer";
import { subnet } from "../../../../modules/common/settings/cidr";
import { fuzz, type Wrong } from "../../../support/fuzz";
import { certificateArn, domain, NETWORK } from "./balancer.fixture";

const block = fc
  .record({ prefix: fc.integer({ min: 8, max: 32 }), seed: fc.nat() })
  .map(({ prefix, seed }) => subnet("10.0.0.0/8", prefix - 8, seed % 2 ** (prefix - 8)));
const blocks = (minLength: number) => fc.uniqueArray(block, { minLength, maxLength: 15 });
const callers = fc.oneof(
  blocks(0).map((allowedCidrs) => ({ allowedCidrs })),
  blocks(1).map((allowedCidrs) => ({ internal: false, allowedCidrs })),
  blocks(0).map((some) => ({
    internal: false,
    allowInternet: true,
    allowedCidrs: ["0.0.0.0/0", ...some.slice(1)],
  })),
);
const path = fc.stringMatching(/^\/[!-~]{0,40}$/);
const options = fc.record(
  {
    healthCheckPath: path,
    sticky: fc.boolean(),
    deletionProtection: fc.boolean(),
  },
  { requiredKeys: [] },
);
const accessLogs = fc.oneof(
  fc.constantFrom({}, { accessLogsBucket: "my-logs" }),
  fc
    .record({ retentionDays: fc.integer({ min: 1, max: 3650 }), forceDestroy: fc.boolean() }, { requiredKeys: [] })
    .map((settings) => ({ accessLogs: settings })),
);
const valid: fc.Arbitrary<HttpsLoadBalancerProps> = fc
  .record({
    wiring: fc.record({
      name: fc.stringMatching(/^[A-Za-z]([A-Za-z0-9-]{0,98}[A-Za-z0-9])?$/).filter((name) => !name.startsWith("sg-")),
      service: fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/),
      network: fc.constant(NETWORK),
      targetType: fc.constantFrom("instance" as const, "ip" as const),
      targetPort: fc.integer({ min: 1, max: 65535 }),
      targetSecurityGroupId: fc.constant("sg-target"),
    }),
    certificate: fc.constantFrom({ certificateArn }, domain),
    callers,
    options,
    accessLogs,
  })
  .map(({ wiring, ...parts }) => Object.assign({}, wiring, ...Object.values(parts)));

const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } }));
const under = (key: string, ...sets: object[]) => fc.constantFrom(...sets).map((set) => ({ key, set }));
const breaks = fc.oneof(
  bad("name", undefined, "", "-a", "a-", "a b", "é", "sg-a", "x".repeat(101), 5, null),
  bad("service", undefined, "", "toolong", "W", "1a", "a-", 5, null),
  bad("network", undefined, null, "vpc", {}, { vpcId: "vpc-1" }),
  bad("targetType", undefined, "lambda", "", null, 1),
  bad("targetPort", undefined, 0, -1, 65536, 1.5, "8080", null, Number.NaN),
  bad("targetSecurityGroupId", undefined, "", 1, null),
  bad("internal", "no", 1, null),
  bad("allowInternet", "no", 1, null),
  bad("sticky", "yes", 1, null),
  bad("deletionProtection", "yes", 1, null),
  bad("healthCheckPath", "", "a", "/a b", "/é", `/${"x".repeat(1024)}`, null),
  bad("accessLogsBucket", "", "A", "a_b", 1, null),
  fc.constant({ key: "accessLogsBucket", set: { accessLogsBucket: "my-logs", accessLogs: {} } }),
  bad("accessLogs", true, null, "my-logs"),
  under("accessLogs.retentionDays", { accessLogs: { retentionDays: 0 } }, { accessLogs: { retentionDays: 3651 } }),
  bad(
    "allowedCidrs",
    "10.0.0.0/8",
    null,
    {},
    ["10.0.0.0/8", "10.0.0.0/8"],
    Array.from({ length: 16 }, (_, i) => `10.${i}.0.0/16`),
  ),
  fc
    .constantFrom("::/0", "0.0.0.0/1", "0.0.0.0/7", "10.0.0.1/8", "10.0.0.0", "x", "", 1, null)
    .map((cidr) => ({ key: "allowedCidrs[0]", set: { allowedCidrs: [cidr] } })),
  under("allowedCidrs[0]", { allowedCidrs: ["0.0.0.0/0"], allowInternet: false }),
  under("allowedCidrs", { allowedCidrs: [], internal: false }),
  under("allowInternet", { internal: true, allowInternet: true }),
  under("internal", { internal: true, allowInternet: false, network: { ...NETWORK, privateSubnetIds: ["subnet-1"] } }),
  under("certificateArn", { certificateArn: undefined, domainName: undefined, hostedZoneId: undefined }),
  under("certificateArn", { certificateArn: "x" }, { certificateArn: null }, { certificateArn, ...domain }),
  under("hostedZoneId", { certificateArn: undefined, ...domain, hostedZoneId: undefined }, { hostedZoneId: "z1" }),
  under("domainName", { certificateArn: undefined, ...domain, domainName: undefined }, { domainName: "a..com" }),
  bad("listener", {}, 443),
);
const invalid: fc.Arbitrary<Wrong<HttpsLoadBalancerProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as HttpsLoadBalancerProps }));

fuzz("test/balancer", { valid, invalid }, (stack, props) => {
  const balancer = new HttpsLoadBalancer(stack, "balancer", props);
  if (props.targetType === "instance") balancer.attach([{ key: "0", instanceId: "i-0" }]);
});
