import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { wire } from "../../modules/portfolio/route-wiring";
import { routesOf } from "../../modules/portfolio/routes";
import { makeData, NAMES, RAW_SAMPLE } from "../../tools/portfolio/local-data";
import { type LocalPortfolio, startPortfolio } from "../../tools/portfolio/portfolio";
import { actionOf, allows, callsIn, type Request, requestsOf } from "../support/aws-calls";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { onAws } from "./stacks.fixture";

const TABLE = `arn:aws:dynamodb:us-east-1:123456789012:table/${NAMES.table}`;
const bucket = (bucketName: string) => ({
  bucketName,
  bucketArn: `arn:aws:s3:::${bucketName}`,
  kmsKeyArn: undefined,
});
const ROUTES = Object.entries(routesOf({ routes: {}, without: [], jwt: undefined }));
/** What the role of a route's function may do, in the account of the local server. */
const statementsOf = (key: string): Json[] => {
  const [, route] = ROUTES.find(([name]) => name === key) as (typeof ROUTES)[number];
  return wire(route, {
    table: { tableName: NAMES.table, tableArn: TABLE, kmsKeyArn: undefined },
    rawBucket: bucket(NAMES.rawBucket),
    siteBucket: bucket(NAMES.siteBucket),
    layers: {},
  }).statements as Json[];
};

/** What IAM would be asked for calls of DynamoDB. */
const ofTables = (action: string, input: Json): Request[] | undefined => {
  if (action === "dynamodb:BatchWriteItem") {
    const names = Object.keys(input.RequestItems);
    return names.map((name) => ({ action, resource: TABLE.replace(NAMES.table, name), context: {} }));
  }
  if (!action.startsWith("dynamodb:")) return undefined;
  const table = TABLE.replace(NAMES.table, input.TableName);
  return [{ action, resource: input.IndexName ? `${table}/index/${input.IndexName}` : table, context: {} }];
};

/** Asked by S3 alone, when an object is not there. */
const IMPLIED = ["s3:ListBucket"];

onAws("what each route of the portfolio's API may do", () => {
  const file = join(inject("scratch"), "portfolio-policies", "calls.jsonl");
  let moto: Moto;
  let portfolio: LocalPortfolio;
  beforeAll(async () => {
    mkdirSync(join(file, ".."), { recursive: true });
    moto = await Moto.start({ calls: file });
    await makeData(moto.url, 40);
    portfolio = await startPortfolio({
      site: join("assets", "website", "site"),
      ports: { site: 0, api: 0 },
      names: NAMES,
      python: join(inject("motoEnvironment"), "bin", "python"),
      env: { PATH: process.env.PATH, AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "us-east-1", ...moto.env },
    });
  });
  afterAll(async () => {
    await portfolio?.stop();
    await moto?.stop();
  });

  it.each(ROUTES)("is what %s does, and no more", async (key, { method, path }) => {
    const before = callsIn(file).length;
    const body = { raw_prefix: RAW_SAMPLE.prefix, uuids: [RAW_SAMPLE.uuid], cdn_prefix: "media/scans" };
    const init = method === "POST" ? { method, body: JSON.stringify(body) } : { method };
    expect((await fetch(`${portfolio.apiUrl}${path}`, init)).status).toBe(200);
    const calls = callsIn(file).slice(before);
    const requests = calls.flatMap((call) => requestsOf(call, ofTables));
    const statements = statementsOf(key);
    expect(requests.filter((request) => !allows(statements, request))).toEqual([]);
    const called = new Set(calls.map(actionOf));
    const allowed = statements.flatMap(({ Action }) => [Action].flat()).filter((action) => !IMPLIED.includes(action));
    expect(allowed.filter((action) => !called.has(action))).toEqual([]);
  });
  it("is not what another one does", () => {
    const write = { action: "dynamodb:BatchWriteItem", resource: TABLE, context: {} };
    expect(allows(statementsOf("process"), write)).toBe(true);
    expect(allows(statementsOf("receipts"), write)).toBe(false);
    const outside = { action: "s3:PutObject", resource: `arn:aws:s3:::${NAMES.siteBucket}/index.html`, context: {} };
    expect(allows(statementsOf("process"), outside)).toBe(false);
  });
});
