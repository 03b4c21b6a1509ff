import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { describe, expect, it } from "vitest";
import { refTo } from "../../../support/synth";
import { add, build, JWT, list, routesOf } from "./http-api.fixture";

describe("a route", () => {
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
