import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { CloudfrontCachePolicy } from "@cdktf/provider-aws/lib/cloudfront-cache-policy";
import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontFunction } from "@cdktf/provider-aws/lib/cloudfront-function";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { CloudwatchLogDelivery } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery";
import { CloudwatchLogDeliverySource } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-source";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { describe, expect, it } from "vitest";
import type { StaticWebsite } from "../../../../modules/aws/cloudfront/static-website";
import type { StaticWebsiteProps } from "../../../../modules/aws/cloudfront/website-settings";
import { type BadInput, rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";
import { build, CERTIFICATE, HOSTS, make, site, TOPIC, ZONE } from "./website.fixture";

const stack = build();
const statementsOf = (made: typeof stack, part: string): Json[] =>
  Object.entries(made.byId(S3BucketPolicy))
    .filter(([id]) => id.startsWith(part))
    .flatMap(([, { policy }]) => JSON.parse(policy).Statement);

describe("the bucket", () => {
  it("is closed to the public, owned by its account, versioned, and tells of its objects", () => {
    const closed = {
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    };
    for (const block of stack.all(S3BucketPublicAccessBlock)) expect(block).toMatchObject(closed);
    for (const { rule } of stack.all(S3BucketOwnershipControls))
      expect(rule.object_ownership).toBe("BucketOwnerEnforced");
    for (const { versioning_configuration: of } of stack.all(S3BucketVersioningA)) expect(of.status).toBe("Enabled");
    expect(stack.one(S3BucketNotification)).toMatchObject({ eventbridge: true });
  });
  it("is read by this distribution only, which may also list, so that a miss is a 404", () => {
    const allowed = statementsOf(stack, "site_bucket_").filter(({ Effect }) => Effect === "Allow");
    const reader = {
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceArn": refTo(CloudfrontDistribution, "arn") } },
    };
    expect(allowed).toEqual([
      { ...reader, Sid: "SiteFiles", Action: "s3:GetObject", Resource: expect.stringMatching(/\.arn\}\/\*$/) },
      { ...reader, Sid: "SiteMisses", Action: "s3:ListBucket", Resource: refTo(S3Bucket, "arn") },
    ]);
  });
  it("grants nobody anything without a condition, nor everybody anything", () => {
    for (const { Effect, Principal, Condition } of statementsOf(stack, "")) {
      expect(Condition).toBeDefined();
      if (Effect === "Allow") expect(Principal).not.toBe("*");
    }
  });
  it("bears the user's name, and is kept or destroyed as asked", () => {
    const named = build({ bucket: { name: "my-site", preventDestroy: true } });
    expect(named.all(S3Bucket).find(({ bucket }) => bucket === "my-site")).toMatchObject({
      lifecycle: { prevent_destroy: true },
    });
    expect(
      stack
        .all(S3Bucket)
        .map(({ bucket_prefix }) => bucket_prefix)
        .sort(),
    ).toEqual(["dev-site-logs-", "dev-site-site-"]);
  });
});

describe("the distribution", () => {
  const distribution = stack.one(CloudfrontDistribution);
  it("signs each request to its bucket", () => {
    expect(stack.one(CloudfrontOriginAccessControl)).toMatchObject({
      origin_access_control_origin_type: "s3",
      signing_behavior: "always",
      signing_protocol: "sigv4",
    });
    expect(distribution.origin).toEqual([
      {
        origin_id: "bucket",
        domain_name: refTo(S3Bucket, "bucket_regional_domain_name"),
        origin_access_control_id: refTo(CloudfrontOriginAccessControl, "id"),
      },
    ]);
  });
  it("speaks HTTP/2 and HTTP/3, IPv6 and HTTPS only", () => {
    expect(distribution).toMatchObject({
      enabled: true,
      http_version: "http2and3",
      is_ipv6_enabled: true,
      price_class: "PriceClass_100",
      default_root_object: "index.html",
      viewer_certificate: { cloudfront_default_certificate: true },
    });
    for (const behavior of [distribution.default_cache_behavior, ...distribution.ordered_cache_behavior]) {
      expect(behavior).toMatchObject({
        viewer_protocol_policy: "redirect-to-https",
        compress: true,
        allowed_methods: ["GET", "HEAD"],
        response_headers_policy_id: refTo(CloudfrontResponseHeadersPolicy, "id"),
      });
      expect(behavior).not.toHaveProperty("forwarded_values");
    }
    expect(distribution).not.toHaveProperty("aliases");
    expect(distribution).not.toHaveProperty("web_acl_id");
  });
  it("keeps assets long and pages as they say, whose addresses it tidies", () => {
    expect(
      distribution.ordered_cache_behavior.map(({ path_pattern, cache_policy_id }: Json) => [
        path_pattern,
        cache_policy_id,
      ]),
    ).toEqual(
      ["/assets/*", "/_next/static/*", "/static/*"].map((path) => [path, "658327ea-f89d-4fab-a63d-7e88639e58f6"]),
    );
    expect(distribution.default_cache_behavior).toMatchObject({
      cache_policy_id: refTo(CloudfrontCachePolicy, "id"),
      function_association: [{ event_type: "viewer-request", function_arn: refTo(CloudfrontFunction, "arn") }],
    });
    expect(stack.one(CloudfrontCachePolicy)).toMatchObject({ min_ttl: 0, default_ttl: 300, max_ttl: 31_536_000 });
  });
  it.each([
    ["its page where the folder has one", {}, 404, "/404.html"],
    ["the first page where it has none", { folder: site({ "index.html": "1" }) }, 200, "/index.html"],
    ["the first page where a pipeline writes", { folder: false }, 200, "/index.html"],
    ["the page that a pipeline writes", { folder: false, fallback: "notFound" }, 404, "/404.html"],
  ] as const)("answers what is not there with %s", (_, props, response_code, response_page_path) => {
    expect(build(props).one(CloudfrontDistribution).custom_error_response).toEqual(
      [403, 404].map((error_code) => ({ error_code, error_caching_min_ttl: 60, response_code, response_page_path })),
    );
  });
  it("runs its function for every address, those of long cached files too", () => {
    const { default_cache_behavior, ordered_cache_behavior } = build().one(CloudfrontDistribution);
    for (const { function_association } of [default_cache_behavior, ...ordered_cache_behavior]) {
      expect(function_association).toEqual([
        { event_type: "viewer-request", function_arn: refTo(CloudfrontFunction, "arn") },
      ]);
    }
  });
  it.each(["PriceClass_100", "PriceClass_200", "PriceClass_All"] as const)("takes %s", (priceClass) => {
    expect(build({ priceClass }).one(CloudfrontDistribution).price_class).toBe(priceClass);
  });
});

describe("its own hosts", () => {
  const own = build({ hosts: HOSTS, hostedZoneId: ZONE }, { elsewhere: true });
  it("are aliases with one certificate in us-east-1, and TLS 1.2 at least", () => {
    expect(own.one(CloudfrontDistribution)).toMatchObject({
      aliases: HOSTS,
      viewer_certificate: {
        acm_certificate_arn: refTo(AcmCertificateValidation, "certificate_arn"),
        ssl_support_method: "sni-only",
        minimum_protocol_version: "TLSv1.2_2021",
      },
    });
    expect(own.one(AcmCertificate)).toMatchObject({
      provider: "aws.global",
      domain_name: "example.com",
      subject_alternative_names: ["example.com", "www.example.com"],
      validation_method: "DNS",
    });
    expect(own.one(AcmCertificateValidation).provider).toBe("aws.global");
  });
  it("are proved one by one, and have an address of each kind", () => {
    const records = own.all(Route53Record);
    const proofs = records.filter(({ allow_overwrite }) => allow_overwrite);
    expect(
      proofs.map(({ name }) => /domain_name == "(.*)"\]/.exec(name)?.[1] ?? /== "(.*)"/.exec(name)?.[1]).sort(),
    ).toEqual(HOSTS);
    expect(
      records
        .filter(({ alias }) => alias)
        .map(({ name, type, alias }) => [name, type, alias.evaluate_target_health])
        .sort(),
    ).toEqual(HOSTS.flatMap((host) => ["A", "AAAA"].map((type) => [host, type, false])));
    expect(records).toHaveLength(6);
  });
  it("use a certificate that exists, with or without a zone", () => {
    const given = build({ hosts: ["example.com"], certificateArn: CERTIFICATE });
    expect(given.one(CloudfrontDistribution).viewer_certificate.acm_certificate_arn).toBe(CERTIFICATE);
    expect(given.all(AcmCertificate)).toEqual([]);
    expect(given.all(Route53Record)).toEqual([]);
    const both = build({ hosts: ["example.com"], certificateArn: CERTIFICATE, hostedZoneId: ZONE });
    expect(both.all(Route53Record)).toHaveLength(2);
  });
  it("are its addresses; else CloudFront's name is", () => {
    let urls: string[] = [];
    const told = (props: Partial<StaticWebsiteProps>) =>
      synth((scope) => {
        const { urls: of }: StaticWebsite = make(scope, props);
        urls = of;
      });
    told({ hosts: HOSTS, hostedZoneId: ZONE });
    expect(urls).toEqual(["https://example.com", "https://www.example.com"]);
    told({});
    expect(urls).toEqual([expect.stringMatching(/^https:\/\/\$\{TfToken/)]);
  });
});

describe("the log", () => {
  it("is set up in us-east-1, where such deliveries are, and kept 90 days", () => {
    const elsewhere = build({}, { elsewhere: true });
    expect(elsewhere.one(CloudwatchLogDeliverySource)).toMatchObject({
      provider: "aws.global",
      log_type: "ACCESS_LOGS",
      name: "dev-site-access",
      resource_arn: refTo(CloudfrontDistribution, "arn"),
    });
    expect(elsewhere.one(CloudwatchLogDelivery)).toMatchObject({ provider: "aws.global" });
    expect(stack.one(CloudwatchLogDelivery)).not.toHaveProperty("provider");
    const rules = Object.entries(stack.byId(S3BucketLifecycleConfiguration)).find(([id]) =>
      id.includes("access-log"),
    )?.[1].rule;
    expect(rules.find(({ id }: Json) => id === "expiration").expiration).toEqual([{ days: 90 }]);
  });
  it("can be left out", () => {
    const none = build({ accessLogs: false });
    expect(none.all(CloudwatchLogDelivery)).toEqual([]);
    expect(none.all(S3Bucket)).toHaveLength(1);
  });
});

describe("alarms", () => {
  it("watch errors in us-east-1, where CloudFront's figures are, and the invalidation", () => {
    const watched = build(
      { alarmTopicArns: [TOPIC], globalAlarmTopicArns: [TOPIC], errorPercent: 1 },
      { elsewhere: true },
    );
    const alarms = watched.all(CloudwatchMetricAlarm);
    expect(alarms.find(({ namespace }) => namespace === "AWS/CloudFront")).toMatchObject({
      provider: "aws.global",
      metric_name: "5xxErrorRate",
      dimensions: { DistributionId: refTo(CloudfrontDistribution, "id"), Region: "Global" },
      threshold: 1,
      alarm_actions: [TOPIC],
    });
    expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
      "dev-site-changes-dead-letter",
      "dev-site-changes-queue-age",
      "dev-site-invalidation-errors",
      "dev-site-invalidation-throttles",
      "dev-site-site-errors",
    ]);
  });
  it("are left out without topics", () => expect(stack.all(CloudwatchMetricAlarm)).toEqual([]));
});

describe("a firewall", () => {
  it("is made where asked, or one that exists is used", () => {
    const own = build({ waf: {} }, { elsewhere: true });
    expect(own.one(CloudfrontDistribution).web_acl_id).toEqual(refTo(Wafv2WebAcl, "arn"));
    expect(own.one(Wafv2WebAcl)).toMatchObject({ scope: "CLOUDFRONT", provider: "aws.global" });
    const arn = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
    const given = build({ webAclArn: arn });
    expect(given.one(CloudfrontDistribution).web_acl_id).toBe(arn);
    // its 403 is not taken for a page that is not there
    for (const { one } of [own, given]) {
      expect(one(CloudfrontDistribution).custom_error_response.map(({ error_code }: Json) => error_code)).toEqual([
        404,
      ]);
    }
  });
});

it("leaves files to a pipeline, whose pages it is told", () => {
  const without = build({ folder: false, pages: ["resume.html", "docs/index.html"] });
  expect(without.all(S3Object)).toEqual([]);
  expect(without.one(CloudfrontFunction).code).toContain('{"/docs":2,"/resume":1}');
});
it("shares no name with one of another environment", () => {
  const namesOf = (name: string) => {
    const resources = Object.values<Json>(build({ name, waf: {}, alarmTopicArns: [TOPIC] }).parsed.resource);
    return resources
      .flatMap((ofType) => Object.values<Json>(ofType))
      .flatMap(({ name, name_prefix, bucket_prefix, function_name, alarm_name }) => [
        ...[name, name_prefix, bucket_prefix, function_name, alarm_name].filter((one) => one && !/^\$\{/.test(one)),
      ]);
  };
  const dev = namesOf("dev-site").filter((name) => !["run", "work"].includes(name)); // policies within a role
  expect(dev.length).toBeGreaterThan(15);
  for (const name of dev) expect(name).toMatch(/^(\/aws\/lambda\/)?dev-site-/);
});

const EMPTY = site({ "about.html": "1" });
const CONFIG = site({ "index.html": "1", "config.json": "{}" });
const many = Object.fromEntries([...Array(1001)].map((_, i) => [`${i}.txt`, ""]));
const wide = Object.fromEntries([...Array(400)].map((_, i) => [`${"page".repeat(8)}-${i}.html`, ""]));
const MANY = site({ "index.html": "1", ...many });
const WIDE = site({ "index.html": "1", ...wide });
const rows: BadInput<Partial<StaticWebsiteProps>>[] = [
  ["name", { name: "" }],
  ["name", { name: "Site" }, "lower-case"],
  ["name", { name: "x".repeat(41) }, "40"],
  ["hosts", { hosts: [], hostedZoneId: ZONE }],
  ["hosts.0", { hosts: ["EXAMPLE.com"], hostedZoneId: ZONE }, "lower case"],
  ["hosts", { hosts: ["a.com", "a.com"], hostedZoneId: ZONE }, "once"],
  ["hosts", { hosts: [...Array(11)].map((_, i) => `h${i}.com`), hostedZoneId: ZONE }, "10"],
  ["hostedZoneId", { hosts: HOSTS }, "certificateArn", "neither"],
  ["hostedZoneId", { hosts: HOSTS, hostedZoneId: "x" }],
  ["hostedZoneId", { hostedZoneId: ZONE }, "hosts"],
  ["certificateArn", { certificateArn: CERTIFICATE }, "hosts"],
  ["certificateArn", { hosts: HOSTS, certificateArn: CERTIFICATE.replace("us-east-1", "eu-west-1") }, "us-east-1"],
  ["folder", { folder: "" }],
  ["folder", { folder: true as never }, "folder or false"],
  ["folder", { folder: "/nowhere" }, "does not exist"],
  ["folder", { folder: EMPTY }, "index.html"],
  ["folder", { folder: EMPTY, fallback: "notFound" }, "index.html and 404.html"],
  ["folder", { folder: CONFIG, reserved: ["config.json"] }, "config.json"],
  ["folder", { folder: MANY }, "1000", "1002", "pipeline"],
  ["folder", { folder: WIDE }, "10240", "pages"],
  ["pages", { pages: ["a.html"] }, "folder is false"],
  ["pages", { folder: false, pages: ["a.html", "a.html"] }, "once"],
  ["pages.0", { folder: false, pages: ["/a.html"] }, "path of a file"],
  ["pages.0", { folder: false, pages: ["a/../b.html"] }, "path of a file"],
  ["pages", { folder: false, pages: [...Array(400)].map((_, i) => `${"page".repeat(8)}-${i}.html`) }, "10240"],
  ["fallback", { fallback: "index" as never }],
  ["immutableFolders.0", { immutableFolders: ["/assets/"] }, "without slashes"],
  ["bucket.name", { bucket: { name: "A" } }],
  ["bucket.noncurrentVersionDays", { bucket: { noncurrentVersionDays: 0 } }],
  ["bucket.forceDestroy", { bucket: { forceDestroy: true, preventDestroy: true } }],
  ["priceClass", { priceClass: "PriceClass_300" as never }],
  ["contentSecurityPolicy.img-src.0", { contentSecurityPolicy: { "img-src": ["a; b"] } }, "one source"],
  ["contentSecurityPolicy.Img", { contentSecurityPolicy: { Img: [] } }, "directive"],
  ["httpsDays", { httpsDays: 0 }],
  ["httpsDays", { httpsDays: 731 }],
  ["connect.0", { connect: ["a b"] }],
  ["accessLogs.retentionDays", { accessLogs: { retentionDays: 0 } }],
  ["accessLogs.retentionDays", { accessLogs: { retentionDays: 3651 } }],
  ["waf.rateLimit", { waf: { rateLimit: 9 } }],
  ["waf.rateLimit", { waf: { rateLimit: 2_000_000_001 } }],
  ["webAclArn", { webAclArn: "x" }, "CLOUDFRONT"],
  ["webAclArn", { waf: {}, webAclArn: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b" }, "waf"],
  ["errorPercent", { errorPercent: 0 }],
  ["errorPercent", { errorPercent: 101 }],
  ["alarmTopicArns", { alarmTopicArns: [] }],
  ["globalAlarmTopicArns.0", { globalAlarmTopicArns: ["x"] }],
  ["globalProvider", { globalProvider: {} as never }, "AwsProvider"],
];
rejects("test/site", rows, (scope, props) => make(scope, props));
it.each([
  { name: "x".repeat(40) },
  { hosts: [...Array(10)].map((_, i) => `h${i}.com`), hostedZoneId: ZONE },
  { httpsDays: 1 },
  { httpsDays: 730 },
  { waf: { rateLimit: 10 } },
  { waf: { rateLimit: 2_000_000_000 } },
  { errorPercent: 100, globalAlarmTopicArns: [TOPIC] },
  { accessLogs: { retentionDays: 1 } },
  { accessLogs: { retentionDays: 3650, forceDestroy: true } },
  { folder: site({ "index.html": "1", ...Object.fromEntries(Object.entries(many).slice(0, 999)) }) },
] satisfies Partial<StaticWebsiteProps>[])("takes what is just allowed: $name$httpsDays$waf$errorPercent", (props) => {
  expect(build(props).all(CloudfrontDistribution)).toHaveLength(1);
});
