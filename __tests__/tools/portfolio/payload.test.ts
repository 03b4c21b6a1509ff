import { expect, it } from "vitest";
import { decoded, eventOf, type PayloadRequest } from "../../../tools/portfolio/payload";

const REQUEST: PayloadRequest = {
  method: "GET",
  url: "/things",
  headers: { host: "127.0.0.1:8081", "user-agent": "curl/8" },
  body: Buffer.alloc(0),
  sourceIp: "127.0.0.1",
  routeKey: "GET /things",
  pathParameters: {},
};
const event = (request: Partial<PayloadRequest> = {}, now?: Date) => eventOf({ ...REQUEST, ...request }, now);
const sent = (type: string | undefined, body: Buffer | string) =>
  event({ headers: type === undefined ? {} : { "content-type": type }, body: Buffer.from(body) });

it("tells of a request as API Gateway does", () => {
  const { requestContext, ...rest } = event({}, new Date("2020-03-12T19:03:58.390Z"));
  expect(rest).toEqual({
    version: "2.0",
    routeKey: "GET /things",
    rawPath: "/things",
    rawQueryString: "",
    headers: { host: "127.0.0.1:8081", "user-agent": "curl/8" },
    isBase64Encoded: false,
  });
  expect(requestContext).toEqual({
    accountId: "123456789012",
    apiId: "local",
    domainName: "127.0.0.1:8081",
    domainPrefix: "127",
    http: { method: "GET", path: "/things", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "curl/8" },
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    routeKey: "GET /things",
    stage: "$default",
    time: "12/Mar/2020:19:03:58 +0000",
    timeEpoch: 1584039838390,
  });
});
it.each<[string, string, Record<string, string> | undefined]>([
  ["/things?a=1&b=2", "a=1&b=2", { a: "1", b: "2" }],
  ["/things?a=1&a=2", "a=1&a=2", { a: "1,2" }],
  ["/things?a=b%20c+d%26", "a=b%20c+d%26", { a: "b c d&" }],
  ["/things?a", "a", { a: "" }],
  ["/things?a=1?2", "a=1?2", { a: "1?2" }],
  ["/things?", "", undefined],
  ["/things?constructor=1", "constructor=1", { constructor: "1" }],
])("tells the query of %s", (url, raw, parameters) => {
  const { rawQueryString, queryStringParameters } = event({ url });
  expect([rawQueryString, queryStringParameters]).toEqual([raw, parameters]);
});
it("decodes the path, and hands path variables over", () => {
  const { rawPath, pathParameters } = event({ url: "/a%20b", pathParameters: { id: "a b" } });
  expect([rawPath, pathParameters]).toEqual(["/a b", { id: "a b" }]);
  expect(decoded("/100%")).toBe("/100%");
});
it("hands cookies over apart from the headers, and joins what came several times", () => {
  const { cookies, headers } = event({ headers: { cookie: "a=1; b=2", "set-cookie": ["x", "y"] } });
  expect([cookies, headers]).toEqual([["a=1", "b=2"], { "set-cookie": "x,y" }]);
});
it.each(["application/json", "text/plain; charset=utf-8", "application/xml", "application/problem+json"])(
  "hands a body of %s over as text",
  (type) => expect(sent(type, '{"ä":1}')).toMatchObject({ body: '{"ä":1}', isBase64Encoded: false }),
);
it.each([undefined, "image/png", "application/octet-stream"])("encodes a body of %s", (type) => {
  expect(sent(type, Buffer.of(0, 255))).toMatchObject({ body: "AP8=", isBase64Encoded: true });
});
it("has no body where there is none", () => {
  expect(sent("image/png", "")).not.toHaveProperty("body");
  expect(sent("image/png", "").isBase64Encoded).toBe(false);
});
