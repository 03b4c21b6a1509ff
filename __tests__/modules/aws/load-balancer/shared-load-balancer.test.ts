import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  SharedLoadBalancer,
  type SharedLoadBalancerProps,
} from "../../../../modules/aws/load-balancer/shared-load-balancer";
import { type BadInput, errorOf, rejects } from "../../../support/bad-input";
import { refTo } from "../../../support/synth";
import { certificateArn } from "./balancer.fixture";
import { buildShared, NETWORK, SHARED, withTargets } from "./shared.fixture";

const DOMAIN = { domainName: "data.example.com", hostedZoneId: "Z0123456789ABC" };
const NOT_FOUND = [
  {
    type: "fixed-response",
    fixed_response: { content_type: "text/plain", message_body: "Not found", status_code: "404" },
  },
];

it("stands in the private subnets, for addresses of the VPC", () => {
  const balancer = buildShared().one(Lb);
  expect(balancer).toEqual({
    name: "shared-dev-dask",
    internal: true,
    load_balancer_type: "application",
    subnets: ["subnet-1a", "subnet-1b"],
    security_groups: [refTo(SecurityGroup, "id")],
    drop_invalid_header_fields: true,
    tags: { Name: "dev-dask-shared" },
  });
  expect(balancer).not.toHaveProperty("subnet_mapping");
});
it("knows nothing at first, and says so by HTTP", () => {
  const { all } = buildShared();
  expect(all(LbListener)).toEqual([
    { load_balancer_arn: refTo(Lb, "arn"), port: 80, protocol: "HTTP", default_action: NOT_FOUND },
  ]);
  expect(all(LbTargetGroup)).toEqual([]);
  expect(all(VpcSecurityGroupEgressRule)).toEqual([]);
});
it("says so by HTTPS where there is a certificate, and sends HTTP there", () => {
  const [http, https] = buildShared({ certificateArn })
    .all(LbListener)
    .sort((a, b) => a.port - b.port);
  expect(https).toMatchObject({
    port: 443,
    protocol: "HTTPS",
    ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    certificate_arn: certificateArn,
    default_action: NOT_FOUND,
  });
  expect(http.default_action).toEqual([
    { type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } },
  ]);
});
it("has a certificate for a domain and what is one label below it, with records for both", () => {
  const { one, all } = buildShared(DOMAIN);
  expect(one(AcmCertificate)).toMatchObject({
    domain_name: "data.example.com",
    subject_alternative_names: ["data.example.com", "*.data.example.com"],
  });
  const addresses = all(Route53Record).filter(({ type }) => type === "A");
  expect(addresses.map(({ name }) => name).sort()).toEqual(["*.data.example.com", "data.example.com"]);
  for (const { alias } of addresses) expect(alias.name).toEqual(refTo(Lb, "dns_name"));
  expect(all(LbListener).map(({ certificate_arn }) => certificate_arn)).toContainEqual(
    refTo(AcmCertificateValidation, "certificate_arn"),
  );
});
it("is protected, and logs requests, where it is told to", () => {
  expect(buildShared({ deletionProtection: true }).one(Lb).enable_deletion_protection).toBe(true);
  expect(buildShared({ accessLogsBucket: "my-logs" }).one(Lb).access_logs).toEqual({
    enabled: true,
    bucket: "my-logs",
  });
  const { one } = buildShared({ accessLogs: { retentionDays: 30 } });
  expect(one(S3Bucket).bucket_prefix).toBe("dev-dask-shared-access-logs-");
  expect(one(Lb).depends_on).not.toEqual([]);
});

describe("its security group", () => {
  const callers = (settings?: Partial<SharedLoadBalancerProps>) =>
    buildShared(settings)
      .all(VpcSecurityGroupIngressRule)
      .map((rule) => `${rule.cidr_ipv4 ?? rule.referenced_security_group_id} ${rule.from_port}-${rule.to_port}`)
      .sort();
  it("lets the VPC in, and who is named", () => {
    expect(callers()).toEqual(["10.0.0.0/16 80-80"]);
    expect(callers({ certificateArn })).toEqual(["10.0.0.0/16 443-443", "10.0.0.0/16 80-80"]);
    expect(callers({ allowedCidrs: ["10.9.0.0/16"] })).toEqual(["10.9.0.0/16 80-80"]);
  });
  it("lets in groups, such as a VPN's", () => {
    const allowedFrom = { vpn: { securityGroupId: "sg-vpn" } };
    expect(callers({ allowedFrom, certificateArn })).toEqual([
      "10.0.0.0/16 443-443",
      "10.0.0.0/16 80-80",
      "sg-vpn 443-443",
      "sg-vpn 80-80",
    ]);
  });
  it("lets in who is admitted later, where the VPC is not in already", () => {
    const admitted = (settings: Partial<SharedLoadBalancerProps>) =>
      buildShared(settings, (balancer) => balancer.admit(balancer, { tasks: { securityGroupId: "sg-tasks" } }))
        .all(VpcSecurityGroupIngressRule)
        .filter((rule) => rule.referenced_security_group_id === "sg-tasks")
        .map(({ from_port, to_port }) => `${from_port}-${to_port}`);
    expect(admitted({})).toEqual([]);
    expect(admitted({ allowedCidrs: ["10.9.0.0/16"] })).toEqual(["80-80"]);
    expect(admitted({ allowedCidrs: ["10.9.0.0/16"], certificateArn })).toEqual(["443-443"]);
  });
  it("is its own", () => {
    expect(buildShared().one(SecurityGroup)).toMatchObject({
      name_prefix: "dev-dask-shared-load-balancer-",
      vpc_id: NETWORK.vpcId,
    });
  });
});

describe("targets", () => {
  it("get the requests of a host or a path by the listener that answers", () => {
    for (const settings of [{}, { certificateArn }]) {
      const { one, byId } = withTargets({ dashboards: {} }, settings);
      const rule = one(LbListenerRule);
      const [, listener = ""] = /aws_lb_listener\.([\w-]+)\.arn/.exec(rule.listener_arn) ?? [];
      expect(byId(LbListener)[listener]?.default_action).toEqual(NOT_FOUND);
    }
  });
  it("keep their rules' priorities, whatever others there are and in which order", () => {
    const some = { prefect: { paths: ["/prefect/*"] }, dask: {}, hosts: { hosts: ["dask.example.com"], paths: [] } };
    const { prefect, dask } = withTargets(some).priorities;
    const other = withTargets({ added: {}, dask: {}, prefect: { paths: ["/prefect/*"] } }).priorities;
    expect([other.prefect, other.dask]).toEqual([prefect, dask]);
    expect(new Set(Object.values(other)).size).toBe(3);
    const addresses = (...ids: string[]) =>
      Object.keys(withTargets(Object.fromEntries(ids.map((id) => [id, {}]))).byId(LbListenerRule)).sort();
    expect(addresses("a", "b")).toEqual(addresses("b", "a"));
  });
  it("are reached by one rule each way where several are of one group and port", () => {
    const { all } = withTargets({
      a: {},
      b: { paths: ["/b"] },
      c: { paths: ["/c"], port: 80 },
      d: { paths: ["/d"], targetSecurityGroupId: "sg-other" },
    });
    const rules = (type: typeof VpcSecurityGroupEgressRule | typeof VpcSecurityGroupIngressRule, key: string) =>
      all(type)
        .filter((rule) => !rule.cidr_ipv4)
        .map((rule) => `${rule[key]} ${rule.from_port}`)
        .sort();
    const expected = ["sg-other 8787", "sg-target 80", "sg-target 8787"];
    expect(rules(VpcSecurityGroupEgressRule, "referenced_security_group_id")).toEqual(expected);
    expect(rules(VpcSecurityGroupIngressRule, "security_group_id")).toEqual(expected);
  });
  it("keep those rules when one of them goes", () => {
    const ids = (...targets: string[]) =>
      Object.keys(withTargets(Object.fromEntries(targets.map((id) => [id, {}]))).byId(VpcSecurityGroupEgressRule));
    expect(ids("a", "b")).toEqual(ids("b"));
  });
  it("are refused where two have one priority", () => {
    const { name, message } = errorOf(() => withTargets({ a: { priority: 7 }, b: { priority: 7 } }));
    expect([name, message]).toEqual([
      "InputError",
      "test/balancer/b: priority: must not be that of test/balancer/a: set priority of one of both, got 7",
    ]);
  });
  it("are refused where one of them would never get its requests, whichever is made first", () => {
    const messageOf = (targets: Parameters<typeof withTargets>[0]) =>
      errorOf(() => withTargets(targets, DOMAIN)).message;
    const same = { hosts: ["dask.data.example.com"], paths: [] };
    expect(messageOf({ a: same, b: same })).toBe(
      "test/balancer/b: hosts: must not be answered by test/balancer/a too, or one of both never gets it: take another, got dask.data.example.com",
    );
    const wide = { hosts: ["*.data.example.com"], paths: [], priority: 5 };
    const narrow = { ...same, priority: 6 };
    const words = "take another, or let the narrower of both come first by priority, got dask.data.example.com";
    expect(messageOf({ wide, narrow })).toContain(`test/balancer/narrow: hosts: must not be answered by`);
    for (const targets of [
      { wide, narrow },
      { narrow, wide },
    ])
      expect(messageOf(targets)).toContain(words);
    expect(withTargets({ wide, narrow: { ...same, priority: 4 } }, DOMAIN).all(LbListenerRule)).toHaveLength(2);
  });
  it("are refused where a host takes the path that leads to another by the load balancer's own domain", () => {
    const root = { hosts: ["data.example.com"], paths: [] };
    const { message } = errorOf(() => withTargets({ root, prefect: { paths: ["/prefect"] } }, DOMAIN));
    expect(message).toContain("test/balancer/prefect: paths: must not be answered by test/balancer/root too");
    expect(
      withTargets({ root, prefect: { paths: ["/prefect"] } }, { certificateArn }).all(LbListenerRule),
    ).toHaveLength(2);
  });
  it("are of hosts that the certificate covers", () => {
    for (const host of ["data.example.com", "dask.data.example.com", "*.data.example.com"]) {
      expect(withTargets({ a: { hosts: [host] } }, DOMAIN).all(LbListenerRule)).toHaveLength(1);
    }
    for (const host of ["example.com", "a.b.data.example.com", "other.org"]) {
      const { message } = errorOf(() => withTargets({ a: { hosts: ["data.example.com", host] } }, DOMAIN));
      expect(message).toBe(
        `test/balancer/a: hosts[1]: must be data.example.com or one label below it, which the certificate covers, got ${host}`,
      );
    }
    expect(withTargets({ a: { hosts: ["other.org"] } }, { certificateArn }).all(LbListenerRule)).toHaveLength(1);
  });
});

it("says that its own name is of no use to callers with a certificate of the user's", () => {
  const needs = (settings: Partial<SharedLoadBalancerProps>) => {
    let found: boolean | undefined;
    buildShared(settings, ({ needsHost }) => {
      found = needsHost;
    });
    return found;
  };
  expect([needs({}), needs(DOMAIN), needs({ certificateArn })]).toEqual([false, false, true]);
});
it.each<[string, Partial<SharedLoadBalancerProps>, RegExp]>([
  ["HTTP", {}, /^http:\/\/\$\{aws_lb\.[\w-]+\.dns_name\}$/],
  ["HTTPS", { certificateArn }, /^https:\/\/\$\{aws_lb\.[\w-]+\.dns_name\}$/],
  ["its domain", DOMAIN, /^https:\/\/data\.example\.com$/],
])("tells where it is found, by %s", (_, settings, url) => {
  const keys = ["url", "dnsName", "zoneId", "loadBalancerArn", "loadBalancerArnSuffix", "securityGroupId"] as const;
  const { outputs } = buildShared(settings, (balancer) => {
    for (const key of keys) new TerraformOutput(balancer, key, { value: balancer[key], staticId: true });
  });
  expect(Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]))).toEqual({
    url: expect.stringMatching(url),
    dnsName: refTo(Lb, "dns_name"),
    zoneId: refTo(Lb, "zone_id"),
    loadBalancerArn: refTo(Lb, "arn"),
    loadBalancerArnSuffix: refTo(Lb, "arn_suffix"),
    securityGroupId: refTo(SecurityGroup, "id"),
  });
});
it("tells the addresses of hosts and paths", () => {
  let found: string[] = [];
  buildShared(DOMAIN, (balancer) => {
    found = [balancer.urlOf({ host: "dask.data.example.com" }), balancer.urlOf({ path: "/dask/" })];
  });
  expect(found).toEqual(["https://dask.data.example.com/", "https://data.example.com/dask/"]);
});
it.each<[string, Partial<SharedLoadBalancerProps>]>([
  ["a name of 100 letters", { name: "a".repeat(100) }],
  ["a certificate that another resource gives", { certificateArn: Token.asString({}) }],
  ["no callers, for the VPC's own", { allowedCidrs: [] }],
  ["two subnets of three, one of each zone", { network: { ...NETWORK, azs: ["a", "b"] } }],
])("accepts %s", (_, settings) => {
  expect(buildShared(settings).all(Lb)).toHaveLength(1);
});

const rows: BadInput<object>[] = [
  ["name", { name: "sg-a" }, "must not begin with sg-", '"sg-a"'],
  ["name", { name: "a-" }, "no hyphen last", '"a-"'],
  ["name", { name: "a".repeat(101) }, "at most 100", "got 101"],
  ["network", { network: { vpcId: "vpc-1" } }, "must be a Network", "privateSubnetIds"],
  ["network", { network: { ...NETWORK, privateSubnetIds: ["subnet-1a"] } }, "two zones at least", "got 1"],
  ["hostedZoneId", { domainName: "data.example.com" }, "is required with domainName", "got nothing"],
  ["domainName", { hostedZoneId: DOMAIN.hostedZoneId }, "is required with hostedZoneId", "got nothing"],
  ["certificateArn", { certificateArn, ...DOMAIN }, "must be left out with domainName", "got both"],
  ["certificateArn", { certificateArn: "mine" }, "ARN of an ACM certificate", '"mine"'],
  ["allowedCidrs.0", { allowedCidrs: ["0.0.0.0/0"] }, "must not be the whole internet"],
  ["allowedFrom.vpn", { allowedFrom: { vpn: "sg-1" } }, "what has a security group", '"sg-1"'],
  ["accessLogsBucket", { accessLogs: {}, accessLogsBucket: "my-logs" }, "must be left out with accessLogs"],
  ["deletionProtection", { deletionProtection: "yes" }, "of type boolean", '"yes"'],
  ["public", { public: true }, "unknown key"],
];
rejects(
  "test/balancer",
  rows.map(([key, settings, ...words]) => [key, { ...SHARED, ...settings }, ...words]),
  (stack, props) => new SharedLoadBalancer(stack, "balancer", props as SharedLoadBalancerProps),
);
