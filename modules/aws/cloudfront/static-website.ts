import { CloudfrontCachePolicy } from "@cdktf/provider-aws/lib/cloudfront-cache-policy";
import {
  CloudfrontDistribution,
  type CloudfrontDistributionViewerCertificate,
} from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { type ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { type FolderFile, filesOf } from "../../common/bundling/folder";
import type { Statement } from "../../common/iam/policy";
import { parseProps, settingText, wrongSetting } from "../../common/settings/props";
import { certificateFor } from "../load-balancer/certificate";
import { bucketPrefix, PrivateBucket } from "../storage/private-bucket";
import { CacheInvalidation } from "./cache-invalidation";
import { CleanAddresses, cleanAddressesCode, MOST_CODE } from "./clean-addresses";
import { EdgeAccessLog } from "./edge-access-log";
import { contentSecurityPolicy, ResponseHeaders } from "./response-headers";
import { SiteAddresses } from "./site-addresses";
import { addressedFiles, immutableKeys, SiteFiles } from "./site-files";
import { WebAcl } from "./web-acl";
import { type StaticWebsiteProps, type WebsiteSettings, websiteSchema } from "./website-settings";

/** AWS's policy CachingOptimized. Source: CloudFront Developer Guide, "Use managed cache policies". */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/** Where sites keep what changes seldom, or never under its name. */
const LONG_CACHED = ["/assets/*", "/_next/static/*", "/static/*"];
/** Objects that Terraform keeps; more take long to plan. */
const MOST_FILES = 1000;
const ADVICE = "set it to false and write the files into the bucket by a pipeline";

/** Static site on CloudFront: files in a bucket that nobody else can read, and what visitors need to reach them. */
export class StaticWebsite extends Construct {
  /** The files; who writes one into it sees it on the site at once. */
  readonly bucket: PrivateBucket;
  readonly distributionId: string;
  readonly distributionArn: string;
  /** CloudFront's own name of it. */
  readonly distributionDomainName: string;
  /** Addresses, the main one first. */
  readonly urls: string[];
  /** Bucket of the access log; undefined without. */
  readonly logBucketName: string | undefined;
  readonly invalidation: CacheInvalidation;
  /** What must exist before the site is used. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: StaticWebsiteProps) {
    super(scope, id);
    const settings = parseProps(this, websiteSchema, props);
    const { name, hosts = [], hostedZoneId, globalProvider: provider, accessLogs } = settings;
    const files = this.read(settings);

    const own: { distribution?: CloudfrontDistribution } = {};
    const distributionArn = Lazy.stringValue({ produce: () => own.distribution?.arn });
    const { name: bucketName, ...bucketSettings } = settings.bucket;
    this.bucket = new PrivateBucket(this, "bucket", {
      ...bucketSettings,
      ...(bucketName === undefined ? { bucketPrefix: bucketPrefix(name, "site") } : { bucket: bucketName }),
      eventBridge: true,
      statements: (bucketArn) => readBy(distributionArn, bucketArn),
    });
    const distribution = this.distribution(settings, files);
    own.distribution = distribution;
    if (hosts.length > 0 && hostedZoneId !== undefined) {
      new SiteAddresses(this, "addresses", { hosts, hostedZoneId, distribution });
    }
    const immutable = immutableKeys(settings.immutableFolders);
    const { tracing, logRetentionDays, logKmsKeyArn, alarmTopicArns } = settings;
    this.invalidation = new CacheInvalidation(this, "invalidation", {
      ...{ tracing, logRetentionDays, logKmsKeyArn, alarmTopicArns },
      name,
      bucketName: this.bucket.bucketName,
      distributionId: distribution.id,
      distributionArn: distribution.arn,
      immutable,
    });
    if (settings.folder !== false) new SiteFiles(this, "files", { bucket: this.bucket, files, immutable });
    this.logBucketName = accessLogs
      ? new EdgeAccessLog(this, "access-logs", { ...accessLogs, name, distributionArn: distribution.arn, provider })
          .bucketName
      : undefined;
    if (settings.globalAlarmTopicArns) this.watch(settings, distribution.id, settings.globalAlarmTopicArns);

    this.distributionId = distribution.id;
    this.distributionArn = distribution.arn;
    this.distributionDomainName = distribution.domainName;
    this.urls = (hosts.length > 0 ? hosts : [distribution.domainName]).map((host) => `https://${host}`);
    this.ready = [...this.bucket.ready, distribution];
  }

  /** Files of the folder, which must be a site; none where a pipeline writes them. */
  private read({ folder, fallback, reserved }: WebsiteSettings): FolderFile[] {
    if (folder === false) return [];
    const files = filesOf(folder, settingText(this, "folder"), {
      modules: true, // some builds put their fonts and icons there
      tooLarge: ADVICE,
    });
    const paths = files.map(({ path }) => path);
    const needed = ["index.html", ...(fallback === "notFound" ? ["404.html"] : [])];
    const missing = needed.filter((page) => !paths.includes(page));
    if (missing.length > 0) throw wrongSetting(this, "folder", `must hold ${missing.join(" and ")}, got ${folder}`);
    const taken = reserved.filter((key) => paths.includes(key));
    if (taken.length > 0) {
      throw wrongSetting(
        this,
        "folder",
        `must not hold ${taken.join(" and ")}, which is written for it, got ${folder}`,
      );
    }
    if (files.length > MOST_FILES) {
      throw wrongSetting(this, "folder", `must hold at most ${MOST_FILES} files, got ${files.length}; ${ADVICE}`);
    }
    return files;
  }

  private distribution(settings: WebsiteSettings, files: readonly FolderFile[]): CloudfrontDistribution {
    const { name, hosts = [], fallback, folder, waf, webAclArn, globalProvider: provider } = settings;
    const paths = folder === false ? settings.pages : files.map(({ path }) => path);
    const access = new CloudfrontOriginAccessControl(this, "access", {
      name: `${name}-site`,
      description: "Reads the files of the website",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const fresh = new CloudfrontCachePolicy(this, "pages-cache", {
      name: `${name}-pages`,
      comment: "As long as the files say; five minutes where they say nothing",
      minTtl: 0,
      defaultTtl: 300,
      maxTtl: 31_536_000,
      parametersInCacheKeyAndForwardedToOrigin: {
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
      },
    });
    const headers = new ResponseHeaders(this, "headers", {
      name,
      httpsDays: settings.httpsDays,
      contentSecurityPolicy: contentSecurityPolicy(settings.contentSecurityPolicy, settings.connect),
    });
    const addresses = new CleanAddresses(this, "clean-addresses", { name, code: this.addressesCode(settings, paths) });
    const firewall = waf && new WebAcl(this, "firewall", { ...waf, name, provider });
    const behavior = {
      targetOriginId: "bucket",
      allowedMethods: ["GET", "HEAD"],
      cachedMethods: ["GET", "HEAD"],
      viewerProtocolPolicy: "redirect-to-https",
      compress: true,
      responseHeadersPolicyId: headers.id,
      functionAssociation: [{ eventType: "viewer-request", functionArn: addresses.arn }],
    };
    // With s3:ListBucket a miss is a 404; S3 answers 403 to names that it does not take, and a firewall to whom it refuses,
    // which is to be told.
    const missed = waf || webAclArn !== undefined ? [404] : [403, 404];
    const notFound =
      fallback === "notFound" || paths.includes("404.html")
        ? { responseCode: 404, responsePagePath: "/404.html" }
        : { responseCode: 200, responsePagePath: "/index.html" };
    return new CloudfrontDistribution(this, "distribution", {
      enabled: true,
      comment: name,
      ...(hosts.length > 0 && { aliases: [...hosts] }),
      defaultRootObject: "index.html",
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass: settings.priceClass,
      webAclId: firewall?.arn ?? webAclArn,
      origin: [{ originId: "bucket", domainName: this.bucket.regionalDomainName, originAccessControlId: access.id }],
      defaultCacheBehavior: {
        ...behavior,
        cachePolicyId: fresh.id,
      },
      orderedCacheBehavior: LONG_CACHED.map((pathPattern) => ({
        ...behavior,
        pathPattern,
        cachePolicyId: CACHING_OPTIMIZED,
      })),
      customErrorResponse: missed.map((errorCode) => ({ errorCode, errorCachingMinTtl: 60, ...notFound })),
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: this.certificate(settings),
      tags: { Name: name },
    });
  }

  private addressesCode({ fallback, hosts = [], folder }: WebsiteSettings, paths: readonly string[]): string {
    const code = cleanAddressesCode({ files: addressedFiles(paths), singlePage: fallback === "spa", hosts });
    const bytes = Buffer.byteLength(code);
    if (bytes <= MOST_CODE) return code;
    const key = folder === false ? "pages" : "folder";
    const advice = "link to some by their full names, and set folder to false with the others in pages";
    const fault = `must have fewer pages, or shorter names of them: CloudFront takes ${MOST_CODE} bytes of their list`;
    throw wrongSetting(this, key, `${fault} with its program, got ${bytes}; ${advice}`);
  }

  private certificate(settings: WebsiteSettings): CloudfrontDistributionViewerCertificate {
    const { hosts: [domainName, ...otherNames] = [], globalProvider: provider } = settings;
    if (domainName === undefined) return { cloudfrontDefaultCertificate: true };
    const { certificateArn, hostedZoneId } = settings;
    const certificate = certificateArn === undefined ? { domainName, hostedZoneId } : { certificateArn };
    return {
      acmCertificateArn: certificateFor(this, certificate, { otherNames, provider }),
      sslSupportMethod: "sni-only",
      minimumProtocolVersion: "TLSv1.2_2021",
    };
  }

  private watch(
    { name, errorPercent, globalProvider: provider }: WebsiteSettings,
    id: string,
    topicArns: string[],
  ): void {
    new CloudwatchMetricAlarm(this, "errors", {
      provider,
      alarmName: `${name}-site-errors`,
      alarmDescription: `${errorPercent} % of the website's answers are errors of its own: see its access log`,
      namespace: "AWS/CloudFront",
      metricName: "5xxErrorRate",
      dimensions: { DistributionId: id, Region: "Global" },
      statistic: "Average",
      period: 300,
      evaluationPeriods: 3,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: errorPercent,
      treatMissingData: "notBreaching", // no visitors, no data
      alarmActions: topicArns,
      okActions: topicArns,
    });
  }
}

/** What the distribution, and no other, may read. */
const readBy = (distributionArn: string, bucketArn: string): Statement[] => {
  const reader = {
    Principal: { Service: "cloudfront.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceArn": distributionArn } },
  };
  return [
    { Sid: "SiteFiles", ...reader, Action: "s3:GetObject", Resource: `${bucketArn}/*` },
    { Sid: "SiteMisses", ...reader, Action: "s3:ListBucket", Resource: bucketArn },
  ];
};
