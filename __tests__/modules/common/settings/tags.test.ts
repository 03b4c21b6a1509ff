import { expect, it } from "vitest";
import { tagsSchema } from "../../../../modules/common/settings/tags";

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "x"]));

it.each([{}, { a: "" }, { ["k".repeat(128)]: "v".repeat(256) }, many(50)])(
  "accepts tags within AWS's limits",
  (tags) => {
    expect(tagsSchema.safeParse(tags).success).toBe(true);
  },
);
it.each([{ ["k".repeat(129)]: "v" }, { "": "v" }, { "AWS:x": "v" }, { a: "v".repeat(257) }, many(51)])(
  "refuses %j",
  (tags) => {
    expect(tagsSchema.safeParse(tags).success).toBe(false);
  },
);
