import { createHash } from "node:crypto";

/** Item of the table, as lib-dynamodb takes it. */
export type SampleItem = Record<string, unknown>;

const MERCHANTS = [
  "CORNER SHOP",
  "GREEN GROCER",
  "CITY PHARMACY",
  "BOOK NOOK",
  "BAKERY LANE",
  "HARDWARE HOUSE",
  "CAFE MILANO",
];
const LABELS = ["MERCHANT_NAME", "DATE", "LINE_TOTAL", "GRAND_TOTAL", "PRODUCT_NAME"];
const STATUSES = ["VALID", "VALID", "VALID", "PENDING", "INVALID", "NEEDS_REVIEW"];
const WORDS = ["MILK", "BREAD", "TOTAL", "2.49", "APPLES", "13.80"];
/** Receipts of images, over and over. */
const PER_IMAGE = [1, 2, 2, 3];
const ADDED = "2026-01-02T03:04:05+00:00";
const BOX = { x: 0.1, y: 0.2, width: 0.3, height: 0.02 };

const five = (number: number): string => String(number).padStart(5, "0");

/** A UUID that follows from a number. */
export function uuidOf(number: number): string {
  const hex = createHash("sha256").update(`image ${number}`).digest("hex");
  const [a, b, c, d, e] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20), hex.slice(20, 32)];
  return `${a}-${b}-4${c}-8${d}-${e}`;
}

/** Items of `receipts` receipts with their images, words and labels: the shapes of the package `receipts`, and always the same. */
export function* sampleItems(receipts: number): Generator<SampleItem> {
  let made = 0;
  for (let image = 0; made < receipts; image++) {
    const count = Math.min(PER_IMAGE[image % PER_IMAGE.length] as number, receipts - made);
    yield* imageItems(uuidOf(image), count, made);
    made += count;
  }
}

function* imageItems(image: string, receipts: number, before: number): Generator<SampleItem> {
  const PK = `IMAGE#${image}`;
  const size = { width: 3024, height: 4032, timestamp_added: ADDED };
  yield { PK, SK: "IMAGE", TYPE: "IMAGE", GSI1PK: "IMAGE", GSI1SK: PK, ...size };
  yield { PK, SK: "LINE#00001#WORD#00001", TYPE: "WORD", ...word(image, "RECEIPT") };
  for (let receipt = 1; receipt <= receipts; receipt++) {
    const number = before + receipt;
    const SK = `RECEIPT#${five(receipt)}`;
    // every eleventh has no merchant; few merchants have most of the others
    const merchant = number % 11 === 0 ? undefined : MERCHANTS[Math.floor(Math.sqrt(number * 7) % MERCHANTS.length)];
    yield {
      ...{ PK, SK, TYPE: "RECEIPT", GSI1PK: "IMAGE", GSI1SK: `${PK}#${SK}` },
      ...(merchant && { GSI2PK: `MERCHANT#${merchant}`, GSI2SK: `${PK}#${SK}`, merchant_name: merchant }),
      ...{ image_id: image, receipt_id: receipt, width: 800, height: 2400, timestamp_added: ADDED },
    };
    const at = `${SK}#LINE#00001#WORD#00001`;
    yield {
      ...{ PK, SK: at, TYPE: "RECEIPT_WORD", receipt_id: receipt },
      ...word(image, WORDS[number % WORDS.length] as string),
    };
    const label = LABELS[number % LABELS.length] as string;
    const status = STATUSES[number % STATUSES.length] as string;
    const GSI3SK = `${PK}#${at}#LABEL#${label}`;
    yield {
      ...{ PK, SK: `${at}#LABEL#${label}`, TYPE: "RECEIPT_WORD_LABEL" },
      ...{ GSI1PK: `LABEL#${label}`, GSI1SK: `${PK}#${at}`, GSI3PK: `VALIDATION_STATUS#${status}`, GSI3SK },
      ...{ image_id: image, receipt_id: receipt, line_id: 1, word_id: 1, label },
      ...{ validation_status: status, label_proposed_by: "sample", timestamp_added: ADDED },
    };
  }
}

const word = (image: string, text: string) => ({
  ...{ image_id: image, line_id: 1, word_id: 1, text, bounding_box: BOX, confidence: 0.98 },
});

/** A result of OCR, and the smallest of PNG images: what `/process` reads. */
export const SAMPLE_RESULT = {
  image: { width: 3024, height: 4032 },
  lines: [],
  receipts: [
    {
      width: 800,
      height: 2400,
      merchant_name: "Corner Shop #12",
      lines: [
        {
          ...{ text: "CORNER SHOP", confidence: 0.98, bounding_box: BOX },
          words: [{ text: "CORNER", confidence: 0.99, bounding_box: BOX, label: "MERCHANT_NAME" }],
        },
      ],
    },
  ],
};
export const SAMPLE_IMAGE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
