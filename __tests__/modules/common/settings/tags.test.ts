import { expect, it } from "vitest";
import { isHiddenFromMetadata, tagsSchema } from "../../../../modules/common/settings/tags";

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "x"]));

it.each([{}, { a: "" }, { ["k".repeat(128)]: "v".repeat(256) }, { "Größe _.:/=+-@1": "Größe _.:/=+-@1" }, many(50)])(
  "accepts tags within AWS's limits",
  (tags) => {
    expect(tagsSchema.safeParse(tags).success).toBe(true);
  },
);
it.each([
  { ["k".repeat(129)]: "v" },
  { "": "v" },
  { "AWS:x": "v" },
  { a: "v".repeat(257) },
  { "a,b": "v" },
  { a: "x,y" },
  { a: "100%" },
  many(51),
])("refuses %j", (tags) => {
  expect(tagsSchema.safeParse(tags).success).toBe(false);
});
it.each([
  ["team", false],
  ["team:name+=-.,_@", false],
  ["team name", true],
  ["team/name", true],
  [".", true],
  ["..", true],
  ["_index", true],
])("knows that a machine can or cannot read the tag %s", (key, hidden) => {
  expect(isHiddenFromMetadata(key)).toBe(hidden);
});
