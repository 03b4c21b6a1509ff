import fc from "fast-check";
import { HttpApi } from "../../../../modules/aws/apigateway/http-api";
import type { HttpApiProps } from "../../../../modules/aws/apigateway/http-api-settings";
import { broken, fuzz, type Wrong } from "../../../support/fuzz";

const one = <const T>(...values: T[]) => fc.constantFrom(...values);
const throttle = fc.record({ burst: fc.integer({ min: 1, max: 100_000 }), rate: fc.integer({ min: 1, max: 100_000 }) });
const days = one(0, 1, 14, 3653);
const ENTRY = "assets/ecs/definition-sweeper/sweeper.py";

const segment = fc.oneof(fc.stringMatching(/^[A-Za-z0-9._~-]{1,12}$/), fc.stringMatching(/^\{[A-Za-z0-9._-]{1,12}\}$/));
const path = fc.tuple(fc.array(segment, { maxLength: 4 }), one("", "/{rest+}", "/last")).map(([segments, last]) => {
  const whole = segments.map((text) => `/${text}`).join("") + last;
  return whole === "" ? "/" : whole;
});
/** `ANY` where everybody may call: it takes the browser's questions. */
const route = (jwt: boolean) =>
  anyRoute(jwt).map((made) =>
    made.method === "ANY" && (jwt || made.authorization !== undefined) ? { ...made, authorization: "none" } : made,
  );
const anyRoute = (jwt: boolean) =>
  fc.record(
    {
      method: one("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"),
      path,
      entry: one(ENTRY),
      description: fc.string({ maxLength: 256 }),
      memory: fc.integer({ min: 128, max: 10_240 }),
      timeoutSeconds: fc.integer({ min: 1, max: 30 }),
      throttle,
      authorization: jwt
        ? fc.oneof(
            one("none", "iam"),
            fc.record({
              scopes: fc.uniqueArray(fc.stringMatching(/^[a-z:/.]{1,64}$/), { minLength: 1, maxLength: 10 }),
            }),
          )
        : one("none", "iam"),
    },
    { requiredKeys: ["method", "path", "entry"] },
  );
/** Routes, no two for the same requests. */
const routes = (jwt: boolean) =>
  fc
    .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/), route(jwt)), {
      minLength: 1,
      maxLength: 4,
      comparator: ([key, a], [other, b]) =>
        key === other ||
        key.replaceAll("-", "") === other.replaceAll("-", "") ||
        (a.method === b.method && a.path.replace(/\{[^}+]+/g, "{") === b.path.replace(/\{[^}+]+/g, "{")),
    })
    .map((entries) => Object.fromEntries(entries));
const jwt = fc.record({
  issuer: one("https://issuer.example.com", "https://issuer.example.com:8443/pool_1"),
  audience: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 256 }), { minLength: 1, maxLength: 50 }),
});
const origin = fc
  .tuple(one("http", "https"), fc.domain(), one("", ":1", ":65535"))
  .map(([scheme, host, port]) => `${scheme}://${host}${port}`);
const named = fc.record({
  cors: fc.record(
    {
      origins: fc.uniqueArray(origin, { minLength: 1, maxLength: 20 }),
      headers: fc.uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,63}$/), { maxLength: 20 }),
      credentials: fc.boolean(),
      maxAgeSeconds: fc.integer({ min: 0, max: 86_400 }),
    },
    { requiredKeys: ["origins"] },
  ),
});
const cors = fc.oneof(named, one({}, { cors: { origins: ["*"], credentials: false } }));

const rest = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z0-9-]{1,60}$/),
    description: fc.string({ maxLength: 1024 }),
    region: one("us-east-1", "eu-west-2"),
    throttle,
    domain: fc.record(
      {
        name: one("api.example.com"),
        hostedZoneId: one("Z0123456789EXAMPLE"),
        certificateArn: fc.uuid().map((id) => `arn:aws:acm:us-east-1:111122223333:certificate/${id}`),
      },
      { requiredKeys: ["name", "hostedZoneId"] },
    ),
    logRetentionDays: days,
    logKmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:eu-west-2:111122223333:key/${id}`),
    functions: fc.record({ logRetentionDays: days, tracing: fc.boolean() }, { requiredKeys: [] }),
    alarms: fc.record(
      {
        serverErrorPercent: fc.double({ min: 0.001, max: 100, noNaN: true }),
        p99Milliseconds: fc.integer({ min: 1, max: 30_000 }),
      },
      { requiredKeys: [] },
    ),
    dashboard: fc.boolean(),
    alarmTopicArns: one(["arn:aws:sns:us-east-1:111122223333:alerts"]),
  },
  { requiredKeys: ["name", "description", "region"] },
);
const withTokens = fc
  .tuple(rest, cors, routes(true), jwt)
  .map(([a, b, made, tokens]) => ({ ...a, ...b, routes: made, jwt: tokens }));
const without = fc.tuple(rest, cors, routes(false)).map(([a, b, made]) => ({ ...a, ...b, routes: made }));
const valid = fc.oneof(withTokens, without) as fc.Arbitrary<HttpApiProps>;

const GET = { method: "GET", path: "/things", entry: ENTRY };
const ORIGIN = "https://a.example.com";
const texts = (count: number) => Array.from({ length: count }, (_, i) => `${ORIGIN}:${i + 1}`);
const breaks = fc.oneof(
  ...(
    [
      ["name", undefined, "", "a b", "a_b", "x".repeat(61), 5],
      ["description", undefined, "x".repeat(1025), 5],
      ["region", undefined, "", 5],
      [
        "routes",
        undefined,
        {},
        [],
        "GET /",
        Object.fromEntries(texts(301).map((_, i) => [`r${i}`, { ...GET, path: `/${i}` }])),
      ],
      ["routes.Bad", GET],
      ["routes.a_b", GET],
      [`routes.${"x".repeat(41)}`, GET],
      ["routes.wrong", null, "GET /things"],
      ["routes.wrong.method", ...["get", "TRACE", undefined].map((method) => ({ ...GET, method }))],
      [
        "routes.wrong.path",
        ...[
          "",
          "things",
          "/things/",
          "//",
          "/a b",
          "/{a",
          "/{a+}/b",
          "/{}",
          "/a?b",
          `/${"x".repeat(512)}`,
          undefined,
        ].map((wrong) => ({ ...GET, path: wrong })),
      ],
      ["routes.wrong.entry", ...["", "a.js", undefined].map((entry) => ({ ...GET, entry }))],
      ["routes.wrong.timeoutSeconds", ...[0, 31, 1.5, "5"].map((timeoutSeconds) => ({ ...GET, timeoutSeconds }))],
      ["routes.wrong.memory", ...[127, 10_241, null].map((memory) => ({ ...GET, memory }))],
      ["routes.wrong.description", { ...GET, description: "x".repeat(257) }],
      ["routes.wrong.throttle.rate", ...[0, 100_001, 1.5].map((rate) => ({ ...GET, throttle: { burst: 1, rate } }))],
      ["routes.wrong.throttle.burst", ...[0, 100_001, "1"].map((burst) => ({ ...GET, throttle: { burst, rate: 1 } }))],
      ["routes.wrong.authorization", ...["jwt", true].map((authorization) => ({ ...GET, authorization }))],
      ["throttle.burst", 0, 100_001, 1.5, null],
      ["throttle.rate", 0, 100_001, "1"],
      ["cors", true, "*"],
      ["cors.origins", [], texts(21), [ORIGIN, ORIGIN], "*"],
      ["cors.origins[0]", ...["", "example.com", `${ORIGIN}/`, "ftp://a.example.com", 5].map((wrong) => [wrong])],
      ["cors.headers", Array.from({ length: 21 }, (_, i) => `x-${i}`), ["x-a", "x-a"]],
      ["cors.headers[0]", ["X-A"], ["x a"], ["x".repeat(65)]],
      ["cors.credentials", "yes", 1],
      ["cors.maxAgeSeconds", -1, 86_401, 0.5],
      ["jwt", null, "https://issuer.example.com"],
      ["jwt.issuer", "http://issuer.example.com", "https://issuer.example.com?a", "", undefined],
      ["jwt.audience", [], texts(51), ["a", "a"], "a"],
      ["domain", "api.example.com", true],
      ["domain.name", "API.example.com", "", undefined],
      ["domain.hostedZoneId", "", "zone", undefined],
      ["domain.certificateArn", "", "arn"],
      ["logRetentionDays", 2, -1, "7"],
      ["logKmsKeyArn", "", "alias/a"],
      ["functions.logRetentionDays", 2],
      ["functions.tracing", "on"],
      ["alarms.serverErrorPercent", 0, 100.1, "5"],
      ["alarms.p99Milliseconds", 0, 30_001, 1.5],
      ["dashboard", "no", 1],
      ["alarmTopicArns", [], "alerts"],
      ["routeKeys", []],
    ] as [string, ...unknown[]][]
  ).map(([key, ...values]) => fc.constantFrom(...values).map((value) => ({ key, value }))),
);
/** What the settings around a wrong one need, and where it is set. */
const AROUND: Record<string, object> = {
  cors: { origins: [ORIGIN] },
  jwt: { issuer: "https://issuer.example.com", audience: ["a"] },
  domain: { name: "api.example.com", hostedZoneId: "Z0123456789EXAMPLE" },
  throttle: { burst: 1, rate: 1 },
};
const invalid: fc.Arbitrary<Wrong<HttpApiProps>> = fc.tuple(valid, breaks).map(([props, { key, value }]) => {
  const [first = "", second = ""] = key.split(/[.[]/);
  const at = first === "routes" && second ? `routes.${second}` : key.replace(/\[\d+\]$/, "");
  const around = at !== first && AROUND[first] ? { [first]: AROUND[first] } : {};
  return { ...broken({ ...props, ...around }, at, value), key };
});

fuzz("test/api", { valid, invalid }, (stack, props) => new HttpApi(stack, "api", props), 0.3);
