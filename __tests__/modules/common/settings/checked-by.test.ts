import { expect, it } from "vitest";
import { z } from "zod";
import { checkedBy } from "../../../../modules/common/settings/checked-by";
import { refuse } from "../../../../modules/common/settings/faults";
import { parseInput } from "../../../../modules/common/settings/props";
import { errorOf } from "../../../support/bad-input";

const schema = z
  .strictObject({
    name: z.string(),
    size: z.int().min(1).default(1),
    zones: z.array(z.string().min(2)).optional(),
    most: z.int(),
  })
  .superRefine(({ size, most, name }, ctx) => {
    if (size > most) refuse(ctx, "size", `must be at most ${most}, got ${size}`);
    if (name === "any") refuse(ctx, "name", "must be chosen");
  });
const settings = z.strictObject({
  disk: checkedBy(schema, { name: "any" }, ({ zones }) => ({ most: zones ? 3 : 9 })).optional(),
});
const messageOf = (disk: unknown) => errorOf(() => parseInput("here", settings, { disk })).message;

it("leaves right settings as they are, without the defaults of the schema and the props of the stack", () => {
  const disk = { zones: ["ab"] };
  expect(parseInput("here", settings, { disk }).disk).toBe(disk);
  expect(parseInput("here", settings, {})).toEqual({});
});
it.each([
  [[], "here: disk: must be an object of settings, got []"],
  ["big", 'here: disk: must be an object of settings, got "big"'],
  [null, "here: disk: must be an object of settings, got null"],
  [
    { size: 0, zones: ["a"] },
    'here: disk.size: must be at least 1, got 0; disk.zones[0]: must have at least 2 characters, got 1 ("a")',
  ],
  [{ sise: 1 }, "here: disk.sise: unknown key; did you mean size?"],
  [{ abcdefgh: 1 }, "here: disk.abcdefgh: unknown key; known keys: size, zones, most"],
  [{ name: "mine" }, "here: disk.name: must be left out, since the stack sets it, got a value"],
  [{ size: 10 }, "here: disk.size: must be at most 9, got 10"],
  [{ size: 4, zones: ["ab"] }, "here: disk.size: must be at most 3, got 4"],
  [{ size: 10, most: 11 }, undefined],
])("says of %j: %s", (disk, message) => {
  if (message === undefined) expect(parseInput("here", settings, { disk })).toEqual({ disk });
  else expect(messageOf(disk)).toBe(message);
});
