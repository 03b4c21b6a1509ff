import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontFunction } from "@cdktf/provider-aws/lib/cloudfront-function";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { CloudwatchLogDeliverySource } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-source";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { describe, expect, it } from "vitest";
import { buildApp, synthesize } from "../../../stacks/app";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { edge, sentTo } from "../../modules/aws/cloudfront/clean-addresses.fixture";
import { errorOf } from "../../support/bad-input";
import { type Json, publishedOutputs, refTo, synthApp } from "../../support/synth";

type Portfolio = NonNullable<EnvironmentSettings["portfolio"]>;
const DOMAIN = { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE" };
const environment = (name: string, portfolio: Portfolio = {}, region = "eu-west-1") =>
  defineEnvironment({ name, region, portfolio });

const app = synthApp(
  environment("dev"),
  environment("prod", { domain: DOMAIN }),
  environment("staging", { domain: DOMAIN }),
  environment("home", {}, "us-east-1"),
);
const stack = (env: string) => app.stack(`${env}-portfolio-website`);

describe("without a domain", () => {
  it("is on CloudFront's name, with its certificate", () => {
    const distribution = stack("dev").one(CloudfrontDistribution);
    expect(distribution.viewer_certificate).toEqual({ cloudfront_default_certificate: true });
    expect(distribution.aliases).toBeUndefined();
    for (const type of [AcmCertificate, Route53Record]) expect(stack("dev").all(type)).toEqual([]);
    expect(stack("dev").outputs.website_url.value).toMatch(
      /^https:\/\/\$\{aws_cloudfront_distribution\..*\.domain_name\}$/,
    );
  });
  it("may call the API under the name that AWS gives it in this region", () => {
    const { security_headers_config: of } = stack("dev").one(CloudfrontResponseHeadersPolicy);
    expect(of.content_security_policy.content_security_policy).toContain(
      "connect-src 'self' https://*.execute-api.eu-west-1.amazonaws.com;",
    );
  });
});

describe("with a domain", () => {
  it.each([
    ["prod", ["example.com", "www.example.com"], "api.example.com"],
    ["staging", ["staging.example.com"], "api.staging.example.com"],
  ])("%s is on %j, with IPv4, IPv6 and one certificate in us-east-1", (env, hosts, api) => {
    const { one, all } = stack(env);
    expect(one(CloudfrontDistribution)).toMatchObject({
      aliases: hosts,
      viewer_certificate: { minimum_protocol_version: "TLSv1.2_2021", ssl_support_method: "sni-only" },
    });
    const { domain_name, subject_alternative_names, provider } = one(AcmCertificate);
    expect([domain_name, subject_alternative_names]).toEqual([hosts[0], hosts]);
    expect(provider).toBe("aws.global");
    expect(
      all(Route53Record)
        .filter(({ alias }) => alias)
        .map(({ name, type }) => `${name} ${type}`)
        .sort(),
    ).toEqual(hosts.flatMap((host) => [`${host} A`, `${host} AAAA`]));
    const { security_headers_config: of } = one(CloudfrontResponseHeadersPolicy);
    expect(of.content_security_policy.content_security_policy).toContain(`connect-src 'self' https://${api};`);
    expect(stack(env).outputs.website_url.value).toBe(`https://${hosts[0]}`);
    expect(stack(env).outputs.domains.value).toEqual(hosts);
  });
  it("prod sends www to the domain itself", () => {
    const { code } = stack("prod").one(CloudfrontFunction);
    expect(code).toContain('"main":"example.com","others":{"www.example.com":1}');
    expect(stack("staging").one(CloudfrontFunction).code).toContain('"main":"","others":{}');
  });
});

describe("in every environment", () => {
  it.each(["dev", "prod", "staging", "home"])("%s is a private bucket behind CloudFront", (env) => {
    const { one, all } = stack(env);
    expect(all(S3BucketPublicAccessBlock)).toHaveLength(2);
    for (const block of all(S3BucketPublicAccessBlock)) expect(block.restrict_public_buckets).toBe(true);
    const statements: Json[] = all(S3BucketPolicy).flatMap(({ policy }) => JSON.parse(policy).Statement);
    const readers = statements.filter(({ Principal }) => Principal.Service === "cloudfront.amazonaws.com");
    expect(readers.map(({ Condition }) => Condition)).toEqual(
      [1, 2].map(() => ({ StringEquals: { "aws:SourceArn": refTo(CloudfrontDistribution, "arn") } })),
    );
    for (const { Effect, Principal } of statements) if (Effect === "Allow") expect(Principal).not.toBe("*");
    const distribution = one(CloudfrontDistribution);
    expect(distribution.origin[0].origin_access_control_id).toEqual(refTo(CloudfrontOriginAccessControl, "id"));
    expect(distribution.http_version).toBe("http2and3");
    expect(distribution.custom_error_response.map(({ error_code }: Json) => error_code)).toEqual([403, 404]);
    expect(JSON.stringify(distribution)).not.toContain("forwarded_values");
  });
  it("shows the example site: /receipts is its second page, and unknown addresses its first", () => {
    const { all } = stack("dev");
    expect(
      all(S3Object)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(["404.html", "assets/icon.svg", "assets/site.css", "assets/site.js", "index.html", "receipts.html"]);
    const ask = edge({ files: ["index.html", "receipts.html", "404.html"], singlePage: true, hosts: [] });
    expect(ask("/receipts").uri).toBe("/receipts.html");
    expect(sentTo(ask("/receipts/"))).toBe("/receipts");
    expect(ask("/unknown").uri).toBe("/index.html");
  });
  it("takes CloudFront's things to us-east-1, and needs no other provider where it is there already", () => {
    expect(stack("dev").parsed.provider.aws).toHaveLength(2);
    expect(stack("dev").one(CloudwatchLogDeliverySource).provider).toBe("aws.global");
    expect(stack("home").parsed.provider.aws).toHaveLength(1);
    expect(stack("home").json).not.toContain("aws.global");
  });
  it("tells of errors there, and of the invalidation here", () => {
    const watched = stack("dev");
    expect(watched.one(SnsTopic)).toMatchObject({ name: "dev-portfolio-website-alerts", provider: "aws.global" });
    expect(watched.all(CloudwatchMetricAlarm).filter(({ provider }) => provider === "aws.global")).toEqual([
      expect.objectContaining({ metric_name: "5xxErrorRate", alarm_actions: [refTo(SnsTopic, "arn")] }),
    ]);
    expect(stack("home").all(SnsTopic)).toEqual([]);
    const quiet = synthApp(environment("dev", { alarms: false })).stack("dev-portfolio-website");
    for (const type of [SnsTopic, CloudwatchMetricAlarm]) expect(quiet.all(type)).toEqual([]);
  });
});

it("publishes what people and pipelines need", () => {
  const expected = ["cdn_bucket_name", "cdn_distribution_id", "cdn_log_bucket_name", "domains", "website_url"];
  expect(publishedOutputs(stack("dev"))).toEqual(expected);
  const without = synthApp(environment("dev", { website: { accessLogs: false } })).stack("dev-portfolio-website");
  expect(publishedOutputs(without)).toEqual(expected.filter((name) => name !== "cdn_log_bucket_name"));
});
it("stands beside that of another environment: they share no name", () => {
  const names = (env: string) =>
    Object.values<Json>(stack(env).parsed.resource)
      .flatMap((ofType) => Object.values<Json>(ofType))
      .flatMap(({ name, name_prefix, bucket_prefix, function_name, alarm_name }) =>
        [name, name_prefix, bucket_prefix, function_name, alarm_name].filter(
          (one) => one && !/^\$\{|^(run|work)$/.test(one),
        ),
      );
  const [prod, staging] = [names("prod"), names("staging")];
  expect(prod.length).toBeGreaterThan(15);
  expect(prod.filter((name) => staging.includes(name))).toEqual([]);
});

describe("a wrong setting", () => {
  const wrong = (website: Json, more: Portfolio = {}) =>
    errorOf(() => synthesize(buildApp([environment("dev", { ...more, website })], { outdir: app.outdir }))).message;
  it.each<[string, Json]>([
    ["priceClass", { priceClass: "all" }],
    ["name", { name: "x" }],
    ["hosts", { hosts: ["a.com"] }],
    ["connect", { connect: [] }],
    ["globalProvider", { globalProvider: 1 }],
    ["waf.rateLimit", { waf: { rateLimit: 1 } }],
    ["folder", { folder: "nowhere" }],
    ["certificateArn", { certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d" }],
  ])("%s is named by its path", (path, website) => {
    expect(wrong(website)).toContain(`dev: portfolio.website.${path}: `);
  });
});
