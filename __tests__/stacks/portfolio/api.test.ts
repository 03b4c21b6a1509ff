import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { describe, expect, it } from "vitest";
import { defineEnvironment } from "../../../stacks/environment";
import { errorOf } from "../../support/bad-input";
import { publishedOutputs, synthApp } from "../../support/synth";
import { build } from "./portfolio.fixture";

const DOMAIN = { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE" };
const app = build();
const api = app.stack("dev-portfolio-api");

describe("the API of a portfolio", () => {
  it("has its routes, each answered by its own function over payload 2.0", () => {
    const keys = api.all(Apigatewayv2Route).map(({ route_key }) => route_key);
    expect(keys.sort()).toEqual([
      "GET /health_check",
      "GET /image_count",
      "GET /image_details",
      "GET /label_validation_count",
      "GET /merchant_counts",
      "GET /receipt_count",
      "GET /receipts",
      "POST /process",
    ]);
    expect(api.all(Apigatewayv2Integration).map(({ payload_format_version }) => payload_format_version)).toEqual(
      Array(8).fill("2.0"),
    );
    expect(new Set(api.all(LambdaPermission).map(({ function_name }) => function_name)).size).toBe(8);
    expect(api.one(Apigatewayv2Stage)).toMatchObject({ name: "$default", auto_deploy: true });
  });
  it("has functions with logs of their own names, and the tag of the environment", () => {
    const functions = api.all(LambdaFunction);
    expect(functions).toHaveLength(8);
    const groups = Object.entries(api.byId(CloudwatchLogGroup));
    for (const { function_name, logging_config, environment } of functions) {
      expect(function_name).toMatch(/^dev-portfolio-api-/);
      const [, id] = /^\$\{aws_cloudwatch_log_group\.(.+)\.name\}$/.exec(logging_config.log_group) ?? [];
      expect(groups.find(([key]) => key === id)?.[1].name).toBe(`/aws/lambda/${function_name}`);
      if (function_name !== "dev-portfolio-api-health-check") expect(environment.variables.TABLE_NAME).toBeDefined();
    }
    expect(api.parsed.provider.aws[0].default_tags[0].tags.Environment).toBe("dev");
    const access = groups.find(([, { name }]) => name === "/aws/vendedlogs/apis/dev-portfolio-api");
    expect(access?.[1].retention_in_days).toBe(14);
  });
  it("gives its layer to the function that needs it, and to no other", () => {
    const tagged = api.all(LambdaFunction).filter(({ tags }) => tags);
    expect(tagged.map(({ function_name }) => function_name)).toEqual(["dev-portfolio-api-process"]);
  });
  it("tells the site its address, and lets the site's pages call it", () => {
    const config = api.one(S3Object);
    expect(config).toMatchObject({ key: "config.json", content_type: "application/json", cache_control: "no-cache" });
    expect(JSON.parse(config.content).apiUrl).toMatch(/^\$\{aws_apigatewayv2_api\..+\.api_endpoint\}$/);
    expect(config.depends_on).toContainEqual(expect.stringMatching(/^aws_apigatewayv2_stage\./));
    expect(api.one(Apigatewayv2Api).cors_configuration.allow_origins).toEqual([
      expect.stringMatching(/^https:\/\/\$\{data\.terraform_remote_state\..*website/),
    ]);
  });
  it("has a name below the domain, and no other then", () => {
    const made = (name: string, apex?: boolean) =>
      synthApp(defineEnvironment({ name, region: "eu-west-2", portfolio: { domain: { ...DOMAIN, apex } } })).stack(
        `${name}-portfolio-api`,
      );
    const staging = made("staging");
    expect(staging.one(Apigatewayv2DomainName).domain_name).toBe("api.staging.example.com");
    expect(staging.one(Apigatewayv2Api).disable_execute_api_endpoint).toBe(true);
    expect(staging.outputs.api_url?.value).toBe("https://api.staging.example.com");
    expect(staging.one(Apigatewayv2Api).cors_configuration.allow_origins).toEqual(["https://staging.example.com"]);
    const prod = made("prod");
    expect(prod.outputs.api_domain?.value).toBe("api.example.com");
    expect(prod.one(Apigatewayv2Api).cors_configuration.allow_origins).toEqual([
      "https://example.com",
      "https://www.example.com",
    ]);
    expect(api.one(Apigatewayv2Api).disable_execute_api_endpoint).toBe(false);
  });
  it("has alarms that somebody hears, or none", () => {
    const alarms = api.all(CloudwatchMetricAlarm);
    expect(alarms).toHaveLength(18);
    for (const { alarm_actions } of alarms) expect(alarm_actions).toHaveLength(1);
    const silent = build({ alarms: false, api: { dashboard: false } }).stack("dev-portfolio-api");
    expect(silent.all(CloudwatchMetricAlarm)).toEqual([]);
    expect(silent.all(CloudwatchDashboard)).toEqual([]);
  });
  it("publishes what people and programs need", () => {
    expect(publishedOutputs(api)).toEqual([
      "api_dashboard_name",
      "api_domain",
      "api_function_names",
      "api_id",
      "api_log_group_name",
      "api_url",
    ]);
    expect(Object.keys(api.outputs.api_function_names?.value)).toHaveLength(8);
  });
});
it("shares no name with another environment", () => {
  const both = synthApp(
    defineEnvironment({ name: "dev", region: "eu-west-2", portfolio: {} }),
    defineEnvironment({ name: "prod", region: "eu-west-2", portfolio: { domain: DOMAIN } }),
  );
  const namesOf = (id: string) => {
    const stack = both.stack(id);
    return [
      ...stack.all(LambdaFunction).map(({ function_name }) => function_name),
      ...stack.all(CloudwatchLogGroup).map(({ name }) => name),
      ...stack.all(CloudwatchMetricAlarm).map(({ alarm_name }) => alarm_name),
      ...stack.all(CloudwatchDashboard).map(({ dashboard_name }) => dashboard_name),
      ...stack.all(Apigatewayv2Api).map(({ name }) => name),
    ];
  };
  const [dev, prod] = [namesOf("dev-portfolio-api"), namesOf("prod-portfolio-api")];
  expect(dev.length).toBeGreaterThan(30);
  expect(dev.filter((name) => prod.includes(name))).toEqual([]);
});
it.each([
  [{ api: { routes: { own: { layers: ["nothing"] } } } }, "portfolio.api.routes.own.layers[0]: must be one of layers"],
  [
    { api: { routes: { own: { folder: "assets/none" } } } },
    "portfolio.api.routes.own.folder: must hold the Python file",
  ],
  [{ api: { routes: { own: { entry: "nowhere/a.py" } } } }, "portfolio.api.routes.own.entry"],
])("says where a wrong setting stands %#", (settings, text) => {
  const own = { method: "GET", path: "/own", entry: "assets/portfolio-api/process/handler.py" };
  const portfolio = { api: { routes: { own: { ...own, ...settings.api.routes.own } } } } as Parameters<typeof build>[0];
  expect(errorOf(() => build(portfolio)).message).toContain(text);
});
