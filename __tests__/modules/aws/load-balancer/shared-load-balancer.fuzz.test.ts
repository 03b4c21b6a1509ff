import fc from "fast-check";
import { LoadBalancerTarget } from "../../../../modules/aws/load-balancer/load-balancer-target";
import {
  SharedLoadBalancer,
  type SharedLoadBalancerProps,
  type TargetProps,
} from "../../../../modules/aws/load-balancer/shared-load-balancer";
import { subnet } from "../../../../modules/common/settings/cidr";
import { fuzz, type Wrong } from "../../../support/fuzz";
import { certificateArn } from "./balancer.fixture";
import { NETWORK, SHARED, TARGET } from "./shared.fixture";

const DOMAIN = { domainName: "data.example.com", hostedZoneId: "Z0123456789ABC" };
const block = fc
  .record({ prefix: fc.integer({ min: 8, max: 32 }), seed: fc.nat() })
  .map(({ prefix, seed }) => subnet("10.0.0.0/8", prefix - 8, seed % 2 ** (prefix - 8)));
const clients = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  fc.constant({ securityGroupId: "sg-0123456789abcdef0" }),
  { maxKeys: 5 },
);
const valid: fc.Arbitrary<SharedLoadBalancerProps> = fc
  .record({
    name: fc.stringMatching(/^[A-Za-z]([A-Za-z0-9-]{0,98}[A-Za-z0-9])?$/).filter((name) => !name.startsWith("sg-")),
    certificate: fc.constantFrom({}, { certificateArn }, DOMAIN),
    accessLogs: fc.constantFrom({}, { accessLogsBucket: "my-logs" }, { accessLogs: {} }),
    options: fc.record(
      {
        allowedFrom: clients,
        allowedCidrs: fc.uniqueArray(block, { maxLength: 15 }),
        deletionProtection: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ name, ...parts }) => Object.assign({ name, network: NETWORK }, ...Object.values(parts)));

const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } }));
const under = (key: string, ...sets: object[]) => fc.constantFrom(...sets).map((set) => ({ key, set }));
const breaks = fc.oneof(
  bad("name", undefined, "", "-a", "a-", "a b", "sg-a", "x".repeat(101), 5, null),
  bad("network", undefined, null, "vpc", {}, { vpcId: "vpc-1" }),
  under("network", { allowedCidrs: ["10.0.0.0/8"], network: { ...NETWORK, privateSubnetIds: ["subnet-1"] } }),
  bad("allowedFrom", [], "sg-1", null, 1),
  under("allowedFrom.vpn", { allowedFrom: { vpn: "sg-1" } }, { allowedFrom: { vpn: {} } }),
  bad("allowedCidrs", "10.0.0.0/8", null, ["10.0.0.0/8", "10.0.0.0/8"]),
  under("allowedCidrs.0", { allowedCidrs: ["0.0.0.0/0"] }, { allowedCidrs: ["10.0.0.1/8"] }),
  under("certificateArn", { certificateArn: "x" }, { certificateArn, ...DOMAIN }),
  under("hostedZoneId", { certificateArn: undefined, ...DOMAIN, hostedZoneId: undefined }, { hostedZoneId: "z" }),
  under("domainName", { certificateArn: undefined, ...DOMAIN, domainName: undefined }, { domainName: "A.com" }),
  under("accessLogsBucket", { accessLogs: {}, accessLogsBucket: "my-logs" }, { accessLogsBucket: "A" }),
  bad("accessLogs", true, null, "my-logs"),
  bad("deletionProtection", "yes", 1, null),
  bad("internal", true, false),
);
const invalid: fc.Arbitrary<Wrong<SharedLoadBalancerProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as SharedLoadBalancerProps }));

fuzz("test/balancer", { valid, invalid }, (stack, props) => new SharedLoadBalancer(stack, "balancer", props));

const host = fc.stringMatching(/^[a-z0-9-]{1,20}\.[a-z0-9-]{1,20}\.[a-z]{2,6}$/);
const path = fc.stringMatching(/^\/[A-Za-z0-9_.$/~"'@:+&-]{0,40}$/);
const validTarget: fc.Arbitrary<TargetProps> = fc
  .record({
    hosts: fc.uniqueArray(host, { maxLength: 2 }),
    paths: fc.uniqueArray(path, { minLength: 1, maxLength: 3 }),
    port: fc.integer({ min: 1, max: 65535 }),
    options: fc.record(
      {
        healthCheckPath: fc.stringMatching(/^\/[!-~]{0,40}$/),
        sticky: fc.boolean(),
        deregistrationDelay: fc.integer({ min: 0, max: 3600 }),
        priority: fc.integer({ min: 1, max: 50000 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ options, ...rest }) => ({ ...TARGET, ...rest, ...options }));
const targetBreaks = fc.oneof(
  under("hosts", { hosts: [], paths: [] }, { hosts: null }, { paths: ["/******"] }),
  under("hosts.0", { hosts: ["A.com"] }, { hosts: ["a"] }, { hosts: [1] }),
  under("paths.0", { paths: ["a"] }, { paths: ["/a b"] }, { paths: [`/${"x".repeat(128)}`] }),
  bad("port", undefined, 0, 65536, "80", null),
  bad("targetSecurityGroupId", undefined, "", 1, null),
  bad("healthCheckPath", "a", "", null),
  bad("sticky", "yes", null),
  bad("deregistrationDelay", -1, 3601, 1.5, "30", null),
  bad("priority", 0, 50001, 1.5, "1", null),
  bad("protocol", "HTTP"),
);
const invalidTarget: fc.Arbitrary<Wrong<TargetProps>> = fc
  .tuple(validTarget, targetBreaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as TargetProps }));
const LISTENER = { vpcId: "vpc-1", listenerArn: "listener", securityGroupId: SHARED.name };

fuzz(
  "test/target",
  { valid: validTarget, invalid: invalidTarget },
  (stack, props) => new LoadBalancerTarget(stack, "target", { ...props, loadBalancer: LISTENER }),
);
