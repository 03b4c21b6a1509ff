import { expect, it } from "vitest";
import { ask, type Query } from "./handlers.fixture";

/** Receipts are on these images. */
const receiptsOn = (images: string[]) => (query: Query) =>
  query.IndexName
    ? { items: images.map((PK) => ({ PK })) }
    : {
        items: ["IMAGE", "WORD", "RECEIPT", "RECEIPT", "RECEIPT_WORD", "LINE", "constructor"].map((TYPE) => ({
          PK: query.ExpressionAttributeValues[":image"]?.S,
          TYPE,
        })),
      };

it("tells all of an image with exactly two receipts, by type", async () => {
  const { statusCode, body } = await ask("image-details", receiptsOn(["A", "B", "B", "C", "C", "C"]));
  expect(statusCode).toBe(200);
  const of = (TYPE: string) => ({ PK: "B", TYPE });
  expect(body).toEqual({
    images: [of("IMAGE")],
    words: [of("WORD")],
    receipts: [of("RECEIPT"), of("RECEIPT")],
    receipt_words: [of("RECEIPT_WORD")],
  });
});
it("answers 404 where there is none", async () => {
  const { statusCode, body, queries } = await ask("image-details", receiptsOn(["A", "C", "C", "C"]));
  expect([statusCode, body]).toEqual([404, { error: "there is no image with exactly 2 receipts" }]);
  expect(queries).toHaveLength(1);
});
