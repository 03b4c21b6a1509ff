import { join } from "node:path";
import { z } from "zod";
import {
  checkAuthorization,
  checkCors,
  checkPreflights,
  corsShape,
  httpApiShape,
} from "../aws/apigateway/http-api-settings";
import { checkRoutes, httpRouteShape, LIMITS, routeKeySchema } from "../aws/apigateway/http-route-settings";
import { checkProgram } from "../aws/lambda/lambda-function";
import { areDistinct } from "../common/collections";
import { certificateArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";

const PROGRAMS = join(__dirname, "..", "..", "assets", "portfolio-api");

/** Beginning of the names of the images and other files that the API adds to the website. */
export const MEDIA_PREFIX = "media/";

/** Variables by which a function knows what it may use. */
export const VARIABLES = {
  table: "TABLE_NAME",
  rawBucket: "RAW_BUCKET",
  siteBucket: "SITE_BUCKET",
  media: "MEDIA_PREFIX",
};

/** Source: DynamoDB Developer Guide, "Actions, resources, and condition keys"; none that changes the table itself. */
const ACTIONS = [
  "BatchGetItem",
  "BatchWriteItem",
  "DeleteItem",
  "GetItem",
  "PutItem",
  "Query",
  "Scan",
  "UpdateItem",
] as const;
const INDEXES = ["GSI1", "GSI2", "GSI3", "GSI4", "GSITYPE"] as const;

/** What a function may do with the files of a bucket. */
const filesSchema = z.enum(["read", "write", "read-write"]);

const { layers: _references, ...route } = httpRouteShape;
/** A route: one entry says how it is called, what answers it, and what that may use. */
const portfolioRouteShape = {
  ...route,
  /** What the function may do with the table, whose name it has as `TABLE_NAME`; nothing when absent. */
  table: z
    .strictObject({
      /** Actions of DynamoDB, such as `Query`, at least one. */
      actions: z.array(z.enum(ACTIONS)).min(1).refine(areDistinct, "must name each action once"),
      /** Indexes that it may query. */
      indexes: z.array(z.enum(INDEXES)).refine(areDistinct, "must name each index once").default([]),
      /** Let it use the table itself, too; false for a route that only queries indexes. */
      items: z.boolean().default(true),
    })
    .optional(),
  /** What it may do with the raw bucket, whose name it has as `RAW_BUCKET`; nothing when absent. */
  rawBucket: filesSchema.optional(),
  /** What it may do with the files of the website below `media/`, whose bucket it has as `SITE_BUCKET`; nothing when absent. */
  media: filesSchema.optional(),
  /** Names of layers in `portfolio.layers`, at most 5. */
  layers: z.array(z.string()).max(5).refine(areDistinct, "must name each layer once").default([]),
};
const portfolioRouteSchema = z.strictObject(portfolioRouteShape).superRefine((settings, ctx) => {
  checkProgram(settings, ctx);
  for (const name of Object.values(VARIABLES)) {
    if (Object.hasOwn(settings.environment, name)) {
      refuse(ctx, ["environment", name], "must be left out, since the stack sets it, got a value");
    }
  }
  const { table } = settings;
  if (!table) return;
  const direct = table.actions.filter((action) => action !== "Query" && action !== "Scan");
  if (!table.items && direct.length > 0) {
    refuse(ctx, ["table", "items"], `must be on for ${direct.join(", ")}, which indexes do not take, got false`);
  }
  if (table.items || table.indexes.length > 0) return;
  refuse(ctx, ["table", "items"], "must be on where indexes is empty, or the function could use nothing, got false");
});
export type PortfolioRoute = z.output<typeof portfolioRouteSchema>;

const QUERY_TYPES = { actions: ["Query"], indexes: ["GSITYPE"], items: false };

/** The portfolio's own routes. */
export const BUILT_IN = {
  "health-check": {
    method: "GET",
    path: "/health_check",
    description: "Says that the API answers",
    entry: join(PROGRAMS, "health-check.ts"),
    authorization: "none",
  },
  "image-count": {
    method: "GET",
    path: "/image_count",
    description: "Counts images",
    entry: join(PROGRAMS, "image-count.ts"),
    memory: 1024,
    timeoutSeconds: 30,
    table: QUERY_TYPES,
  },
  "receipt-count": {
    method: "GET",
    path: "/receipt_count",
    description: "Counts receipts",
    entry: join(PROGRAMS, "receipt-count.ts"),
    memory: 1024,
    timeoutSeconds: 30,
    table: QUERY_TYPES,
  },
  "image-details": {
    method: "GET",
    path: "/image_details",
    description: "Tells all of an image with two receipts, chosen at random",
    entry: join(PROGRAMS, "image-details.ts"),
    memory: 1024,
    timeoutSeconds: 30,
    table: { actions: ["Query"], indexes: ["GSITYPE"] },
  },
  receipts: {
    method: "GET",
    path: "/receipts",
    description: "Lists receipts by pages",
    entry: join(PROGRAMS, "receipts.ts"),
    memory: 1024,
    timeoutSeconds: 30,
    table: QUERY_TYPES,
  },
  "merchant-counts": {
    method: "GET",
    path: "/merchant_counts",
    description: "Counts receipts by merchant",
    entry: join(PROGRAMS, "merchant-counts.ts"),
    memory: 3072,
    timeoutSeconds: 30,
    table: QUERY_TYPES,
  },
  "label-validation-count": {
    method: "GET",
    path: "/label_validation_count",
    description: "Counts labels by what is known of them",
    entry: join(PROGRAMS, "label-validation-count.ts"),
    memory: 3072,
    timeoutSeconds: 30,
    table: { actions: ["Query"], indexes: ["GSI1"], items: false },
  },
  process: {
    method: "POST",
    path: "/process",
    description: "Turns results of OCR into items, and shows their images",
    entry: join(PROGRAMS, "process", "handler.py"),
    memory: 3072,
    timeoutSeconds: 30,
    // each call may write thousands of items
    throttle: { burst: 10, rate: 5 },
    table: { actions: ["BatchWriteItem", "PutItem"] },
    rawBucket: "read",
    media: "write",
    layers: ["receipts"],
  },
} as const satisfies Record<string, unknown>;
const BUILT_IN_KEYS = Object.keys(BUILT_IN) as (keyof typeof BUILT_IN)[];

const routesSchema = z.record(routeKeySchema, portfolioRouteSchema);

/** The API in an environment. */
export const portfolioApiSchema = z
  .strictObject({
    ...httpApiShape,
    /** Further routes by name. */
    routes: routesSchema.default({}),
    /** The portfolio's own routes that are left out. */
    without: z.array(z.enum(BUILT_IN_KEYS)).refine(areDistinct, "must name each route once").default([]),
    /** ARN of an ACM certificate of the same region for the API's name below `portfolio.domain`; one is made when absent. */
    certificateArn: certificateArnSchema.optional(),
    /** Pages that may call the API: those of the website when `origins` is absent. */
    cors: z
      .strictObject({ ...corsShape, origins: corsShape.origins.optional() })
      .superRefine(checkCors)
      .prefault({}),
  })
  .superRefine((api, ctx) => {
    for (const key of Object.keys(api.routes)) {
      if (Object.hasOwn(BUILT_IN, key) && !api.without.includes(key as keyof typeof BUILT_IN)) {
        refuse(
          ctx,
          ["routes", key],
          `must have another name, or ${key} be in without: the portfolio has a route of this name`,
        );
      }
    }
    const count = Object.keys(routesOf(api)).length;
    if (count < 1 || count > LIMITS.routes) {
      refuse(ctx, "routes", `must be 1 to ${LIMITS.routes} with those of the portfolio, got ${count}`);
    }
    checkRoutes(routesOf(api), ctx);
    checkPreflights(api.routes, api.jwt, ctx);
    for (const [key, { authorization }] of Object.entries(api.routes)) {
      checkAuthorization(authorization, api.jwt, ["routes", key], ctx);
    }
  });
export type PortfolioApiSettings = z.output<typeof portfolioApiSchema>;

/** The routes of an API: the portfolio's own, then the user's. */
export function routesOf({
  routes,
  without,
  jwt,
}: Pick<PortfolioApiSettings, "routes" | "without" | "jwt">): Record<string, PortfolioRoute> {
  const left = Object.entries(BUILT_IN).filter(([key]) => !without.includes(key as keyof typeof BUILT_IN));
  const own = routesSchema.parse(Object.fromEntries(left));
  // what writes is not for everybody: without tokens, for those of the account whom IAM lets
  if (own.process && !jwt) own.process.authorization = "iam";
  return { ...own, ...routes };
}
