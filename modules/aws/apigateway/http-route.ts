import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { boundedName } from "../../common/names";
import { LambdaFunction } from "../lambda/lambda-function";
import type { HttpApiSettings } from "./http-api-settings";
import { type HttpRouteSettings, isOpen } from "./http-route-settings";

/** Stage whose requests have no path before that of the route. */
export const STAGE = "$default";

export interface HttpRouteProps {
  api: { readonly id: string; readonly executionArn: string };
  settings: HttpApiSettings;
  key: string;
  route: HttpRouteSettings;
  /** Undefined where the API asks for no tokens. */
  authorizerId: string | undefined;
}

/** Route of an API with the function that answers it. */
export class HttpRoute extends Construct {
  /** Method and path, as the API knows it. */
  readonly routeKey: string;
  readonly function: LambdaFunction;
  readonly route: Apigatewayv2Route;

  constructor(scope: Construct, id: string, { api, settings, key, route, authorizerId }: HttpRouteProps) {
    super(scope, id);
    const { method, path, description, throttle: _throttle, authorization, ...program } = route;
    const routeKey = `${method} ${path}`;
    this.function = new LambdaFunction(this, "function", {
      ...program,
      ...settings.functions,
      name: boundedName(64, settings.name, key),
      description: description ?? routeKey,
      deadLetters: false,
      alarmTopicArns: settings.alarmTopicArns,
    });
    const permission = new LambdaPermission(this, "permission", {
      statementId: "api",
      action: "lambda:InvokeFunction",
      functionName: this.function.functionName,
      principal: "apigateway.amazonaws.com",
      // path variables stand in the ARN of a request by their names, as in the route
      sourceArn: `${api.executionArn}/${STAGE}/${method === "ANY" ? "*" : method}${path}`,
    });
    const integration = new Apigatewayv2Integration(this, "integration", {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationMethod: "POST", // of the call to Lambda, whatever that of the request
      integrationUri: this.function.functionArn,
      payloadFormatVersion: "2.0",
      timeoutMilliseconds: 30_000, // the function ends before, and says why
    });
    this.route = new Apigatewayv2Route(this, "route", {
      apiId: api.id,
      routeKey,
      target: `integrations/${integration.id}`,
      ...access(authorization, authorizerId),
      dependsOn: [permission, ...this.function.ready],
    });
    this.routeKey = routeKey;
  }
}

/** Arguments of a route by who may call it. */
function access(authorization: HttpRouteSettings["authorization"], authorizerId: string | undefined) {
  if (isOpen(authorization, authorizerId)) return { authorizationType: "NONE" };
  if (authorization === "iam") return { authorizationType: "AWS_IAM" };
  const scopes = typeof authorization === "object" ? authorization.scopes : undefined;
  return { authorizationType: "JWT", authorizerId, authorizationScopes: scopes };
}
