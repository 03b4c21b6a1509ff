import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { certificateArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { orToken } from "../../common/settings/props";
import { logGroupShape } from "../cloudwatch/log-group";
import { topicArnsSchema } from "../ecs/service-alarms";
import { lambdaFunctionShape } from "../lambda/lambda-function";
import { domainNameSchema, hostedZoneIdSchema } from "../load-balancer/certificate";
import { checkRoutes, httpRouteSchema, isOpen, LIMITS, routeKeySchema, throttleShape } from "./http-route-settings";

const ORIGIN = /^(\*|https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?)$/;
const HEADER = /^[a-z0-9][a-z0-9-]*$/;

/** Cross-origin requests; API Gateway answers the browser's questions about them itself. */
export const corsShape = {
  /** Origins whose pages may call the API, such as `https://example.com`, 1 to 20; `*` for all. */
  origins: z
    .array(orToken(z.string().max(255).regex(ORIGIN, "must be an origin such as https://example.com, without a path")))
    .min(1)
    .max(20)
    .refine(areDistinct, "must name each origin once"),
  /** Request headers that pages may set, in lower case, at most 20; `authorization` is added where the API has `jwt`. */
  headers: z
    .array(z.string().max(64).regex(HEADER, "must be the name of a header in lower case"))
    .max(20)
    .refine(areDistinct, "must name each header once")
    .default(["content-type"]),
  /** Let pages send cookies and credentials; not with the origin `*`. */
  credentials: z.boolean().default(true),
  /** Seconds for which a browser remembers the answer, 0 to 86400. Source: API Gateway v2 API reference, Cors. */
  maxAgeSeconds: z.int().min(0).max(86_400).default(3600),
};

/** Refuses what browsers refuse. */
export function checkCors(
  { origins = [], credentials }: { origins?: readonly string[]; credentials: boolean },
  ctx: z.RefinementCtx,
): void {
  if (!credentials || !origins.includes("*")) return;
  // Source: Fetch Standard, "CORS protocol and credentials"
  refuse(ctx, "credentials", "must be false where origins has *, got true; or name the origins");
}

const jwtSchema = z.strictObject({
  /** Who issues the tokens, an `https://` URL as in their `iss`; its metadata are found below it. */
  issuer: z
    .string()
    .max(512)
    .regex(/^https:\/\/[a-z0-9.-]+(:\d+)?(\/[^\s?#]*)?$/, "must be a URL such as https://issuer.example.com/pool"),
  /** Values of `aud` or `client_id` of which a token must have one, 1 to 50. */
  audience: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(LIMITS.audiences)
    .refine(areDistinct, "must name each audience once"),
});

const domainSchema = z.strictObject({
  /** Domain name of the API, such as `api.example.com`. */
  name: domainNameSchema,
  /** Id of the public Route 53 zone that gets its records. */
  hostedZoneId: hostedZoneIdSchema,
  /** ARN of an ACM certificate of the same region that covers the name; one is made when absent. */
  certificateArn: certificateArnSchema.optional(),
});

/** When the API's own alarms go off. */
const alarmsSchema = z.strictObject({
  /** Percent of requests that end in an error of the server, above 0 to 100, over three times five minutes. */
  serverErrorPercent: z.number().gt(0).max(100).default(5),
  /** Milliseconds that one request of a hundred takes longer than, 1 to 30000, over three times five minutes. */
  p99Milliseconds: z
    .int()
    .min(1)
    .max(LIMITS.timeout * 1000)
    .default(5000),
});

const { tracing } = lambdaFunctionShape;

/** What a user decides on an API. */
export const httpApiShape = {
  /** Requests that are let through to the whole API, and to each route that has no own limit. */
  throttle: z.strictObject(throttleShape).prefault({ burst: 10_000, rate: 20_000 }),
  /** Tokens that callers must have; everybody may call when absent. */
  jwt: jwtSchema.optional(),
  ...logGroupShape(14),
  /** Logs and traces of the functions. */
  functions: z.strictObject({ ...logGroupShape(30), tracing }).prefault({}),
  /** Thresholds of the alarms. */
  alarms: alarmsSchema.prefault({}),
  /** CloudWatch dashboard; an account has three of them free of charge. */
  dashboard: z.boolean().default(true),
};

export const httpApiSchema = z
  .strictObject({
    /** Name of the API and beginning of the names of its functions, 1 to 60 letters, digits and hyphens. */
    name: z
      .string()
      .max(60)
      .regex(/^[A-Za-z0-9-]+$/, "must have letters, digits and hyphens only"),
    /** What it is for, at most 1024 characters. Source: API Gateway v2 API reference, CreateApi. */
    description: z.string().max(1024),
    /** Region of the API, for its dashboard. */
    region: z.string().min(1),
    /** Routes by name, 1 to 300; the name ends that of the route's function. */
    routes: z.record(routeKeySchema, httpRouteSchema),
    /** Pages of other origins that may call the API; none when absent. */
    cors: z.strictObject(corsShape).superRefine(checkCors).optional(),
    /** Domain of the API, which then has no other; the name that AWS gives it when absent. */
    domain: domainSchema.optional(),
    ...httpApiShape,
    /** SNS topics, 1 to 5, notified of errors, slow answers and throttled functions; no alarms when absent. */
    alarmTopicArns: topicArnsSchema.optional(),
  })
  .superRefine(({ routes, jwt, cors }, ctx) => {
    const entries = Object.entries(routes);
    if (entries.length < 1 || entries.length > LIMITS.routes) {
      refuse(ctx, "routes", `must have 1 to ${LIMITS.routes} routes, got ${entries.length}`);
    }
    checkRoutes(routes, ctx);
    for (const [key, { authorization }] of entries) checkAuthorization(authorization, jwt, ["routes", key], ctx);
    if (cors) checkPreflights(routes, jwt, ctx);
  });
export type HttpApiProps = z.input<typeof httpApiSchema>;
export type HttpApiSettings = z.output<typeof httpApiSchema>;

/** Scopes are those of a token. */
export function checkAuthorization(
  authorization: HttpApiSettings["routes"][string]["authorization"],
  jwt: object | undefined,
  under: string[],
  ctx: z.RefinementCtx,
): void {
  if (jwt || typeof authorization !== "object") return;
  const got = authorization.scopes.join(", ");
  refuse(ctx, [...under, "authorization"], `must have no scopes without jwt, whose tokens have them, got ${got}`);
}

/**
 * A route of any method takes the browser's question before a call, too, which bears no token. Source: API Gateway Developer
 * Guide, "Configure CORS for HTTP APIs in API Gateway".
 */
export function checkPreflights(
  routes: Readonly<Record<string, Pick<HttpApiSettings["routes"][string], "method" | "path" | "authorization">>>,
  jwt: object | undefined,
  ctx: z.RefinementCtx,
): void {
  const open = ({ authorization }: (typeof routes)[string]) => isOpen(authorization, jwt);
  const asked = Object.values(routes).filter((route) => route.method === "OPTIONS" && open(route));
  for (const [key, route] of Object.entries(routes)) {
    if (route.method !== "ANY" || open(route) || asked.some(({ path }) => path === route.path)) continue;
    const why = "since it takes the OPTIONS of browsers, which bear no token";
    const advice = `name its methods, or add a route OPTIONS ${route.path} with authorization "none"`;
    refuse(
      ctx,
      ["routes", key, "method"],
      `must not be ANY for a route that not everybody may call, ${why}, got ANY; ${advice}`,
    );
  }
}
