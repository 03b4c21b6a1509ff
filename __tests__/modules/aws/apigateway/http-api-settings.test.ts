import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { expect, it } from "vitest";
import { HttpApi } from "../../../../modules/aws/apigateway/http-api";
import type { HttpApiProps } from "../../../../modules/aws/apigateway/http-api-settings";
import { type BadInput, rejects } from "../../../support/bad-input";
import { build, DOMAIN, JWT, list, MINIMAL, route, texts } from "./http-api.fixture";

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`r${i}`, { ...list, path: `/r${i}` }]));

it.each<Partial<HttpApiProps>>([
  { ...route({ authorization: { scopes: texts(10) } }), jwt: { ...JWT, audience: texts(50) } },
  { cors: { origins: texts(20), maxAgeSeconds: 86_400 } },
  { name: "x".repeat(60) },
  { routes: { any: { ...list, method: "ANY", authorization: "iam" } } }, // no page of another origin calls it
  { routes: { any: { ...list, method: "ANY" } }, cors: { origins: texts(1) } },
  {
    routes: {
      any: { ...list, method: "ANY" },
      asked: { ...list, method: "OPTIONS", authorization: "none" },
    },
    jwt: JWT,
    cors: { origins: texts(1) },
  },
])("takes %#", (props) => {
  expect(build(props).all(Apigatewayv2Route).length).toBeGreaterThan(0);
});

const rows: BadInput<Record<string, unknown>>[] = [
  ["name", { name: "a b" }, "letters, digits and hyphens"],
  ["name", { name: "x".repeat(61) }, "at most 60", "61"],
  ["routes", { routes: {} }, "1 to 300", "got 0"],
  ["routes", { routes: many(301) }, "1 to 300", "got 301"],
  [
    "routes.any.method",
    { routes: { any: { ...list, method: "ANY", path: "/{all+}", authorization: "iam" } }, cors: { origins: texts(1) } },
    "must not be ANY",
    "OPTIONS /{all+}",
  ],
  [
    "routes.any.method",
    { routes: { any: { ...list, method: "ANY" } }, jwt: JWT, cors: { origins: texts(1) } },
    "must not be ANY",
  ],
  [
    "routes.any.method",
    {
      routes: {
        any: { ...list, method: "ANY" },
        asked: { ...list, method: "OPTIONS" },
      },
      jwt: JWT,
      cors: { origins: texts(1) },
    },
    "must not be ANY",
  ],
  ["routes.Bad", { routes: { Bad: list } }, "lower-case"],
  ["routes.again.path", { routes: { list, again: list } }, "another than that of list", "/things"],
  [
    "routes.b.path",
    { routes: { a: { ...list, path: "/a/{x}" }, b: { ...list, path: "/a/{y}" } } },
    "another than that of a",
  ],
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
