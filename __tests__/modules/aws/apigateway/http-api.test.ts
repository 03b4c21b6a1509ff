import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping";
import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { HttpApi } from "../../../../modules/aws/apigateway/http-api";
import type { HttpApiProps } from "../../../../modules/aws/apigateway/http-api-settings";
import { type BadInput, rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";

const ENTRY = "assets/ecs/definition-sweeper/sweeper.py";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d";
const list = { method: "GET", path: "/things", entry: ENTRY } as const;
const add = { method: "POST", path: "/things", entry: ENTRY } as const;
const MINIMAL: HttpApiProps = { name: "dev-things", description: "Things", region: "us-east-1", routes: { list, add } };
const JWT = { issuer: "https://issuer.example.com/pool", audience: ["things"] };
const DOMAIN = { name: "api.example.com", hostedZoneId: "Z0123456789EXAMPLE" };

const build = (props: Partial<HttpApiProps> = {}, use: (made: HttpApi) => void = () => {}) =>
  synth((stack) => use(new HttpApi(stack, "api", { ...MINIMAL, ...props })));
const routesOf = (stack: ReturnType<typeof build>) =>
  Object.fromEntries(stack.all(Apigatewayv2Route).map(({ route_key, ...route }) => [route_key, route]));

describe("an API", () => {
  it("speaks payload 2.0 to a function for each route, which alone it may call for that", () => {
    const stack = build();
    expect(stack.one(Apigatewayv2Api)).toEqual({
      name: "dev-things",
      description: "Things",
      protocol_type: "HTTP",
      disable_execute_api_endpoint: false,
    });
    expect(Object.keys(routesOf(stack)).sort()).toEqual(["GET /things", "POST /things"]);
    const integrations = stack.all(Apigatewayv2Integration);
    expect(integrations).toHaveLength(2);
    for (const integration of integrations) {
      expect(integration).toEqual({
        api_id: refTo(Apigatewayv2Api, "id"),
        integration_type: "AWS_PROXY",
        integration_method: "POST",
        integration_uri: refTo(LambdaFunction, "arn"),
        payload_format_version: "2.0",
        timeout_milliseconds: 30_000,
      });
    }
    const functions = stack.all(LambdaFunction);
    expect(functions.map(({ function_name }) => function_name).sort()).toEqual(["dev-things-add", "dev-things-list"]);
    for (const made of functions) {
      expect(made).toMatchObject({ architectures: ["arm64"], timeout: 10, memory_size: 256 });
      expect(made.logging_config).toEqual({ log_format: "JSON", log_group: refTo(CloudwatchLogGroup, "name") });
    }
    expect(new Set(functions.map(({ role }) => role)).size).toBe(2);
    expect(stack.all(IamRole)).toHaveLength(2);
    expect(stack.all(SqsQueue)).toEqual([]);
    const sources = stack
      .all(LambdaPermission)
      .map(({ source_arn }) => source_arn.replace(/^\$\{.*\.execution_arn\}/, ""));
    expect(sources.sort()).toEqual(["/$default/GET/things", "/$default/POST/things"]);
    for (const { principal, action } of stack.all(LambdaPermission)) {
      expect([principal, action]).toEqual(["apigateway.amazonaws.com", "lambda:InvokeFunction"]);
    }
  });
  it("connects each route to its own function", () => {
    const stack = build();
    for (const [key, id] of [
      ["GET /things", "list"],
      ["POST /things", "add"],
    ] as const) {
      const { target, depends_on } = routesOf(stack)[key];
      const [, integration = ""] = /^integrations\/\$\{aws_apigatewayv2_integration\.(.+)\.id\}$/.exec(target) ?? [];
      const { integration_uri } = stack.byId(Apigatewayv2Integration)[integration];
      const [, made = ""] = /^\$\{aws_lambda_function\.(.+)\.arn\}$/.exec(integration_uri) ?? [];
      expect(stack.byId(LambdaFunction)[made].function_name).toBe(`dev-things-${id}`);
      expect(depends_on).toContainEqual(
        expect.stringMatching(new RegExp(`^aws_lambda_permission\\.api_routes_${id}_`)),
      );
    }
  });
  it("allows any method by a star, and keeps the names of path variables", () => {
    const routes = {
      one: { ...list, method: "ANY", path: "/things/{id}" },
      rest: { ...list, path: "/{rest+}" },
    } as const;
    const stack = build({ routes });
    const sources = stack.all(LambdaPermission).map(({ source_arn }) => source_arn.replace(/^\$\{.*\}\//, ""));
    expect(sources.sort()).toEqual(["$default/*/things/{id}", "$default/GET/{rest+}"]);
  });
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
    const format = JSON.parse(stage.access_log_settings.format);
    expect(format).toMatchObject({
      requestId: "$context.requestId",
      routeKey: "$context.routeKey",
      status: "$context.status",
      ip: "$context.identity.sourceIp",
      integrationError: "$context.integrationErrorMessage",
    });
    // what only REST APIs have
    expect(stage.access_log_settings.format).not.toMatch(/resourcePath|resourceId|identity\.apiKey|xrayTraceId/);
    expect(stage.access_log_settings.format.length).toBeLessThan(3072);
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

describe("a domain", () => {
  it("has a certificate, records and TLS 1.2, and the other address is closed", () => {
    const stack = build(
      { domain: DOMAIN },
      (api) => new TerraformOutput(api, "url", { value: api.url, staticId: true }),
    );
    expect(stack.one(Apigatewayv2Api).disable_execute_api_endpoint).toBe(true);
    expect(stack.one(Apigatewayv2DomainName)).toMatchObject({
      domain_name: "api.example.com",
      domain_name_configuration: {
        certificate_arn: refTo(AcmCertificateValidation, "certificate_arn"),
        endpoint_type: "REGIONAL",
        security_policy: "TLS_1_2",
      },
    });
    expect(stack.one(AcmCertificate)).toMatchObject({ domain_name: "api.example.com", validation_method: "DNS" });
    expect(stack.one(Apigatewayv2ApiMapping)).toMatchObject({
      api_id: refTo(Apigatewayv2Api, "id"),
      domain_name: refTo(Apigatewayv2DomainName, "id"),
      stage: refTo(Apigatewayv2Stage, "id"),
    });
    const aliases = stack.all(Route53Record).filter(({ alias }) => alias);
    expect(aliases.map(({ type, name, zone_id }) => [type, name, zone_id]).sort()).toEqual([
      ["A", "api.example.com", "Z0123456789EXAMPLE"],
      ["AAAA", "api.example.com", "Z0123456789EXAMPLE"],
    ]);
    expect(stack.outputs.url?.value).toBe("https://api.example.com");
  });
  it("uses a certificate that is there", () => {
    const stack = build({ domain: { ...DOMAIN, certificateArn: CERTIFICATE } });
    expect(stack.all(AcmCertificate)).toEqual([]);
    expect(stack.one(Apigatewayv2DomainName).domain_name_configuration.certificate_arn).toBe(CERTIFICATE);
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

describe("who may call", () => {
  it("is everybody without jwt, and those whom IAM lets where a route says so", () => {
    const routes = routesOf(build({ routes: { list, add: { ...add, authorization: "iam" } } }));
    expect(routes["GET /things"].authorization_type).toBe("NONE");
    expect(routes["POST /things"]).toMatchObject({ authorization_type: "AWS_IAM" });
  });
  it("has a token with jwt, of a scope where a route asks for one; a route may be open", () => {
    const stack = build({
      jwt: JWT,
      routes: {
        list,
        add: { ...add, authorization: { scopes: ["write"] } },
        open: { ...list, path: "/open", authorization: "none" },
      },
    });
    expect(stack.one(Apigatewayv2Authorizer)).toEqual({
      api_id: refTo(Apigatewayv2Api, "id"),
      name: "dev-things-jwt",
      authorizer_type: "JWT",
      identity_sources: ["$request.header.Authorization"],
      jwt_configuration: { issuer: JWT.issuer, audience: ["things"] },
    });
    const routes = routesOf(stack);
    const authorizer_id = refTo(Apigatewayv2Authorizer, "id");
    expect(routes["GET /things"]).toMatchObject({ authorization_type: "JWT", authorizer_id });
    expect(routes["GET /things"]).not.toHaveProperty("authorization_scopes");
    expect(routes["POST /things"]).toMatchObject({ authorizer_id, authorization_scopes: ["write"] });
    expect(routes["GET /open"].authorization_type).toBe("NONE");
    expect(routes["GET /open"]).not.toHaveProperty("authorizer_id");
  });
});

describe("alarms and dashboard", () => {
  it("tell of errors, slow answers, and functions that fail or are throttled", () => {
    const alarms = build({ alarmTopicArns: [TOPIC], routes: { list } }).all(CloudwatchMetricAlarm);
    expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
      "dev-things-latency",
      "dev-things-list-errors",
      "dev-things-list-throttles",
      "dev-things-server-errors",
    ]);
    for (const { alarm_actions, ok_actions } of alarms) expect([alarm_actions, ok_actions]).toEqual([[TOPIC], [TOPIC]]);
    const named = (end: string) => alarms.find(({ alarm_name }) => alarm_name === `dev-things-${end}`);
    const dimensions = { ApiId: refTo(Apigatewayv2Api, "id"), Stage: "$default" };
    expect(named("latency")).toMatchObject({
      namespace: "AWS/ApiGateway",
      metric_name: "Latency",
      extended_statistic: "p99",
      threshold: 5000,
      dimensions,
    });
    const errors = named("server-errors");
    expect(errors.threshold).toBe(5);
    expect(errors.metric_query.map(({ id }: { id: string }) => id)).toEqual(["percent", "errors", "requests"]);
    expect(errors.metric_query[1].metric).toMatchObject({
      namespace: "AWS/ApiGateway",
      metric_name: "5xx",
      dimensions,
    });
    expect(errors.metric_query[2].metric).toMatchObject({ metric_name: "Count", stat: "Sum" });
  });
  it("have thresholds of the user, and are not there without topics", () => {
    const alarms = { serverErrorPercent: 0.5, p99Milliseconds: 30_000 };
    const found = build({ alarmTopicArns: [TOPIC], alarms, routes: { list } }).all(CloudwatchMetricAlarm);
    expect(found.map(({ threshold }) => threshold).sort()).toEqual([0, 0, 0.5, 30_000]);
    expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  });
  it("show each route, or nothing", () => {
    const { dashboard_name, dashboard_body } = build({ alarmTopicArns: [TOPIC] }).one(CloudwatchDashboard);
    expect(dashboard_name).toBe("dev-things");
    const { widgets } = JSON.parse(dashboard_body);
    expect(widgets.map(({ type }: { type: string }) => type)).toEqual(["alarm", ...Array(6).fill("metric")]);
    const requests = widgets.find(
      ({ properties }: { properties: { title: string } }) => properties.title === "Requests by route",
    );
    expect(requests.properties.region).toBe("us-east-1");
    expect(requests.properties.metrics[0].slice(0, 2)).toEqual(["AWS/ApiGateway", "Count"]);
    expect(requests.properties.metrics.map((metric: unknown[]) => metric.slice(6, 10))).toEqual([
      ["Method", "POST", "Resource", "/things"],
      ["Method", "GET", "Resource", "/things"],
    ]);
    expect(build({ dashboard: false }).all(CloudwatchDashboard)).toEqual([]);
  });
});

const route = (props: object) => ({ routes: { list: { ...list, ...props } } }) as Partial<HttpApiProps>;
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`r${i}`, { ...list, path: `/r${i}` }]));
const texts = (count: number) => Array.from({ length: count }, (_, i) => `https://a${i}.example.com`);

it.each<Partial<HttpApiProps>>([
  route({ timeoutSeconds: 1, memory: 128 }),
  route({ timeoutSeconds: 30, memory: 10_240 }),
  route({ throttle: { burst: 1, rate: 1 } }),
  route({ throttle: { burst: 100_000, rate: 100_000 } }),
  route({ path: "/" }),
  route({ path: "/a/{b}/c_d.e~f-g/{h+}" }),
  { ...route({ authorization: { scopes: texts(10) } }), jwt: { ...JWT, audience: texts(50) } },
  { cors: { origins: texts(20), maxAgeSeconds: 86_400 } },
  { name: "x".repeat(60) },
  { routes: { list: { ...list, path: "/a/{x}" }, more: { ...list, path: "/a/{x}/b" } } },
])("takes %#", (props) => {
  expect(build(props).all(Apigatewayv2Route).length).toBeGreaterThan(0);
});

const rows: BadInput<Record<string, unknown>>[] = [
  ["name", { name: "a b" }, "letters, digits and hyphens"],
  ["name", { name: "x".repeat(61) }, "at most 60", "61"],
  ["routes", { routes: {} }, "1 to 300", "got 0"],
  ["routes", { routes: many(301) }, "1 to 300", "got 301"],
  ["routes.Bad", { routes: { Bad: list } }, "lower-case"],
  ["routes.list.method", route({ method: "get" }), "GET"],
  ["routes.list.path", route({ path: "things" }), "must be a path", '"things"'],
  ["routes.list.path", route({ path: "/things/" }), "must be a path"],
  ["routes.list.path", route({ path: "/{rest+}/more" }), "must be a path"],
  ["routes.again.path", { routes: { list, again: list } }, "another than that of list", "/things"],
  [
    "routes.b.path",
    { routes: { a: { ...list, path: "/a/{x}" }, b: { ...list, path: "/a/{y}" } } },
    "another than that of a",
  ],
  ["routes.list.timeoutSeconds", route({ timeoutSeconds: 0 }), "at least 1"],
  ["routes.list.timeoutSeconds", route({ timeoutSeconds: 31 }), "at most 30", "31"],
  ["routes.list.memory", route({ memory: 127 }), "at least 128"],
  ["routes.list.entry", route({ entry: "a.js" }), "TypeScript or Python"],
  ["routes.list.folder", route({ folder: "elsewhere" }), "must hold the Python file"],
  ["routes.list.throttle.burst", route({ throttle: { burst: 0, rate: 1 } }), "at least 1"],
  ["routes.list.throttle.rate", route({ throttle: { burst: 1, rate: 100_001 } }), "at most 100000"],
  ["routes.list.authorization", route({ authorization: "all" }), '"none", "iam" or an object with scopes'],
  ["routes.list.authorization", route({ authorization: { scopes: ["read"] } }), "without jwt", "read"],
  ["throttle.burst", { throttle: { burst: 100_001, rate: 1 } }, "at most 100000"],
  ["throttle.rate", { throttle: { burst: 1, rate: 0 } }, "at least 1"],
  ["cors.origins", { cors: { origins: [] } }, "at least 1"],
  ["cors.origins", { cors: { origins: texts(21) } }, "at most 20"],
  ["cors.origins.0", { cors: { origins: ["https://example.com/"] } }, "without a path"],
  ["cors.credentials", { cors: { origins: ["*"] } }, "must be false where origins has *"],
  ["cors.maxAgeSeconds", { cors: { origins: ["*"], maxAgeSeconds: 86_401 } }, "at most 86400"],
  ["cors.headers.0", { cors: { origins: ["https://a.example"], headers: ["X-A"] } }, "lower case"],
  ["jwt.issuer", { jwt: { ...JWT, issuer: "http://issuer.example.com" } }, "must be a URL"],
  ["jwt.audience", { jwt: { ...JWT, audience: [] } }, "at least 1"],
  ["jwt.audience", { jwt: { ...JWT, audience: texts(51) } }, "at most 50"],
  ["domain.name", { domain: { ...DOMAIN, name: "API.example.com" } }, "in lower case"],
  ["domain.hostedZoneId", { domain: { ...DOMAIN, hostedZoneId: "zone" } }, "hosted zone"],
  ["domain.certificateArn", { domain: { ...DOMAIN, certificateArn: "arn" } }, "ACM certificate"],
  ["alarms.serverErrorPercent", { alarms: { serverErrorPercent: 0 } }, "got 0"],
  ["alarms.serverErrorPercent", { alarms: { serverErrorPercent: 101 } }, "at most 100"],
  ["alarms.p99Milliseconds", { alarms: { p99Milliseconds: 30_001 } }, "at most 30000"],
  ["logRetentionDays", { logRetentionDays: 2 }, "got 2"],
  ["functions.logRetentionDays", { functions: { logRetentionDays: 2 } }, "got 2"],
  ["alarmTopicArns", { alarmTopicArns: [] }, "at least 1"],
];
rejects("test/api", rows, (scope, props) => new HttpApi(scope, "api", { ...MINIMAL, ...props }));
