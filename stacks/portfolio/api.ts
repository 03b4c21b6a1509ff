import type { Construct } from "constructs";
import { HttpApi } from "../../modules/aws/apigateway/http-api";
import type { FunctionLayer } from "../../modules/aws/lambda/lambda-function";
import { BucketObject } from "../../modules/aws/storage/bucket-object";
import { wire } from "../../modules/portfolio/route-wiring";
import { routesOf } from "../../modules/portfolio/routes";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { PortfolioDataStack } from "./data";
import { apiHost } from "./domain";
import type { PortfolioSettings } from "./settings";
import type { PortfolioWebsiteStack } from "./website";

/** HTTP API with one function per route. */
export class PortfolioApiStack extends BaseStack {
  readonly api: HttpApi;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    layers: {
      data: PortfolioDataStack;
      layers: Readonly<Record<string, FunctionLayer>>;
      website: PortfolioWebsiteStack;
    },
    { api: settings, domain }: PortfolioSettings,
  ) {
    super(scope, environment, {
      system: "portfolio",
      layer: "api",
      description: "HTTP API with one function per route",
      places: {
        api: {
          "": "portfolio.api",
          name: "name",
          region: "region",
          domain: "portfolio.domain",
          "domain.certificateArn": "portfolio.api.certificateArn",
        },
        "api/routes/*/function": "portfolio.api.routes.*",
      },
    });
    const { table, rawBucket, alerts } = layers.data;
    const { website } = layers.website;
    const name = `${environment.name}-portfolio-api`;
    const { routes: _own, without: _without, certificateArn, cors, ...shared } = settings;
    const resources = { table, rawBucket, siteBucket: website.bucket, layers: layers.layers };
    this.api = new HttpApi(this, "api", {
      ...shared,
      name,
      description: `API of the portfolio of ${environment.name}`,
      region: environment.region,
      routes: Object.fromEntries(
        Object.entries(routesOf(settings)).map(([key, route]) => [key, wire(route, resources)]),
      ),
      cors: { ...cors, origins: cors.origins ?? website.urls },
      ...(domain && {
        domain: { name: apiHost(environment.name, domain), hostedZoneId: domain.hostedZoneId, certificateArn },
      }),
      ...(alerts && { alarmTopicArns: [alerts.arn] }),
    });
    new BucketObject(this, "site-config", {
      bucket: website.bucket.bucketName,
      key: "config.json",
      content: JSON.stringify({ apiUrl: this.api.url }),
      contentType: "application/json",
      cacheControl: "no-cache",
      dependsOn: this.api.ready, // the site does not name an API that does not answer yet
    });
    this.publish({
      api_id: this.api.apiId,
      api_domain: this.api.host,
      api_url: this.api.url,
      api_function_names: Object.fromEntries(
        Object.entries(this.api.functions).map(([key, { functionName }]) => [key, functionName]),
      ),
      api_log_group_name: this.api.logGroupName,
      ...(this.api.dashboardName !== undefined && { api_dashboard_name: this.api.dashboardName }),
    });
  }
}
