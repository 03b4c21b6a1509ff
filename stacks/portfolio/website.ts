import type { Construct } from "constructs";
import { StaticWebsite } from "../../modules/aws/cloudfront/static-website";
import { AlertTopic } from "../../modules/aws/cloudwatch/alert-topic";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { PortfolioDataStack } from "./data";
import { apiHost, siteHosts } from "./domain";
import type { PortfolioSettings } from "./settings";

/** Where CloudFront takes certificates and firewalls from, and puts its logs and figures. */
const GLOBAL_REGION = "us-east-1";

/** Static site on CloudFront. */
export class PortfolioWebsiteStack extends BaseStack {
  readonly website: StaticWebsite;
  /** Its own hosts, the main one first; CloudFront's name without a domain. */
  readonly domains: string[];

  constructor(
    scope: Construct,
    environment: BaseSettings,
    layers: { data: PortfolioDataStack },
    { domain, website, alertEmails }: PortfolioSettings,
  ) {
    super(scope, environment, {
      system: "portfolio",
      layer: "website",
      description: "Static site on CloudFront",
      places: {
        website: {
          "": "portfolio.website",
          hosts: "portfolio.domain",
          hostedZoneId: "portfolio.domain.hostedZoneId",
          name: "name",
        },
        "global-alerts": { "": "portfolio", emails: "portfolio.alertEmails" },
      },
    });
    const { name: env, region, account } = environment;
    const name = `${env}-portfolio`;
    const { alerts } = layers.data;
    const globalProvider =
      region === GLOBAL_REGION ? undefined : this.otherProvider("global", { region: GLOBAL_REGION, account });
    // an alarm notifies topics of its own region only
    const globalAlerts =
      globalProvider && alerts
        ? new AlertTopic(this, "global-alerts", {
            prefix: name,
            noun: "website-alerts",
            emails: alertEmails,
            provider: globalProvider,
          })
        : alerts;
    this.website = new StaticWebsite(this, "website", {
      ...website,
      name,
      ...(domain && { hosts: siteHosts(env, domain), hostedZoneId: domain.hostedZoneId }),
      reserved: ["config.json"], // the address of the API
      connect: [domain ? `https://${apiHost(env, domain)}` : `https://*.execute-api.${region}.amazonaws.com`],
      ...(alerts && { alarmTopicArns: [alerts.arn] }),
      ...(globalAlerts && { globalAlarmTopicArns: [globalAlerts.arn] }),
      globalProvider,
    });
    this.domains = domain ? siteHosts(env, domain) : [this.website.distributionDomainName];
    this.publish({
      cdn_distribution_id: this.website.distributionId,
      cdn_bucket_name: this.website.bucket.bucketName,
      domains: this.domains,
      website_url: this.website.urls[0],
      ...(this.website.logBucketName !== undefined && { cdn_log_bucket_name: this.website.logBucketName }),
    });
  }
}
