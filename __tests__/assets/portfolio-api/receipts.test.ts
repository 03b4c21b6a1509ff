import { expect, it } from "vitest";
import { ask } from "./handlers.fixture";

const KEY = { PK: "IMAGE#0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f", SK: "RECEIPT#00001", TYPE: "RECEIPT" };
const item = { ...KEY, width: 800 };

it("gives a page with the key of the next, and begins after a key", async () => {
  const first = await ask("receipts", () => ({ items: [item], next: KEY }), { limit: "1" });
  expect(first.body).toEqual({ receipts: [item], lastEvaluatedKey: KEY });
  expect(first.queries).toMatchObject([{ Limit: 1 }]);
  const second = await ask("receipts", () => ({}), { lastEvaluatedKey: JSON.stringify(first.body.lastEvaluatedKey) });
  expect(second.body).toEqual({ receipts: [], lastEvaluatedKey: null });
  expect(second.queries).toMatchObject([{ Limit: 1000, ExclusiveStartKey: { PK: { S: KEY.PK }, SK: { S: KEY.SK } } }]);
});
it("asks the table nothing where the request is wrong", async () => {
  const wrong: Record<string, string>[] = [
    { limit: "1001" },
    { lastEvaluatedKey: JSON.stringify({ ...KEY, SK: "IMAGE" }) },
  ];
  for (const query of wrong) {
    const { statusCode, queries } = await ask("receipts", () => ({}), query);
    expect([statusCode, queries]).toEqual([400, []]);
  }
});
