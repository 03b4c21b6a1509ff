import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import type { HttpApiProps } from "../../../../modules/aws/apigateway/http-api-settings";
import { refTo } from "../../../support/synth";
import { add, build, JWT, list } from "./http-api.fixture";

describe("an API", () => {
  it("deploys itself at the root, with limits, metrics by route and a log", () => {
    const routes = { list, add: { ...add, throttle: { burst: 2, rate: 1 } } };
    const stage = build({ routes }).one(Apigatewayv2Stage);
    expect(stage).toMatchObject({ name: "$default", auto_deploy: true });
    expect(stage.default_route_settings).toEqual({
      throttling_burst_limit: 10_000,
      throttling_rate_limit: 20_000,
      detailed_metrics_enabled: true,
    });
    expect(stage.route_settings).toEqual([
      {
        route_key: "POST /things",
        throttling_burst_limit: 2,
        throttling_rate_limit: 1,
        detailed_metrics_enabled: true,
      },
    ]);
    expect(stage.depends_on).toHaveLength(2);
    expect(stage.access_log_settings.destination_arn).toEqual(refTo(CloudwatchLogGroup, "arn"));
    expect(JSON.parse(stage.access_log_settings.format)).toMatchObject({ routeKey: "$context.routeKey" });
  });
  it("keeps its log for 14 days and those of functions for 30, or as told", () => {
    const retention = (props: Partial<HttpApiProps>) =>
      Object.fromEntries(
        build(props)
          .all(CloudwatchLogGroup)
          .map(({ name, retention_in_days: days }) => [name, days]),
      );
    expect(retention({})).toEqual({
      "/aws/vendedlogs/apis/dev-things": 14,
      "/aws/lambda/dev-things-list": 30,
      "/aws/lambda/dev-things-add": 30,
    });
    const told = retention({ logRetentionDays: 1, functions: { logRetentionDays: 3 }, routes: { list } });
    expect(told).toEqual({ "/aws/vendedlogs/apis/dev-things": 1, "/aws/lambda/dev-things-list": 3 });
  });
  it("is reached by what AWS calls it", () => {
    const stack = build({}, (api) => new TerraformOutput(api, "url", { value: api.url, staticId: true }));
    expect(stack.outputs.url?.value).toEqual(refTo(Apigatewayv2Api, "api_endpoint"));
    expect(stack.all(Route53Record)).toEqual([]);
  });
});

describe("pages of other origins", () => {
  const cors = (props: Partial<HttpApiProps>) => build(props).one(Apigatewayv2Api).cors_configuration;
  it("may call it where they are named", () => {
    expect(cors({ cors: { origins: ["https://example.com"] } })).toEqual({
      allow_origins: ["https://example.com"],
      allow_methods: ["GET", "POST"],
      allow_headers: ["content-type"],
      allow_credentials: true,
      max_age: 3600,
    });
  });
  it("may send a token where one is asked for, and call by the methods that routes have", () => {
    const routes = { list, put: { ...list, method: "PUT" } } as const;
    const origins = ["http://localhost:8080"];
    const found = cors({ jwt: JWT, routes, cors: { origins, headers: ["x-a"], maxAgeSeconds: 0 } });
    expect(found).toMatchObject({
      allow_methods: ["GET", "POST", "PUT"],
      allow_headers: ["x-a", "authorization"],
      max_age: 0,
    });
    const any = cors({ routes: { any: { ...list, method: "ANY" } }, cors: { origins: ["*"], credentials: false } });
    expect(any).toMatchObject({ allow_origins: ["*"], allow_credentials: false });
    expect(any.allow_methods).toEqual(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
  });
});
