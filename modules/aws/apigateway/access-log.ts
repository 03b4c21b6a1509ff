/** Name of a field in the log, and the variable of API Gateway that fills it. */
const FIELDS = {
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  userAgent: "$context.identity.userAgent",
  httpMethod: "$context.httpMethod",
  path: "$context.path",
  routeKey: "$context.routeKey",
  protocol: "$context.protocol",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationStatus: "$context.integrationStatus",
  integrationLatency: "$context.integrationLatency",
  integrationRequestId: "$context.integration.requestId",
  integrationError: "$context.integrationErrorMessage",
  error: "$context.error.message",
  errorType: "$context.error.responseType",
  authorizerError: "$context.authorizer.error",
  domainName: "$context.domainName",
};

/**
 * One line of JSON for each request. Source: API Gateway Developer Guide, "Customize HTTP API access logs": the variables of
 * HTTP APIs, of which REST APIs have others.
 */
export const ACCESS_LOG_FORMAT = JSON.stringify(FIELDS);
