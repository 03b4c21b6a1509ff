import { expect, it } from "vitest";
import { ask } from "./handlers.fixture";

it("counts names over all pages, the most frequent first and those of a number by name; none is no name", async () => {
  const pages = [
    ["B", "A", undefined],
    ["C", "B", ""],
  ].map((names) => names.map((name) => (name === undefined ? {} : { merchant_name: name })));
  const next = { PK: "IMAGE#1", SK: "RECEIPT#00001", TYPE: "RECEIPT" };
  const { body, queries } = await ask("merchant-counts", ({ ExclusiveStartKey }) =>
    ExclusiveStartKey ? { items: pages[1] } : { items: pages[0], next },
  );
  expect(body).toEqual([{ B: 2 }, { A: 1 }, { C: 1 }]);
  expect(queries).toMatchObject([{ ProjectionExpression: "merchant_name", Limit: 1000 }, {}]);
});
