import { afterEach, beforeEach, expect, it } from "vitest";
import { makeData, NAMES, RAW_SAMPLE } from "../../../tools/portfolio/local-data";
import { stubAws } from "./aws.fixture";

let aws: Awaited<ReturnType<typeof stubAws>>;
beforeEach(async () => {
  aws = await stubAws();
});
afterEach(() => aws.stop());

it("makes the table with the keys and indexes of the portfolio's", async () => {
  await makeData(aws.url, 1);
  const [call] = aws.of("DynamoDB_20120810.CreateTable");
  const { TableName, KeySchema, GlobalSecondaryIndexes, BillingMode } = JSON.parse(call?.body ?? "");
  expect([TableName, BillingMode]).toEqual(["local-portfolio", "PAY_PER_REQUEST"]);
  expect(KeySchema.map((key: object) => Object.values(key))).toEqual([
    ["PK", "HASH"],
    ["SK", "RANGE"],
  ]);
  const keys = GlobalSecondaryIndexes.map((index: { IndexName: string; KeySchema: { AttributeName: string }[] }) => [
    index.IndexName,
    ...index.KeySchema.map(({ AttributeName }) => AttributeName),
  ]);
  expect(keys).toEqual([
    ["GSI1", "GSI1PK", "GSI1SK"],
    ["GSI2", "GSI2PK", "GSI2SK"],
    ["GSI3", "GSI3PK", "GSI3SK"],
    ["GSI4", "GSI4PK", "GSI4SK"],
    ["GSITYPE", "TYPE"],
  ]);
});
it("writes each item once, at most 25 at a time, and says how many", async () => {
  const count = await makeData(aws.url, 60);
  const batches = aws
    .of("DynamoDB_20120810.BatchWriteItem")
    .map(
      ({ body }) =>
        JSON.parse(body).RequestItems[NAMES.table] as { PutRequest: { Item: { PK: object; SK: object } } }[],
    );
  expect(Math.max(...batches.map(({ length }) => length))).toBe(25);
  const keys = batches.flat().map(({ PutRequest: { Item } }) => JSON.stringify([Item.PK, Item.SK]));
  expect([keys.length, new Set(keys).size]).toEqual([count, count]);
  expect(count).toBe(60 * 3 + 31 * 2); // eight receipts are on four images, the last four on three
});
it("puts a result of OCR with its image into the raw bucket", async () => {
  await makeData(aws.url, 1);
  const key = `/local-portfolio-raw/${RAW_SAMPLE.prefix}/${RAW_SAMPLE.uuid}`;
  const puts = aws.calls.map(({ action }) => action).filter((action) => action.startsWith("PUT"));
  expect(puts).toEqual([
    "PUT /local-portfolio-raw/",
    "PUT /local-portfolio-site/",
    `PUT ${key}.json`,
    `PUT ${key}.png`,
  ]);
});
