import { randomInt } from "node:crypto";
import { NotFound, route } from "./http";
import { type Item, ofType, pages } from "./table";

/** Receipts per page. */
const PAGE = 500;
/** Receipts of an image that is shown. */
const RECEIPTS = 2;
/** Part of the answer by the type of an item. */
const PARTS = { IMAGE: "images", WORD: "words", RECEIPT: "receipts", RECEIPT_WORD: "receipt_words" } as const;

export const handler = route("GET", async (_request, signal) => {
  const receipts = new Map<string, number>();
  const keys = { ...ofType("RECEIPT"), ProjectionExpression: "PK" };
  for await (const { Items = [] } of pages(keys, signal, PAGE)) {
    for (const { PK } of Items) receipts.set(PK, (receipts.get(PK) ?? 0) + 1);
  }
  const images = [...receipts].flatMap(([image, count]) => (count === RECEIPTS ? [image] : []));
  if (images.length === 0) throw new NotFound(`there is no image with exactly ${RECEIPTS} receipts`);
  return detailsOf(images[randomInt(images.length)] as string, signal);
});

/** All items of an image, by their type. */
async function detailsOf(image: string, signal: AbortSignal) {
  const details: Record<(typeof PARTS)[keyof typeof PARTS], Item[]> = {
    images: [],
    words: [],
    receipts: [],
    receipt_words: [],
  };
  const query = { KeyConditionExpression: "PK = :image", ExpressionAttributeValues: { ":image": image } };
  for await (const { Items = [] } of pages(query, signal)) {
    for (const item of Items) {
      if (Object.hasOwn(PARTS, item.TYPE)) details[PARTS[item.TYPE as keyof typeof PARTS]].push(item);
    }
  }
  return details;
}
