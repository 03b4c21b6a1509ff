import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  HttpsLoadBalancer,
  type HttpsLoadBalancerProps,
} from "../../../../modules/aws/load-balancer/https-load-balancer";
import { type BadInput, errorOf, rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";
import { build, certificateArn, domain, MINIMAL, NETWORK } from "./balancer.fixture";

const byPort = (listeners: Json[]) => listeners.sort((a, b) => a.port - b.port);

it("stands in the private subnets and drops what is no header", () => {
  expect(build().one(Lb)).toEqual({
    name: "web-dev-fossa",
    internal: true,
    load_balancer_type: "application",
    subnets: ["subnet-1a", "subnet-1b"],
    security_groups: [refTo(SecurityGroup, "id")],
    drop_invalid_header_fields: true,
    tags: { Name: "dev-fossa-web" },
  });
});
it("stands in the public subnets for the internet", () => {
  const { one } = build({ internal: false, allowedCidrs: ["203.0.113.0/24"] });
  expect(one(Lb)).toMatchObject({ internal: false, subnets: ["subnet-0a", "subnet-0b"] });
});
it("is protected from deletion, and logs requests, where it is told to", () => {
  const { one } = build({ deletionProtection: true, accessLogsBucket: "my-logs" });
  expect(one(Lb)).toMatchObject({
    enable_deletion_protection: true,
    access_logs: { enabled: true, bucket: "my-logs" },
  });
});
it("makes a bucket for its access logs when asked to, and waits until it may write there", () => {
  const { one } = build({ name: "Dev-fossa", accessLogs: { retentionDays: 30, forceDestroy: true } });
  expect(one(S3Bucket)).toMatchObject({ bucket_prefix: "dev-fossa-web-access-logs-", force_destroy: true });
  const balancer = one(Lb);
  expect(balancer.access_logs).toEqual({ enabled: true, bucket: refTo(S3Bucket, "id") });
  expect(balancer.depends_on.join()).toContain("aws_s3_bucket_ownership_controls.");
  expect(one(S3BucketPolicy).policy).toContain("logdelivery.elasticloadbalancing.amazonaws.com");
});
it("makes no bucket by itself", () => {
  expect(build().all(S3Bucket)).toEqual([]);
  expect(build().one(Lb)).not.toHaveProperty("depends_on");
});
it.each(["internal-dev", "a-system-with-a-name-of-some-length-dev", "a", "a".repeat(100)])(
  "bears names that AWS takes (%s)",
  (name) => {
    const { one } = build({ name });
    expect(one(Lb).name).toMatch(/^(?!internal-)[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])$/);
    expect(one(LbTargetGroup).name_prefix).toBe("web-");
    expect(one(SecurityGroup).name_prefix.length).toBeLessThanOrEqual(255 - 26); // less what the provider appends
  },
);

it("serves HTTPS with TLS 1.2 and 1.3 only, and sends HTTP there", () => {
  const [http, https, ...more] = byPort(build().all(LbListener));
  expect(more).toEqual([]);
  expect(https).toEqual({
    load_balancer_arn: refTo(Lb, "arn"),
    port: 443,
    protocol: "HTTPS",
    ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    certificate_arn: certificateArn,
    default_action: [{ type: "forward", target_group_arn: refTo(LbTargetGroup, "arn") }],
  });
  expect(http).toEqual({
    load_balancer_arn: refTo(Lb, "arn"),
    port: 80,
    protocol: "HTTP",
    default_action: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } }],
  });
});

describe("targets", () => {
  it("are machines or tasks that speak HTTP on a port, and are well when they answer", () => {
    expect(build().one(LbTargetGroup)).toEqual({
      name_prefix: "web-",
      port: 8080,
      protocol: "HTTP",
      target_type: "instance",
      vpc_id: NETWORK.vpcId,
      health_check: {
        path: "/",
        matcher: "200-399",
        interval: 30,
        timeout: 10,
        healthy_threshold: 2,
        unhealthy_threshold: 3,
      },
      stickiness: { enabled: false, type: "lb_cookie", cookie_duration: 86400 },
      tags: { Name: "dev-fossa-web" },
      lifecycle: { create_before_destroy: true },
    });
    expect(build({ targetType: "ip", targetPort: 2345, healthCheckPath: "/healthz" }).one(LbTargetGroup)).toMatchObject(
      { target_type: "ip", port: 2345, health_check: { path: "/healthz" } },
    );
  });
  it("keep their browsers for a day where asked", () => {
    expect(build({ sticky: true }).one(LbTargetGroup).stickiness).toEqual({
      enabled: true,
      type: "lb_cookie",
      cookie_duration: 86400,
    });
  });
  it("are attached, machines by keys that stay", () => {
    const attached = (...keys: string[]) =>
      build({}, (balancer) => balancer.attach(keys.map((key) => ({ key, instanceId: `i-${key}` })))).byId(
        LbTargetGroupAttachment,
      );
    expect(attached("a", "b")).toEqual(attached("b", "a"));
    expect(Object.values(attached("a"))).toEqual([
      { target_group_arn: refTo(LbTargetGroup, "arn"), target_id: "i-a", port: 8080 },
    ]);
  });
  it("are not attached as machines when they are tasks", () => {
    const { name, message } = errorOf(() => build({ targetType: "ip" }, (balancer) => balancer.attach([])));
    expect([name, message]).toEqual([
      "InputError",
      "test/balancer: targetType: must be instance where machines are attached, got ip",
    ]);
  });
  it("can wait until they are looked at", () => {
    const { one } = build({}, (balancer) => new S3Bucket(balancer, "waits", { dependsOn: balancer.ready }));
    expect(one(S3Bucket).depends_on).toEqual([expect.stringMatching(/^aws_lb_listener\.balancer_https_/)]);
  });
});

describe("security group", () => {
  const ofBalancer = (rules: Json[]) => rules.filter((rule) => rule.security_group_id !== "sg-target");
  const callers = (settings?: Partial<HttpsLoadBalancerProps>) =>
    ofBalancer(build(settings).all(VpcSecurityGroupIngressRule)).map(({ cidr_ipv4, from_port, to_port }) => [
      cidr_ipv4,
      from_port,
      to_port,
    ]);

  it("is of the VPC, and made before another goes", () => {
    expect(build().one(SecurityGroup)).toEqual({
      name_prefix: "dev-fossa-web-load-balancer-",
      description: "Load balancer of dev-fossa",
      vpc_id: NETWORK.vpcId,
      tags: { Name: "dev-fossa-web-load-balancer" },
      lifecycle: { create_before_destroy: true },
    });
  });
  it("lets the VPC in by default, on two ports alone", () => {
    expect(callers()).toEqual([
      ["10.0.0.0/16", 443, 443],
      ["10.0.0.0/16", 80, 80],
    ]);
    expect(callers({ allowedCidrs: [] })).toEqual(callers());
  });
  it("lets those in who are named", () => {
    const both = (...cidrs: string[]) => cidrs.flatMap((cidr) => [443, 80].map((port) => [cidr, port, port]));
    const named = ["203.0.113.0/24", "198.51.100.7/32"];
    expect(callers({ allowedCidrs: named }).sort()).toEqual(both(...named).sort());
  });
  it("lets everybody in only when told twice", () => {
    const everybody = { internal: false, allowedCidrs: ["0.0.0.0/0"] };
    expect(callers({ ...everybody, allowInternet: true }).map(([cidr, port]) => [cidr, port])).toEqual([
      ["0.0.0.0/0", 443],
      ["0.0.0.0/0", 80],
    ]);
    expect(errorOf(() => callers(everybody)).message).toContain("must not be the whole internet");
  });
  it("names a rule by its block, whatever its place", () => {
    const ids = (...allowedCidrs: string[]) => build({ allowedCidrs }).byId(VpcSecurityGroupIngressRule);
    expect(ids("10.1.0.0/16", "10.2.0.0/16")).toEqual(ids("10.2.0.0/16", "10.1.0.0/16"));
  });
  it("takes a block that is known later", () => {
    const blocks = synth((stack) => {
      const subnet = new Subnet(stack, "office", { vpcId: "vpc-1" });
      new HttpsLoadBalancer(stack, "balancer", { ...MINIMAL, certificateArn, allowedCidrs: [subnet.cidrBlock] });
    }).all(VpcSecurityGroupIngressRule);
    expect(ofBalancer(blocks).map(({ cidr_ipv4 }) => cidr_ipv4)).toEqual([
      refTo(Subnet, "cidr_block"),
      refTo(Subnet, "cidr_block"),
    ]);
  });
  it("lets out to the targets on their port alone, and theirs lets it in", () => {
    const { one, all } = build({ targetPort: 2345 });
    const tcp = { ip_protocol: "tcp", from_port: 2345, to_port: 2345 };
    expect(one(VpcSecurityGroupEgressRule)).toEqual({
      security_group_id: refTo(SecurityGroup, "id"),
      referenced_security_group_id: "sg-target",
      description: "Requests and health checks",
      ...tcp,
    });
    const theirs = all(VpcSecurityGroupIngressRule).filter((rule) => rule.security_group_id === "sg-target");
    expect(theirs).toEqual([
      {
        security_group_id: "sg-target",
        referenced_security_group_id: refTo(SecurityGroup, "id"),
        description: "Load balancer",
        ...tcp,
      },
    ]);
  });
});

it.each<[object, Json]>([
  [{ certificateArn }, expect.stringMatching(/^https:\/\/\$\{aws_lb\.[\w-]+\.dns_name\}$/)],
  [domain, "https://fossa.example.com"],
])("tells where it is found (%j)", (certificate, url) => {
  const keys = ["url", "dnsName", "loadBalancerArn", "targetGroupArn", "securityGroupId"] as const;
  const { outputs } = build(
    {},
    (balancer) => {
      for (const key of keys) new TerraformOutput(balancer, key, { value: balancer[key], staticId: true });
    },
    certificate,
  );
  expect(Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]))).toEqual({
    url,
    dnsName: refTo(Lb, "dns_name"),
    loadBalancerArn: refTo(Lb, "arn"),
    targetGroupArn: refTo(LbTargetGroup, "arn"),
    securityGroupId: refTo(SecurityGroup, "id"),
  });
});
it("tells apart two of a system", () => {
  const { all } = synth((stack) => {
    new HttpsLoadBalancer(stack, "web", { ...MINIMAL, certificateArn });
    new HttpsLoadBalancer(stack, "api", { ...MINIMAL, certificateArn, service: "api" });
  });
  for (const [type, key] of [
    [Lb, "name"],
    [LbTargetGroup, "name_prefix"],
    [SecurityGroup, "name_prefix"],
  ] as const) {
    expect(new Set(all(type).map((resource) => resource[key])).size).toBe(2);
  }
});

it.each<[string, Partial<HttpsLoadBalancerProps>]>([
  ["the lowest port", { targetPort: 1 }],
  ["the highest port", { targetPort: 65535 }],
  ["a name of one letter", { name: "a" }],
  ["a name of 100 letters", { name: "a".repeat(100) }],
  ["a service of one letter", { service: "w" }],
  ["a service of five letters", { service: "web42" }],
  ["a path of 1024 characters", { healthCheckPath: `/${"x".repeat(1023)}` }],
  ["a certificate that another resource gives", { certificateArn: Token.asString({}) }],
  ["a group that another resource gives", { targetSecurityGroupId: Token.asString({}) }],
  ["a bucket that another resource gives", { accessLogsBucket: Token.asString({}) }],
])("accepts %s", (_, settings) => {
  expect(build(settings).all(Lb)).toHaveLength(1);
});

const rows: BadInput<Record<string, unknown>>[] = [
  ["name", { name: "" }, "a letter first", '""'],
  ["name", { name: "1a" }, "a letter first", '"1a"'],
  ["name", { name: "a-" }, "no hyphen last", '"a-"'],
  ["name", { name: "sg-a" }, "must not begin with sg-", '"sg-a"'],
  ["name", { name: "a".repeat(101) }, "at most 100", "got 101"],
  ["service", { service: "webapp" }, "1 to 5", '"webapp"'],
  ["service", { service: "" }, "1 to 5", '""'],
  ["service", { service: "Web" }, "lower-case", '"Web"'],
  ["network", { network: "vpc-1" }, "must be a Network", '"vpc-1"'],
  ["network", { network: { vpcId: "vpc-1" } }, "vpcCidrBlocks, publicSubnetIds, privateSubnetIds"],
  ["targetType", { targetType: "lambda" }, "one of instance, ip", '"lambda"'],
  ["targetType", { targetType: undefined }, "instance", "got nothing"],
  ["targetPort", { targetPort: 0 }, "at least 1", "got 0"],
  ["targetPort", { targetPort: 65536 }, "at most 65535", "got 65536"],
  ["targetPort", { targetPort: 80.5 }, "a whole number", "80.5"],
  ["targetSecurityGroupId", { targetSecurityGroupId: "" }, "at least 1"],
  ["targetSecurityGroupId", { targetSecurityGroupId: undefined }, "is required", "got nothing"],
  ["healthCheckPath", { healthCheckPath: "healthz" }, "such as /health", '"healthz"'],
  ["healthCheckPath", { healthCheckPath: "/a b" }, "such as /health", '"/a b"'],
  ["healthCheckPath", { healthCheckPath: `/${"x".repeat(1024)}` }, "at most 1024", "got 1025"],
  ["sticky", { sticky: 1 }, "of type boolean", "got 1"],
  ["accessLogsBucket", { accessLogsBucket: "My_Bucket" }, "lower-case", "My_Bucket"],
  ["accessLogsBucket", { accessLogsBucket: "my-logs", accessLogs: {} }, "must be left out with accessLogs"],
  ["accessLogs.retentionDays", { accessLogs: { retentionDays: 0 } }, "1", "0"],
  ["accessLogs.retentionDays", { accessLogs: { retentionDays: 3651 } }, "3650", "3651"],
  ["deletionProtection", { deletionProtection: "yes" }, "of type boolean", '"yes"'],
  ["certificateArn", { certificateArn: undefined }, "is required for TLS", "got neither"],
  ["allowedCidrs", { internal: false }, "must name the clients", "got none"],
  ["internal", { network: { ...NETWORK, privateSubnetIds: ["subnet-1a"] } }, "private subnets", "has 1", "got true"],
  ["port", { port: 443 }, "unknown key"],
];
rejects(
  "test/balancer",
  rows.map(([key, settings, ...words]) => [key, { ...MINIMAL, certificateArn, ...settings }, ...words]),
  (stack, props) => new HttpsLoadBalancer(stack, "balancer", props as HttpsLoadBalancerProps),
);
