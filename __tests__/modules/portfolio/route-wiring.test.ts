import { expect, it } from "vitest";
import { parseInput } from "../../../modules/common/settings/props";
import { wire } from "../../../modules/portfolio/route-wiring";
import { portfolioApiSchema, routesOf } from "../../../modules/portfolio/routes";

const TABLE = "arn:aws:dynamodb:eu-west-2:111122223333:table/dev-portfolio";
const KEY = "arn:aws:kms:eu-west-2:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const RAW = "arn:aws:s3:::raw";
const SITE = "arn:aws:s3:::site";
const bucket = (name: string, kmsKeyArn?: string) => ({
  bucketName: name,
  bucketArn: `arn:aws:s3:::${name}`,
  kmsKeyArn,
});
const receipts = {
  layerName: "dev-portfolio-receipts",
  optIn: {},
  runtimes: ["python3.13"],
  architectures: ["arm64"],
  updateFunctionName: "update",
};
const resources = (kmsKeyArn?: string) => ({
  table: { tableName: "dev-portfolio", tableArn: TABLE, kmsKeyArn },
  rawBucket: bucket("raw", kmsKeyArn),
  siteBucket: bucket("site", kmsKeyArn),
  layers: { receipts },
});
const routes = (settings: object = {}) => routesOf(parseInput("dev", portfolioApiSchema, settings));
const wired = (key: string, kmsKeyArn?: string, settings: object = {}) => {
  const route = routes(settings)[key];
  if (!route) throw new Error(`no route ${key}`);
  return wire(route, resources(kmsKeyArn));
};

it.each([
  ["health-check", [], {}],
  [
    "image-count",
    [{ Action: ["dynamodb:Query"], Resource: [`${TABLE}/index/GSITYPE`] }],
    { TABLE_NAME: "dev-portfolio" },
  ],
  [
    "receipt-count",
    [{ Action: ["dynamodb:Query"], Resource: [`${TABLE}/index/GSITYPE`] }],
    { TABLE_NAME: "dev-portfolio" },
  ],
  [
    "image-details",
    [{ Action: ["dynamodb:Query"], Resource: [TABLE, `${TABLE}/index/GSITYPE`] }],
    { TABLE_NAME: "dev-portfolio" },
  ],
  ["receipts", [{ Action: ["dynamodb:Query"], Resource: [`${TABLE}/index/GSITYPE`] }], { TABLE_NAME: "dev-portfolio" }],
  [
    "merchant-counts",
    [{ Action: ["dynamodb:Query"], Resource: [`${TABLE}/index/GSITYPE`] }],
    { TABLE_NAME: "dev-portfolio" },
  ],
  [
    "label-validation-count",
    [{ Action: ["dynamodb:Query"], Resource: [`${TABLE}/index/GSI1`] }],
    { TABLE_NAME: "dev-portfolio" },
  ],
  [
    "process",
    [
      { Action: ["dynamodb:BatchWriteItem", "dynamodb:PutItem"], Resource: [TABLE] },
      { Action: ["s3:GetObject"], Resource: `${RAW}/*` },
      { Action: "s3:ListBucket", Resource: RAW },
      { Action: ["s3:PutObject"], Resource: `${SITE}/media/*` },
    ],
    { TABLE_NAME: "dev-portfolio", RAW_BUCKET: "raw", SITE_BUCKET: "site", MEDIA_PREFIX: "media/" },
  ],
])("%s may do what it does, and knows the names for it", (key, statements, environment) => {
  expect(wired(key)).toMatchObject({ statements, environment });
  expect(wired(key).statements).toHaveLength(statements.length);
});
it("may use the keys of what it uses", () => {
  const keys = wired("process", KEY).statements?.filter(({ Resource }) => Resource === KEY);
  expect(keys?.map(({ Action }) => Action)).toEqual([
    "kms:Decrypt",
    ["kms:Decrypt"],
    ["kms:Decrypt", "kms:GenerateDataKey"],
  ]);
  expect(wired("health-check", KEY).statements).toEqual([]);
});
it("gives layers by their names", () => {
  expect(wired("process").layers).toEqual([receipts]);
  expect(wired("receipts").layers).toEqual([]);
});
it("adds what a user says", () => {
  const statement = { Action: "ses:SendEmail", Resource: "*" };
  const own = {
    ...{ method: "GET", path: "/own", entry: "assets/portfolio-api/health-check.ts" },
    ...{ environment: { MINE: "yes" }, statements: [statement], media: "read-write" },
  };
  const found = wired("own", undefined, { routes: { own } });
  expect(found.environment).toEqual({ MINE: "yes", SITE_BUCKET: "site", MEDIA_PREFIX: "media/" });
  expect(found.statements).toEqual([
    { Action: ["s3:GetObject", "s3:PutObject"], Resource: `${SITE}/media/*` },
    { Action: "s3:ListBucket", Resource: SITE },
    statement,
  ]);
});
