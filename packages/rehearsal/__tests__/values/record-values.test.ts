import { describe, expect, it } from "vitest";
import type { Limits, Models } from "../../src/values/models";
import { valuesOf } from "../../src/values/record-values";

const known = (limits: Record<string, Limits>) =>
  ({ versions: { botocore: "1" }, limits: (reference: string) => limits[reference] }) as unknown as Models;
const many = Array.from({ length: 50 }, (_, index) => `word-${index}`);

describe("the stored limits", () => {
  it("are those of every reference of the table, with words joined by spaces", () => {
    const limits: Record<string, Limits> = {
      "b:x": { type: "string", pattern: "[a-z]+", max: 4 },
      "a:x": { type: "number", oneOf: [1, 3] },
      "c:unused": { type: "number", min: 1 },
    };
    expect(valuesOf(known(limits), { one: { p: "b:x" }, two: { q: "a:x", r: "b:x" } })).toEqual({
      versions: { botocore: "1" },
      limits: { "a:x": { type: "number", oneOf: "1 3" }, "b:x": { type: "string", pattern: "[a-z]+", max: 4 } },
    });
  });
  it("are stored once if they are long", () => {
    const limits: Record<string, Limits> = {
      "a:x": { type: "string", oneOf: many },
      "b:x": { type: "string", oneOf: many },
      "c:x": { type: "string", oneOf: ["a"] },
      "d:x": { type: "string", oneOf: ["a"] },
    };
    const all = valuesOf(known(limits), { one: { p: "b:x", q: "a:x", r: "c:x", s: "d:x" } }).limits;
    expect(all).toEqual({
      "a:x": { type: "string", oneOf: many.join(" ") },
      "b:x": "a:x",
      "c:x": { type: "string", oneOf: "a" },
      "d:x": { type: "string", oneOf: "a" },
    });
  });
  it("have no word with a space", () => {
    const limits: Record<string, Limits> = { "a:x": { type: "string", oneOf: ["one", "two words"] } };
    expect(() => valuesOf(known(limits), { one: { p: "a:x" } })).toThrow('"two words"');
  });
});
