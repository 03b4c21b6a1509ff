import { expect, it } from "vitest";
import { parseInput } from "../../../modules/common/settings/props";
import { portfolioApiSchema, routesOf } from "../../../modules/portfolio/routes";
import { dotted, errorOf } from "../../support/bad-input";

const ENTRY = "assets/portfolio-api/health-check.ts";
const own = { method: "GET", path: "/own", entry: ENTRY } as const;
const parse = (settings: object = {}) => parseInput("dev", portfolioApiSchema, settings);

it("has the portfolio's routes, each with the memory and time that its work takes", () => {
  const routes = routesOf(parse());
  const shown = Object.values(routes).map((route) => [
    `${route.method} ${route.path}`,
    route.entry.split("/assets/portfolio-api/")[1],
    route.memory,
    route.timeoutSeconds,
  ]);
  expect(shown).toEqual([
    ["GET /health_check", "health-check.ts", 256, 10],
    ["GET /image_count", "image-count.ts", 1024, 30],
    ["GET /receipt_count", "receipt-count.ts", 1024, 30],
    ["GET /image_details", "image-details.ts", 1024, 30],
    ["GET /receipts", "receipts.ts", 1024, 30],
    ["GET /merchant_counts", "merchant-counts.ts", 3072, 30],
    ["GET /label_validation_count", "label-validation-count.ts", 3072, 30],
    ["POST /process", "process/handler.py", 3072, 30],
  ]);
  expect(routes.process?.layers).toEqual(["receipts"]);
});
it("lets everybody read, and those whom IAM lets write; where there are tokens, those who have one", () => {
  const open = routesOf(parse());
  expect(
    Object.entries(open).flatMap(([key, { authorization }]) => (authorization ? [[key, authorization]] : [])),
  ).toEqual([
    ["health-check", "none"],
    ["process", "iam"],
  ]);
  const jwt = { issuer: "https://issuer.example.com", audience: ["a"] };
  expect(routesOf(parse({ jwt })).process).not.toHaveProperty("authorization");
});
it("takes routes of the user, and leaves out what they do not want", () => {
  const routes = routesOf(
    parse({ without: ["process", "receipts"], routes: { own, process: { ...own, path: "/process" } } }),
  );
  expect(Object.keys(routes)).toHaveLength(8);
  expect(routes.own).toMatchObject({ path: "/own", timeoutSeconds: 10 });
  expect(routes.process).toMatchObject({ method: "GET" });
  expect(routes).not.toHaveProperty("receipts");
});

it.each<[string, object, ...string[]]>([
  ["without.0", { without: ["nothing"] }, "nothing"],
  ["without", { without: ["process", "process"] }, "each route once"],
  ["routes.process", { routes: { process: own } }, "process be in without"],
  ["routes.own.path", { routes: { own: { ...own, path: "/receipts" } } }, "another than that of receipts"],
  ["routes.own.timeoutSeconds", { routes: { own: { ...own, timeoutSeconds: 31 } } }, "at most 30"],
  ["routes.own.entry", { routes: { own: { ...own, entry: "a.js" } } }, "TypeScript or Python"],
  ["routes.own.table.actions", { routes: { own: { ...own, table: { actions: [] } } } }, "at least 1"],
  ["routes.own.table.actions.0", { routes: { own: { ...own, table: { actions: ["DeleteTable"] } } } }, "DeleteTable"],
  [
    "routes.own.table.indexes.0",
    { routes: { own: { ...own, table: { actions: ["Query"], indexes: ["GSI5"] } } } },
    "GSI5",
  ],
  [
    "routes.own.table.items",
    { routes: { own: { ...own, table: { actions: ["Query"], items: false } } } },
    "must be on",
  ],
  [
    "routes.own.table.items",
    { routes: { own: { ...own, table: { actions: ["Query", "PutItem"], indexes: ["GSI1"], items: false } } } },
    "must be on for PutItem",
  ],
  ["routes.own.method", { routes: { own: { ...own, method: "ANY", authorization: "iam" } } }, "must not be ANY"],
  ["routes.own.rawBucket", { routes: { own: { ...own, rawBucket: "all" } } }, "read"],
  ["routes.own.media", { routes: { own: { ...own, media: true } } }, "read"],
  ["routes.own.layers", { routes: { own: { ...own, layers: ["a", "a"] } } }, "each layer once"],
  ["routes.own.layers", { routes: { own: { ...own, layers: ["a", "b", "c", "d", "e", "f"] } } }, "at most 5"],
  ["routes.own.environment.TABLE_NAME", { routes: { own: { ...own, environment: { TABLE_NAME: "a" } } } }, "left out"],
  ["routes.own.authorization", { routes: { own: { ...own, authorization: { scopes: ["a"] } } } }, "without jwt"],
  ["cors.credentials", { cors: { origins: ["*"] } }, "must be false"],
  ["certificateArn", { certificateArn: "arn" }, "ACM certificate"],
])("refuses %s %#", (key, settings, ...words) => {
  const { message } = errorOf(() => parse(settings));
  expect(dotted(message)).toContain(`dev: ${key}: `);
  for (const word of words) expect(message).toContain(word);
});
