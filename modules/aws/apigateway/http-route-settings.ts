import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { refuse } from "../../common/settings/faults";
import { checkProgram, descriptionSchema, programShape } from "../lambda/lambda-function";

/** Sources: API Gateway Developer Guide, "Quotas for configuring and running an HTTP API". */
export const LIMITS = { routes: 300, timeout: 30, audiences: 50, scopes: 10 };

/** Requests per second; an account has 10000 in a region unless AWS raises that, so that more than this is a slip. */
const MOST_REQUESTS = 100_000;

/** What API Gateway lets through; it answers 429 to the rest. */
export const throttleShape = {
  /** Requests at once, 1 to 100000. */
  burst: z.int().min(1).max(MOST_REQUESTS),
  /** Requests per second in the long run, 1 to 100000. */
  rate: z.int().min(1).max(MOST_REQUESTS),
};

const SEGMENT = "([A-Za-z0-9._~-]+|\\{[A-Za-z0-9._-]+\\})";
/** Source: API Gateway Developer Guide, "Create routes for HTTP APIs": a greedy path variable stands at the end only. */
const PATH = new RegExp(`^/$|^(/${SEGMENT})*/(${SEGMENT}|\\{[A-Za-z0-9._-]+\\+\\})$`);

/** Who may call a route. */
const authorizationSchema = z.union(
  [
    z.enum(["none", "iam"]),
    z.strictObject({
      /** Scopes of which a token must have one, 1 to 10. */
      scopes: z
        .array(z.string().min(1).max(64))
        .min(1)
        .max(LIMITS.scopes)
        .refine(areDistinct, "must name each scope once"),
    }),
  ],
  { error: 'must be "none", "iam" or an object with scopes' },
);

/** A route and the function that answers it. */
export const httpRouteShape = {
  /** HTTP method, or `ANY` for all that no other route of the path takes. */
  method: z.enum(["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]),
  /** Path such as `/receipts` or `/receipts/{id}`; a last `{name+}` stands for all that is left. */
  path: z
    .string()
    .max(512)
    .regex(PATH, "must be a path such as /receipts or /receipts/{id}, of letters, digits, dots, hyphens, _ and ~"),
  /** What it is for, at most 256 characters; method and path when absent. */
  description: descriptionSchema.optional(),
  ...programShape,
  /** Seconds until a call is cut short, 1 to 30: API Gateway waits no longer. */
  timeoutSeconds: z.int().min(1).max(LIMITS.timeout).default(10),
  /** What is let through to this route, beside the limit of the API; that limit alone when absent. */
  throttle: z.strictObject(throttleShape).optional(),
  /**
   * Who may call it. When absent, those with a valid token where the API has `jwt`, else everybody. `"none"` opens it to
   * everybody, `"iam"` to those whom an IAM policy of this account lets `execute-api:Invoke`; `scopes` ask more of a token.
   */
  authorization: authorizationSchema.optional(),
};

export const httpRouteSchema = z.strictObject(httpRouteShape).superRefine(checkProgram);
export type HttpRouteSettings = z.output<typeof httpRouteSchema>;

/** Whether everybody may call a route; `tokens` are those that the API asks for, if any. */
export const isOpen = (authorization: HttpRouteSettings["authorization"], tokens: unknown): boolean =>
  authorization === "none" || (authorization === undefined && tokens === undefined);

/** Key of a route: 1 to 40 lower-case letters, digits and hyphens, a letter first. */
export const routeKeySchema = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens, a letter first");

/** Refuses two routes for the same requests: the names of path variables make no difference. */
export function checkRoutes(
  routes: Readonly<Record<string, Pick<HttpRouteSettings, "method" | "path">>>,
  ctx: z.RefinementCtx,
  under: string[] = ["routes"],
): void {
  const seen = new Map<string, string>();
  for (const [key, { method, path }] of Object.entries(routes)) {
    const requests = `${method} ${path.replace(/\{[^}+]+(\+?)\}/g, "{$1}")}`;
    const other = seen.get(requests);
    if (other !== undefined) {
      refuse(ctx, [...under, key, "path"], `must be another than that of ${other} for ${method}, got ${path}`);
    }
    seen.set(requests, key);
  }
}
