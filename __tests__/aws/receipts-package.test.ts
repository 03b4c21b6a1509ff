import { mkdtempSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import { run } from "../support/process";
import type { Json } from "../support/synth";

const IMAGE = "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const ADDED = "2026-01-02T03:04:05+00:00";
const BOX = { x: 0.1, y: 0.05, width: 0.4, height: 0.02 };
const WORD = { text: "CORNER", confidence: 0.99, bounding_box: BOX };
const LINE = { text: "CORNER SHOP", confidence: 0.98, bounding_box: BOX, words: [WORD] };
const RECEIPT = {
  width: 800,
  height: 2400,
  merchant_name: " Corner  Shop #12",
  lines: [LINE, { ...LINE, words: [WORD, { ...WORD, label: "MERCHANT_NAME" }] }],
};
const RESULT = { image: { width: 3024, height: 4032 }, lines: [LINE], receipts: [RECEIPT] };
const LABELS =
  "MERCHANT_NAME, STORE_HOURS, PHONE_NUMBER, WEBSITE, LOYALTY_ID, ADDRESS_LINE, DATE, TIME, PAYMENT_METHOD, COUPON, " +
  "DISCOUNT, PRODUCT_NAME, QUANTITY, UNIT_PRICE, LINE_TOTAL, SUBTOTAL, TAX, GRAND_TOTAL";

/** The result with another value at a path; left out if that is undefined. */
function withValue(path: string, value: unknown): Json {
  const copy: Json = JSON.parse(JSON.stringify(RESULT)); // whose parts are used more than once
  const keys = path.split(/[.[\]]+/).filter(Boolean);
  const last = keys.pop() as string;
  keys.reduce((at, key) => at[key], copy)[last] = value;
  return copy;
}

interface Call {
  function: string;
  arguments?: unknown[];
  named?: Record<string, unknown>;
}
/** What the package gives for each call. */
async function answers(calls: Call[]): Promise<Json[]> {
  const file = join(mkdtempSync(join(inject("scratch"), "receipts-")), "calls.json");
  writeFileSync(file, JSON.stringify(calls));
  const python = join(inject("motoEnvironment"), "bin", "python");
  const driver = join("__tests__", "support", "python", "receipts_driver.py");
  const env = {
    PATH: process.env.PATH,
    PYTHONPATH: resolve("assets", "receipts-package", "src"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const { status, stdout, stderr } = await run(python, [driver, file], { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}
const answer = async (call: Call): Promise<Json> => (await answers([call]))[0];
const made = (text: string, named: Record<string, unknown> = {}): Call => ({
  function: "made",
  arguments: [text],
  named,
});

/** An item as it lies in the table, numbers and texts told apart. */
const plain = (item: Json): Json =>
  Object.fromEntries(
    Object.entries<Json>(item).map(([key, { S, N, M }]) => [key, M ? plain(M) : N === undefined ? S : Number(N)]),
  );
const itemsOf = async (result: unknown, named?: Record<string, unknown>): Promise<Json[]> => {
  const found = await answer(made(JSON.stringify(result), named));
  expect(found.error).toBeUndefined();
  return found.answer.map(plain);
};

describe.skipIf(inject("missing") !== "")("the package of receipts", () => {
  it("makes every item of a result, with its keys", async () => {
    const raw = { raw_s3_bucket: "raw", raw_s3_key: "a.json", cdn_s3_bucket: "cdn", cdn_s3_key: "a.png" };
    const items = await itemsOf(RESULT, raw);
    const PK = `IMAGE#${IMAGE}`;
    const line = (line_id: number, receipt: object = {}) => ({
      PK,
      image_id: IMAGE,
      line_id,
      text: "CORNER SHOP",
      confidence: 0.98,
      bounding_box: BOX,
      ...receipt,
    });
    const word = (line_id: number, word_id: number, receipt: object = {}) => ({
      ...line(line_id, receipt),
      word_id,
      text: "CORNER",
      confidence: 0.99,
    });
    const receipt = { receipt_id: 1 };
    const label = "RECEIPT#00001#LINE#00002#WORD#00002";
    expect(items).toEqual([
      {
        PK,
        SK: "IMAGE",
        TYPE: "IMAGE",
        GSI1PK: "IMAGE",
        GSI1SK: PK,
        width: 3024,
        height: 4032,
        timestamp_added: ADDED,
        ...raw,
      },
      { ...line(1), SK: "LINE#00001", TYPE: "LINE" },
      { ...word(1, 1), SK: "LINE#00001#WORD#00001", TYPE: "WORD" },
      {
        PK,
        SK: "RECEIPT#00001",
        TYPE: "RECEIPT",
        GSI1PK: "IMAGE",
        GSI1SK: `${PK}#RECEIPT#00001`,
        GSI2PK: "MERCHANT#CORNER SHOP",
        GSI2SK: `${PK}#RECEIPT#00001`,
        image_id: IMAGE,
        receipt_id: 1,
        merchant_name: "CORNER SHOP",
        width: 800,
        height: 2400,
        timestamp_added: ADDED,
      },
      { ...line(1, receipt), SK: "RECEIPT#00001#LINE#00001", TYPE: "RECEIPT_LINE" },
      { ...word(1, 1, receipt), SK: "RECEIPT#00001#LINE#00001#WORD#00001", TYPE: "RECEIPT_WORD" },
      { ...line(2, receipt), SK: "RECEIPT#00001#LINE#00002", TYPE: "RECEIPT_LINE" },
      { ...word(2, 1, receipt), SK: "RECEIPT#00001#LINE#00002#WORD#00001", TYPE: "RECEIPT_WORD" },
      { ...word(2, 2, receipt), SK: "RECEIPT#00001#LINE#00002#WORD#00002", TYPE: "RECEIPT_WORD" },
      {
        PK,
        SK: `${label}#LABEL#MERCHANT_NAME`,
        TYPE: "RECEIPT_WORD_LABEL",
        GSI1PK: "LABEL#MERCHANT_NAME",
        GSI1SK: `${PK}#${label}`,
        GSI3PK: "VALIDATION_STATUS#PENDING",
        GSI3SK: `${PK}#${label}#LABEL#MERCHANT_NAME`,
        image_id: IMAGE,
        receipt_id: 1,
        line_id: 2,
        word_id: 2,
        label: "MERCHANT_NAME",
        validation_status: "PENDING",
        label_proposed_by: "ocr",
        timestamp_added: ADDED,
      },
    ]);
  });
  it("makes the item of an image alone where nothing was read, and none of what nobody knows", async () => {
    const [only, ...others] = await itemsOf({ image: { width: 1, height: 100_000 } });
    expect(Object.keys(only).sort()).toEqual(
      ["GSI1PK", "GSI1SK", "PK", "SK", "TYPE", "height", "timestamp_added", "width"].sort(),
    );
    expect(others).toEqual([]);
    const [, receipt] = await itemsOf({
      image: RESULT.image,
      receipts: [{ width: 1, height: 1, merchant_name: null }],
    });
    expect(receipt).not.toHaveProperty("merchant_name");
    expect(receipt).not.toHaveProperty("GSI2PK");
    expect(receipt).not.toHaveProperty("GSI2SK");
  });
  it("makes the same items of bytes, and of a second run", async () => {
    const text = JSON.stringify({ ...RESULT, lines: [{ ...LINE, text: "Größe 10 € 🛒" }] });
    const encoded = Buffer.from(text).toString("base64");
    const [ofText, ofBytes, again] = await answers([made(text), { function: "made", named: { encoded } }, made(text)]);
    expect(ofText.answer[1].text.S).toBe("Größe 10 € 🛒");
    expect(ofBytes).toEqual(ofText);
    expect(again).toEqual(ofText);
  });
  it("takes shares from 0 to 1, of any precision, to six digits", async () => {
    const shares: [written: string, kept: string][] = [
      ["0", "0"],
      ["-0.0", "0"],
      ["1", "1"],
      ["1.0", "1"],
      ["1e-999999", "0"],
      [`0.1234565${"0".repeat(60)}1`, "0.123457"],
      [`0.${"9".repeat(50)}`, "1"],
    ];
    const found = await answers(
      shares.map(([share]) =>
        made(JSON.stringify(withValue("lines[0].confidence", "SHARE")).replace('"SHARE"', share)),
      ),
    );
    expect(found.map(({ answer: items, error }) => error ?? items[1].confidence.N)).toEqual(
      shares.map(([, kept]) => kept),
    );
  });

  const wrong: [path: string, value: unknown, fault: string][] = [
    ["image", undefined, "is required"],
    ["image", null, "must be an object, got null"],
    ["image", [], "must be an object, got a list"],
    ["image.width", undefined, "is required"],
    ["image.width", 0, "must be pixels, 1 to 100000, got 0"],
    ["image.width", 100_001, "must be pixels, 1 to 100000, got 100001"],
    ["image.width", 1.5, "must be pixels, 1 to 100000, got 1.5"],
    ["image.width", true, "must be pixels, 1 to 100000, got a boolean"],
    ["image.height", "4032", "must be pixels, 1 to 100000, got '4032'"],
    ["image.height", null, "must be pixels, 1 to 100000, got null"],
    ["lines", {}, "must be a list, got an object"],
    ["lines", null, "must be a list, got null"],
    ["lines[0]", "CORNER", "must be an object, got a text"],
    ["lines[0]", [LINE], "must be an object, got a list"],
    ["lines[0].text", undefined, "is required"],
    ["lines[0].text", "", "must be a text that is not blank, got ''"],
    ["lines[0].text", " \t", "must be a text that is not blank, got ' \\t'"],
    ["lines[0].text", 5, "must be a text that is not blank, got 5"],
    ["lines[0].text", "x".repeat(1001), "must have at most 1000 characters, got 1001"],
    ["lines[0].text", "\ud800", "must be Unicode text, which has no halves of surrogate pairs"],
    ["lines[0].confidence", undefined, "is required"],
    ["lines[0].confidence", 1.000001, "must be a number of 0 to 1, got 1.000001"],
    ["lines[0].confidence", -0.1, "must be a number of 0 to 1, got -0.1"],
    ["lines[0].confidence", "0.9", "must be a number of 0 to 1, got '0.9'"],
    ["lines[0].confidence", false, "must be a number of 0 to 1, got a boolean"],
    ["lines[0].confidence", {}, "must be a number of 0 to 1, got an object"],
    ["lines[0].bounding_box", undefined, "is required"],
    ["lines[0].bounding_box", [0, 0, 1, 1], "must be an object, got a list"],
    ["lines[0].bounding_box.x", undefined, "is required"],
    ["lines[0].bounding_box.y", 2, "must be a number of 0 to 1, got 2"],
    ["lines[0].bounding_box.width", null, "must be a number of 0 to 1, got null"],
    ["lines[0].bounding_box.height", -1, "must be a number of 0 to 1, got -1"],
    ["lines[0].words", "CORNER", "must be a list, got a text"],
    ["lines[0].words[0]", 7, "must be an object, got a number"],
    ["lines[0].words[0].confidence", 7, "must be a number of 0 to 1, got 7"],
    ["lines[0].words[0].label", "DATE", "must be left out of words that are no receipt's, got 'DATE'"],
    ["receipts", "none", "must be a list, got a text"],
    ["receipts[0]", null, "must be an object, got null"],
    ["receipts[0].height", undefined, "is required"],
    ["receipts[0].width", -1, "must be pixels, 1 to 100000, got -1"],
    ["receipts[0].merchant_name", "  ", "must be a text that is not blank, got '  '"],
    ["receipts[0].merchant_name", ["Shop"], "must be a text that is not blank, got a list"],
    ["receipts[0].merchant_name", "x".repeat(501), "must have at most 500 characters in its canonical form, got 501"],
    // one character that has 18 when it is spelt out
    [
      "receipts[0].merchant_name",
      "\ufdfa".repeat(28),
      "must have at most 500 characters in its canonical form, got 504",
    ],
    ["receipts[0].lines", 3, "must be a list, got a number"],
    ["receipts[0].lines[1].words[1].confidence", 7, "must be a number of 0 to 1, got 7"],
    ["receipts[0].lines[1].words[1].label", "PRICE", `must be one of ${LABELS}, got 'PRICE'`],
    ["receipts[0].lines[1].words[1].label", ["DATE"], `must be one of ${LABELS}, got a list`],
    ["receipts[0].lines[1].words[1].label", "x".repeat(99), `must be one of ${LABELS}, got '${"x".repeat(60)}'`],
  ];
  it("tells the place of whatever is wrong, as the first thing", async () => {
    const found = await answers(wrong.map(([path, value]) => made(JSON.stringify(withValue(path, value)))));
    expect(found).toEqual(wrong.map(([path, , fault]) => ({ type: "OcrError", error: `${path}: ${fault}` })));
  });
  it("takes what is just within the bounds", async () => {
    const within: [path: string, value: unknown][] = [
      ["image.width", 100_000],
      ["lines[0].text", "x".repeat(1000)],
      ["lines[0].text", "\ud83d\uded2"],
      ["lines[0].bounding_box.x", 1],
      ["receipts[0].merchant_name", "x".repeat(500)],
      ["receipts[0].merchant_name", `${"x".repeat(500)} #1`],
      ["receipts[0].lines[1].words[1].label", null],
      ["lines", undefined],
    ];
    for (const found of await answers(within.map(([path, value]) => made(JSON.stringify(withValue(path, value)))))) {
      expect(found.error).toBeUndefined();
    }
  });
  const unreadable: [what: string, text: string, message: RegExp][] = [
    ["nothing", "", /^result: must be JSON: /],
    ["half a result", '{"image": ', /^result: must be JSON: /],
    ["a list", "[]", /^result: must be an object, got a list$/],
    ["null", "null", /^result: must be an object, got null$/],
    ["an empty object", "{}", /^image: is required$/],
    ["NaN", '{"image": NaN}', /^result: must be JSON, which has no NaN$/],
    ["infinity", '{"image": -Infinity}', /^result: must be JSON, which has no -Infinity$/],
    ["deep nesting", "[".repeat(200_000), /^result: must be JSON that is not nested so deeply$/],
    ["too many digits", `{"image": ${"9".repeat(5000)}}`, /^result: must be JSON: /],
    [
      "an exponent beyond all",
      '{"image": 1e9999999999999999999}',
      /^result: must have numbers of exponents that fit, got 1e9/,
    ],
    [
      "a huge number",
      '{"image": {"width": 1e400, "height": 1}}',
      /^image\.width: must be pixels, 1 to 100000, got 1E\+400$/,
    ],
    [
      "a long number",
      `{"image": {"width": ${"9".repeat(4000)}, "height": 1}}`,
      /^image\.width: must be pixels, 1 to 100000, got 9{60}$/,
    ],
  ];
  it("refuses what is no result at all, however odd it is", async () => {
    const found = await answers(unreadable.map(([, text]) => made(text)));
    for (const [index, [what, , message]] of unreadable.entries()) {
      expect(found[index], what).toEqual({ type: "OcrError", error: expect.stringMatching(message) });
    }
  });
  it("refuses bytes that are no text", async () => {
    const encoded = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]).toString("base64");
    expect(await answer({ function: "made", named: { encoded } })).toEqual({
      type: "OcrError",
      error: expect.stringMatching(/^result: must be JSON: /),
    });
  });
  it("refuses more lines than their keys can number", async () => {
    const lines = Array.from({ length: 100_000 }, () => 0);
    expect(await answer(made(JSON.stringify({ image: RESULT.image, lines })))).toEqual({
      type: "OcrError",
      error: "lines: must have at most 99999 entries, got 100000",
    });
  });
  it("gives items or tells the place, whatever it gets", async () => {
    const paths = [...new Set(wrong.map(([path]) => path))];
    const odd = fc.sample(
      fc.tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), fc.constantFrom(RESULT, LINE, WORD, BOX, 0.5, 1))),
      2000,
    );
    const found = await answers(odd.map(([path, value]) => made(JSON.stringify(withValue(path, value)))));
    const ends = { made: 0, refused: 0 };
    for (const [index, { answer: items, error, type }] of found.entries()) {
      const [path = ""] = odd[index] ?? [];
      if (items === undefined) {
        expect({ type, error, path }).toEqual({ type: "OcrError", error: expect.any(String), path });
        expect(error.startsWith(path), `${path}: ${error}`).toBe(true);
        ends.refused++;
      } else {
        const keys = items.map(({ PK, SK }: Json) => `${PK.S} ${SK.S}`);
        expect(new Set(keys).size).toBe(keys.length);
        ends.made++;
      }
    }
    expect(ends.made).toBeGreaterThan(20);
    expect(ends.refused).toBeGreaterThan(1000);
  });

  it("refuses ids, numbers, labels and states of which there are none", async () => {
    const label = (named: object, ...args: unknown[]) => ({
      function: "label_item",
      arguments: args.length > 0 ? args : [IMAGE, 1, 1, 1, "DATE"],
      named: { timestamp_added: ADDED, ...named },
    });
    const found = await answers([
      { function: "image_key", arguments: [IMAGE.toUpperCase()] },
      { function: "image_key", arguments: [5] },
      { function: "receipt_key", arguments: [0] },
      { function: "receipt_key", arguments: [100_000] },
      { function: "line_key", arguments: [true] },
      { function: "word_key", arguments: [1, 1.5] },
      label({}, IMAGE, 1, 1, 1, "PRICE"),
      label({ validation_status: "GOOD" }),
      made(JSON.stringify(RESULT), { image_id: "mine" }),
    ]);
    expect(found.map(({ type }) => type)).toEqual(Array(found.length).fill("ValueError"));
    expect(found.map(({ error }) => error)).toEqual([
      `image id must be a UUID in lower case with hyphens, got '${IMAGE.toUpperCase()}'`,
      "image id must be a UUID in lower case with hyphens, got 5",
      "receipt must be 1 to 99999, got 0",
      "receipt must be 1 to 99999, got 100000",
      "line must be 1 to 99999, got True",
      "line must be 1 to 99999, got 1.5",
      `label must be one of ${LABELS}, got 'PRICE'`,
      "'GOOD' is not a valid ValidationStatus",
      "image id must be a UUID in lower case with hyphens, got 'mine'",
    ]);
    const [first, last, word, free] = await answers([
      { function: "receipt_key", arguments: [1] },
      { function: "line_key", arguments: [99_999, 2] },
      { function: "word_key", arguments: [3, 2, 1] },
      label({}),
    ]);
    expect([first.answer, last.answer, word.answer]).toEqual([
      "RECEIPT#00001",
      "RECEIPT#00002#LINE#99999",
      "RECEIPT#00001#LINE#00002#WORD#00003",
    ]);
    expect(free.answer).toMatchObject({ validation_status: "NONE", GSI3PK: "VALIDATION_STATUS#NONE" });
    expect(free.answer).not.toHaveProperty("label_proposed_by");
  });
  it("counts a merchant under one name, however it is printed", async () => {
    const names = [
      ["Corner Shop", "CORNER SHOP"],
      ["  corner\n shop  #12 ", "CORNER SHOP"],
      ["Corner Shop Store # 7", "CORNER SHOP"],
      ["Ｃｏｒｎｅｒ　Ｓｈｏｐ", "CORNER SHOP"],
      ["Shop 24", "SHOP 24"],
      ["#12", "#12"],
      ["Straße", "STRASSE"],
    ];
    const found = await answers(names.map(([name]) => ({ function: "canonical_merchant", arguments: [name] })));
    expect(found.map(({ answer: canonical }) => canonical)).toEqual(names.map(([, canonical]) => canonical));
  });
});
