import { expect, it } from "vitest";
import { ask } from "./handlers.fixture";

it.each([
  ["image-count", "IMAGE"],
  ["receipt-count", "RECEIPT"],
])("%s adds up all pages of a type, and reads no item", async (name, type) => {
  const next = { PK: "IMAGE#1", SK: "A", TYPE: type };
  const { body, queries } = await ask(name, ({ ExclusiveStartKey }) =>
    ExclusiveStartKey ? { count: 3 } : { count: 5, next },
  );
  expect(body).toBe(8);
  expect(queries).toHaveLength(2);
  for (const query of queries) {
    expect(query).toMatchObject({ TableName: "things", IndexName: "GSITYPE", Select: "COUNT" });
    expect(query.ExpressionAttributeValues).toEqual({ ":type": { S: type } });
  }
});
