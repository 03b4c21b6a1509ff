import { expect, it } from "vitest";
import { SAMPLE_IMAGE, SAMPLE_RESULT, sampleItems, uuidOf } from "../../../tools/portfolio/samples";

const types = (receipts: number) => {
  const counts: Record<string, number> = {};
  for (const { TYPE } of sampleItems(receipts)) counts[TYPE as string] = (counts[TYPE as string] ?? 0) + 1;
  return counts;
};

it("have images of one, two, two and three receipts, each with a word and its label", () => {
  expect(types(8)).toEqual({ IMAGE: 4, WORD: 4, RECEIPT: 8, RECEIPT_WORD: 8, RECEIPT_WORD_LABEL: 8 });
  const perImage = new Map<unknown, number>();
  for (const { PK, TYPE } of sampleItems(8)) if (TYPE === "RECEIPT") perImage.set(PK, (perImage.get(PK) ?? 0) + 1);
  expect([...perImage.values()]).toEqual([1, 2, 2, 3]);
});
it("end with the receipt that was asked for", () => {
  expect(types(1)).toMatchObject({ IMAGE: 1, RECEIPT: 1 });
  expect(types(7)).toMatchObject({ IMAGE: 4, RECEIPT: 7 });
});
it("have each key once, and are the same again", () => {
  const items = [...sampleItems(500)];
  expect(new Set(items.map(({ PK, SK }) => `${PK} ${SK}`)).size).toBe(items.length);
  expect([...sampleItems(500)]).toEqual(items);
});
it("have the keys that the package receipts gives them", () => {
  const [, , receipt, word, label] = [...sampleItems(1)];
  const PK = `IMAGE#${uuidOf(0)}`;
  expect(receipt).toMatchObject({ PK, SK: "RECEIPT#00001", GSI1PK: "IMAGE", GSI1SK: `${PK}#RECEIPT#00001` });
  expect(receipt?.GSI2PK).toBe(`MERCHANT#${receipt?.merchant_name}`);
  expect(word).toMatchObject({ PK, SK: "RECEIPT#00001#LINE#00001#WORD#00001", TYPE: "RECEIPT_WORD" });
  expect(label?.SK).toBe(`${word?.SK}#LABEL#${label?.label}`);
  expect(label).toMatchObject({
    GSI1PK: `LABEL#${label?.label}`,
    GSI3PK: `VALIDATION_STATUS#${label?.validation_status}`,
  });
});
it("leave every eleventh receipt without a merchant", () => {
  const without = [...sampleItems(110)].filter(({ TYPE, merchant_name }) => TYPE === "RECEIPT" && !merchant_name);
  expect(without).toHaveLength(10);
  for (const item of without) expect(item).not.toHaveProperty("GSI2PK");
});
it("have UUIDs of version 4, each its own", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => uuidOf(i - 500));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(1000);
});
it("come with a result of OCR and a PNG image", () => {
  expect(SAMPLE_IMAGE.subarray(1, 4).toString()).toBe("PNG");
  expect(SAMPLE_RESULT.receipts[0]?.lines[0]?.words).toHaveLength(1);
});
