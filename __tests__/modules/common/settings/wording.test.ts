import { Fn, Lazy, Token } from "cdktf";
import { expect, it } from "vitest";
import { z } from "zod";
import { refuse } from "../../../../modules/common/settings/faults";
import { describe, faultsIn, show } from "../../../../modules/common/settings/wording";

const schema = z
  .strictObject({
    least: z.int().min(1).max(9),
    most: z.int().min(1),
    zones: z.array(z.string().min(2)).superRefine(distinct),
  })
  .superRefine(({ least, most }, ctx) => {
    if (most < least) refuse(ctx, "most", `must be at least least (${least}), got ${most}`);
  });
function distinct(zones: string[], ctx: z.RefinementCtx) {
  if (new Set(zones).size < zones.length) refuse(ctx, [], "must be distinct");
}
const faultsOf = (input: unknown, hidden?: string[]) => {
  const { error } = schema.safeParse(input, { error: describe, reportInput: true });
  return error ? faultsIn(schema, error, hidden) : [];
};
const number = Token.asNumber(Fn.max([1, 2]));

it("does not hold a value out of its bounds against the rules as well", () => {
  expect(faultsOf({ least: 3, most: 0, zones: [] })).toEqual([
    { path: ["most"], message: "must be at least 1, got 0" },
  ]);
  expect(faultsOf({ least: 3, most: 2, zones: [] })).toEqual([
    { path: ["most"], message: "must be at least least (3), got 2" },
  ]);
  expect(faultsOf({ least: 1, most: 2, zones: ["a", "a"] }).map(({ path }) => path)).toEqual([
    ["zones", 0],
    ["zones", 1],
  ]);
  expect(faultsOf({ least: 1, most: 2, zones: ["ab", "ab"] })).toEqual([
    { path: ["zones"], message: 'must be distinct, got ["ab","ab"]' },
  ]);
});
it("says in words of a value that is known only at apply", () => {
  const message = "must be known before apply, got a value known only at apply";
  expect(faultsOf({ least: number, most: 9, zones: [] })).toEqual([{ path: ["least"], message }]);
  expect(show(number)).toBe("a value known only at apply");
  expect(show(Lazy.stringValue({ produce: () => "" }))).toBe("a value known only at apply");
  expect(show([number, 1])).toBe('["a value known only at apply",1]');
});
it("suggests no hidden key", () => {
  const fault = (hidden?: string[]) => faultsOf({ least: 1, most: 1, zones: [], xyz: 1 }, hidden)[0]?.message;
  expect(fault()).toBe("unknown key; known keys: least, most, zones");
  expect(fault(["most"])).toBe("unknown key; known keys: least, zones");
});
