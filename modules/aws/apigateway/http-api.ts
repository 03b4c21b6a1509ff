import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { sortedEntries } from "../../common/collections";
import { idFrom } from "../../common/names";
import { parseProps } from "../../common/settings/props";
import { LogGroup } from "../cloudwatch/log-group";
import type { LambdaFunction } from "../lambda/lambda-function";
import { ACCESS_LOG_FORMAT } from "./access-log";
import { ApiDomain } from "./api-domain";
import { HttpApiAlarms } from "./http-api-alarms";
import { HttpApiDashboard } from "./http-api-dashboard";
import { type HttpApiProps, type HttpApiSettings, httpApiSchema } from "./http-api-settings";
import { HttpRoute, STAGE } from "./http-route";

/** HTTP API with one function per route. */
export class HttpApi extends Construct {
  readonly apiId: string;
  /** Host name by which it is called. */
  readonly host: string;
  /** URL by which it is called, without a slash at the end. */
  readonly url: string;
  /** Functions by the keys of their routes. */
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  readonly logGroupName: string;
  /** Undefined without a dashboard. */
  readonly dashboardName: string | undefined;
  /** What must exist before it answers. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    const settings = parseProps(this, httpApiSchema, props);
    const { name, domain, jwt, throttle, alarmTopicArns: topicArns } = settings;
    const api = new Apigatewayv2Api(this, "api", {
      name,
      description: settings.description,
      protocolType: "HTTP",
      disableExecuteApiEndpoint: domain !== undefined,
      ...corsOf(settings),
    });
    const authorizer =
      jwt &&
      new Apigatewayv2Authorizer(this, "authorizer", {
        apiId: api.id,
        name: `${name}-jwt`,
        authorizerType: "JWT",
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: { issuer: jwt.issuer, audience: jwt.audience },
      });
    const below = new Construct(this, "routes");
    const routes = sortedEntries(settings.routes).map(([key, route]): [string, HttpRoute] => [
      key,
      new HttpRoute(below, idFrom(key), { api, settings, key, route, authorizerId: authorizer?.id }),
    ]);
    // Source: API Gateway Developer Guide, "Enable logging to CloudWatch Logs": below this prefix a log group takes no room in
    // the account's resource policy, which is small.
    const logs = new LogGroup(this, "logs", { ...settings, name: `/aws/vendedlogs/apis/${name}` });
    const limits = ({ burst, rate }: HttpApiSettings["throttle"]) => ({
      throttlingBurstLimit: burst,
      throttlingRateLimit: rate,
      detailedMetricsEnabled: true,
    });
    const stage = new Apigatewayv2Stage(this, "stage", {
      apiId: api.id,
      name: STAGE,
      autoDeploy: true,
      accessLogSettings: { destinationArn: logs.arn, format: ACCESS_LOG_FORMAT },
      defaultRouteSettings: limits(throttle),
      routeSettings: routes.flatMap(([key, { routeKey }]) => {
        const own = settings.routes[key]?.throttle;
        return own ? [{ routeKey, ...limits(own) }] : [];
      }),
      dependsOn: routes.map(([, { route }]) => route), // it refuses settings of a route that is not there
    });
    const named = domain && new ApiDomain(this, "domain", { domain, apiId: api.id, stage: stage.id });
    const alarms = topicArns && new HttpApiAlarms(this, "alarms", { settings, apiId: api.id, topicArns });

    this.apiId = api.id;
    this.host = domain?.name ?? Fn.replace(api.apiEndpoint, "https://", "");
    this.url = domain ? `https://${domain.name}` : api.apiEndpoint;
    this.functions = Object.fromEntries(routes.map(([key, route]) => [key, route.function]));
    this.logGroupName = logs.name;
    this.ready = [stage, ...(named?.ready ?? [])];
    const alarmArns = [
      ...(alarms?.alarmArns ?? []),
      ...Object.values(this.functions).flatMap((made) => made.alarms?.alarmArns ?? []),
    ];
    const shown = { settings, apiId: api.id, routes: routes.map(([, route]) => route), alarmArns };
    this.dashboardName = settings.dashboard ? new HttpApiDashboard(this, "dashboard", shown).dashboardName : undefined;
  }
}

/** What `ANY` stands for; browsers do not take `*` for it where credentials are sent. */
const EVERY = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/** Methods by which pages may call: those of the routes, and at least GET and POST. */
export function corsMethods(routes: readonly { readonly method: string }[]): string[] {
  const methods = routes.flatMap(({ method }) => (method === "ANY" ? EVERY : [method]));
  return [...new Set(["GET", "POST", ...methods])].sort();
}

/** What browsers are told of pages of other origins. */
function corsOf({ cors, jwt, routes }: HttpApiSettings) {
  if (!cors) return {};
  const headers = [...new Set([...cors.headers, ...(jwt ? ["authorization"] : [])])];
  return {
    corsConfiguration: {
      allowOrigins: cors.origins,
      allowMethods: corsMethods(Object.values(routes)),
      allowHeaders: headers,
      allowCredentials: cors.credentials,
      maxAge: cors.maxAgeSeconds,
    },
  };
}
