import { expect, it } from "vitest";
import { ACCESS_LOG_FORMAT } from "../../../../modules/aws/apigateway/access-log";

/** Variables of HTTP APIs that tell of a request without a token, as their documentation lists them. */
const KNOWN = [
  "authorizer.error",
  "domainName",
  "error.message",
  "error.responseType",
  "httpMethod",
  "identity.sourceIp",
  "identity.userAgent",
  "integration.requestId",
  "integrationErrorMessage",
  "integrationLatency",
  "integrationStatus",
  "path",
  "protocol",
  "requestId",
  "requestTime",
  "responseLatency",
  "responseLength",
  "routeKey",
  "status",
].map((name) => `$context.${name}`);

it("is one line of JSON with each variable that HTTP APIs have, under a name of its own", () => {
  expect(ACCESS_LOG_FORMAT).not.toContain("\n");
  expect(Object.values(JSON.parse(ACCESS_LOG_FORMAT)).sort()).toEqual(KNOWN);
});
it("names status, route and error as whoever reads it expects", () => {
  expect(JSON.parse(ACCESS_LOG_FORMAT)).toMatchObject({
    requestId: "$context.requestId",
    ip: "$context.identity.sourceIp",
    routeKey: "$context.routeKey",
    status: "$context.status",
    responseLatency: "$context.responseLatency",
    integrationError: "$context.integrationErrorMessage",
  });
});
it("is as short as API Gateway takes it", () => expect(ACCESS_LOG_FORMAT.length).toBeLessThan(3072));
