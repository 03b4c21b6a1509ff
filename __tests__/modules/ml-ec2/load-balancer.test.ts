import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { loadBalancerShape } from "../../../modules/ml-ec2/load-balancer";
import { type BadInput, rejects } from "../../support/bad-input";
import { type Json, refTo } from "../../support/synth";
import { build, Compute, type ComputeSettings, NETWORK } from "./compute.fixture";

const certificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const domain = { domainName: "ml.example.com", hostedZoneId: "Z0123456789ABC" };
const withBalancer = (settings: object = {}, rest: ComputeSettings = {}, prefix = "ml-dev") =>
  build({ loadBalancer: { certificateArn, ...settings }, ...rest }, { prefix });
const groupOf = (rule: Json) => /^\$\{aws_security_group\.compute_([a-z-]+)_/.exec(rule.security_group_id)?.[1];

it("stands in the private subnets and drops what is no header", () => {
  const { one } = withBalancer();
  const balancer = one(Lb);
  expect(balancer).toMatchObject({
    name: "ml-ml-dev",
    internal: true,
    load_balancer_type: "application",
    subnets: ["subnet-1a", "subnet-1b"],
    security_groups: [expect.stringContaining("aws_security_group.compute_load-balancer")],
    drop_invalid_header_fields: true,
  });
  expect(balancer).not.toHaveProperty("access_logs");
});
it.each<[object, Json]>([
  [{}, { port: 8888, health_check: { path: "/api" } }],
  [{ targetPort: 6006 }, { port: 6006, health_check: { path: "/" } }],
  [
    { targetPort: 8000, healthCheckPath: "/ping" },
    { port: 8000, health_check: { path: "/ping" } },
  ],
])("leads to the port of the machines (%j)", (settings, expected) => {
  const group = withBalancer(settings).one(LbTargetGroup);
  expect(group).toMatchObject({ ...expected, protocol: "HTTP", target_type: "instance", vpc_id: NETWORK.vpcId });
  expect(group).toMatchObject({ name_prefix: "ml-", lifecycle: { create_before_destroy: true } });
});
it("keeps a browser with one machine, unless told not to", () => {
  expect(withBalancer().one(LbTargetGroup).stickiness).toEqual({
    enabled: true,
    type: "lb_cookie",
    cookie_duration: 86400,
  });
  expect(withBalancer({ sticky: false }).one(LbTargetGroup).stickiness.enabled).toBe(false);
});
it("is reached from the VPC, and reaches the machines, by these ports alone", () => {
  const { all } = withBalancer({ targetPort: 8000 });
  const rules = all(VpcSecurityGroupIngressRule);
  const own = rules.filter((rule) => groupOf(rule) === "load-balancer");
  expect(own.map(({ cidr_ipv4, from_port, to_port }) => [cidr_ipv4, from_port, to_port])).toEqual([
    ["10.0.0.0/16", 443, 443],
    ["10.0.0.0/16", 80, 80],
  ]);
  const machines = rules.filter((rule) => groupOf(rule) === "security-group");
  expect(machines).toHaveLength(1);
  expect(machines[0]).toMatchObject({
    referenced_security_group_id: expect.stringContaining("compute_load-balancer"),
    ip_protocol: "tcp",
    from_port: 8000,
    to_port: 8000,
  });
  const out = all(VpcSecurityGroupEgressRule).filter((rule) => groupOf(rule) === "load-balancer");
  expect(out).toEqual([
    expect.objectContaining({
      referenced_security_group_id: expect.stringContaining("compute_security-group"),
      ip_protocol: "tcp",
      from_port: 8000,
      to_port: 8000,
    }),
  ]);
});
it("stands before the internet for those who are named", () => {
  const { all, one } = withBalancer({ internal: false, allowedCidrs: ["203.0.113.0/24"] });
  expect(one(Lb)).toMatchObject({ internal: false, subnets: ["subnet-0a", "subnet-0b"] });
  const from = all(VpcSecurityGroupIngressRule).flatMap(({ cidr_ipv4 }) => cidr_ipv4 ?? []);
  expect(from).toEqual(["203.0.113.0/24", "203.0.113.0/24"]);
});
it("leads to every single machine, and leaves a fleet to its group", () => {
  const { all } = withBalancer({ targetPort: 8000 }, { instanceCount: 3 });
  const targets = all(LbTargetGroupAttachment);
  expect(targets).toHaveLength(3);
  expect(new Set(targets.map(({ target_id }) => target_id)).size).toBe(3);
  for (const target of targets) {
    expect(target).toMatchObject({
      target_group_arn: refTo(LbTargetGroup, "arn"),
      target_id: refTo(Instance, "id"),
      port: 8000,
    });
  }
  expect(withBalancer({}, { fleet: {} }).all(LbTargetGroupAttachment)).toEqual([]);
});
it.each(["internal-dev", "a-project-with-a-name-of-some-length-dev"])("bears a name that AWS takes (%s)", (prefix) => {
  const { name } = withBalancer({}, {}, prefix).one(Lb);
  expect(name).toMatch(/^(?!internal-)[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])$/);
});
it("passes on a domain and a place for logs", () => {
  const { one, all } = build({ loadBalancer: { ...domain, accessLogsBucket: "my-logs" } });
  expect(one(AcmCertificate).domain_name).toBe("ml.example.com");
  expect(all(Route53Record).map(({ zone_id }) => zone_id)).toEqual(["Z0123456789ABC", "Z0123456789ABC"]);
  expect(one(Lb).access_logs).toEqual({ enabled: true, bucket: "my-logs" });
});
it("passes on a certificate", () => {
  const { all } = withBalancer();
  expect(all(LbListener).flatMap(({ certificate_arn }) => certificate_arn ?? [])).toEqual([certificateArn]);
  expect(all(AcmCertificate)).toEqual([]);
});
it("is off by default, and its settings are these", () => {
  expect(loadBalancerShape.loadBalancer.parse(undefined)).toBeUndefined();
  expect(loadBalancerShape.loadBalancer.parse({ certificateArn })).toEqual({
    certificateArn,
    internal: true,
    allowedCidrs: [],
    targetPort: 8888,
    sticky: true,
    deletionProtection: false,
  });
});
it.each<[string, object, ComputeSettings?]>([
  ["the lowest port", { targetPort: 1024 }],
  ["the highest port", { targetPort: 65535 }],
  ["a model server without Jupyter", { targetPort: 8000 }, { jupyter: false, tensorboard: false }],
  ["a path of 1024 characters", { healthCheckPath: `/${"x".repeat(1023)}` }],
  ["a certificate that another resource gives", { certificateArn: Token.asString({}) }],
  ["subnets that are known later", {}, { network: { ...NETWORK, privateSubnetIds: Token.asList({}) } }],
])("accepts %s", (_, settings, rest = {}) => {
  expect(withBalancer(settings, rest).all(Lb)).toHaveLength(1);
});

const lb = (settings: object) => ({ loadBalancer: { certificateArn, ...settings } });
const rows: BadInput<Record<string, unknown>>[] = [
  ["loadBalancer", { loadBalancer: true }, "of type object", "true"],
  ["loadBalancer.certificateArn", { loadBalancer: {} }, "is required", "for TLS", "got neither"],
  ["loadBalancer.certificateArn", lb({ certificateArn: "cert" }), "ARN of an ACM certificate", "cert"],
  ["loadBalancer.certificateArn", lb(domain), "left out with domainName", "got both"],
  ["loadBalancer.certificateArn", lb({ hostedZoneId: "Z1" }), "left out with", "got both"],
  ["loadBalancer.domainName", { loadBalancer: { hostedZoneId: "Z1" } }, "is required with hostedZoneId", "got nothing"],
  ["loadBalancer.hostedZoneId", { loadBalancer: { domainName: "a.example.com" } }, "is required", "got nothing"],
  ["loadBalancer.domainName", { loadBalancer: { ...domain, domainName: "ML.example.com" } }, "lower case", "ML"],
  ["loadBalancer.hostedZoneId", { loadBalancer: { ...domain, hostedZoneId: "/hostedzone/Z1" } }, "id of a hosted zone"],
  ["loadBalancer.internal", lb({ internal: "no" }), "of type boolean", "no"],
  [
    "loadBalancer.internal",
    { ...lb({}), network: { ...NETWORK, privateSubnetIds: ["subnet-1a"] } },
    "private subnets in two zones",
    "has 1",
  ],
  [
    "loadBalancer.internal",
    {
      ...lb({ internal: false, allowedCidrs: ["203.0.113.0/24"] }),
      network: { ...NETWORK, publicSubnetIds: [] },
    },
    "public subnets in two zones",
    "has 0",
  ],
  ["loadBalancer.allowedCidrs", lb({ internal: false }), "must name the clients", "got none"],
  ["loadBalancer.allowedCidrs[0]", lb({ allowedCidrs: ["0.0.0.0/0"] }), "whole internet", "0.0.0.0/0"],
  ["loadBalancer.targetPort", lb({ targetPort: 1023 }), "at least 1024", "1023"],
  ["loadBalancer.targetPort", lb({ targetPort: 65536 }), "at most 65535", "65536"],
  ["loadBalancer.targetPort", { ...lb({}), jupyter: false }, "jupyter is off", "got 8888"],
  ["loadBalancer.targetPort", { ...lb({ targetPort: 6006 }), tensorboard: false }, "tensorboard is off", "got 6006"],
  ["loadBalancer.healthCheckPath", lb({ healthCheckPath: "api" }), "such as /health", "api"],
  ["loadBalancer.healthCheckPath", lb({ healthCheckPath: `/${"x".repeat(1024)}` }), "at most 1024"],
  ["loadBalancer.sticky", lb({ sticky: 1 }), "of type boolean"],
  ["loadBalancer.accessLogsBucket", lb({ accessLogsBucket: "My_Bucket" }), "lower-case", "My_Bucket"],
  ["loadBalancer.allowInternet", lb({ allowInternet: true }), "unknown key"],
  ["loadBalancer.port", lb({ port: 80 }), "unknown key"],
];
rejects("test/compute", rows, (scope, props) => new Compute(scope, "compute", props as ComputeSettings));
