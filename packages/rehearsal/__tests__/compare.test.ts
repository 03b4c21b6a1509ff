import { describe, expect, it } from "vitest";
import { compare } from "../src/compare";
import type { Attribute, Block, NestedBlock } from "../src/schema";

const block = (attributes: Record<string, Attribute>, blocks: Record<string, NestedBlock> = {}): Block => ({
  attributes,
  blocks,
});
const text: Attribute = { type: "string", optional: true };
const part = (own: Partial<NestedBlock> = {}): NestedBlock => ({ nesting: "list", block: block({ a: text }), ...own });

describe("two schemas", () => {
  it("that are equal have no differences", () => {
    const schema = block({ name: text }, { part: part({ min: 1 }) });
    expect(compare("t", schema, schema)).toEqual({ compared: 3, same: 3, leftOut: 0, differences: [] });
  });
  it.each<[string, Block, Block, string]>([
    ["a name that is missing", block({}), block({ name: text }), "only real t.name"],
    ["a name too many", block({ name: text }), block({}), "only derived t.name"],
    ["a type", block({ name: text }), block({ name: { ...text, type: "bool" } }), "type t.name"],
    ["required", block({ name: text }), block({ name: { type: "string", required: true } }), "flags t.name"],
    ["computed", block({ name: text }), block({ name: { ...text, computed: true } }), "flags t.name"],
    ["write-only", block({ name: text }), block({ name: { ...text, writeOnly: true } }), "flags t.name"],
    ["sensitive", block({ name: text }), block({ name: { ...text, sensitive: true } }), "sensitive t.name"],
    ["a block for an attribute", block({ part: text }), block({}, { part: part() }), "kind t.part"],
    ["a set for a list", block({}, { part: part() }), block({}, { part: part({ nesting: "set" }) }), "nesting t.part"],
    ["the minimum number", block({}, { part: part() }), block({}, { part: part({ min: 1 }) }), "min t.part"],
    ["the maximum number", block({}, { part: part({ max: 1 }) }), block({}, { part: part({ max: 2 }) }), "max t.part"],
    [
      "something inside",
      block({}, { part: part() }),
      block({}, { part: part({ block: block({ a: text, b: text }) }) }),
      "only real t.part.b",
    ],
  ])("that differ: %s", (_, derived, real, difference) => {
    const { compared, same, differences } = compare("t", derived, real);
    expect(differences.map(({ class: kind, path }) => `${kind} ${path}`)).toEqual([difference]);
    expect(compared - same).toBe(difference.startsWith("only derived") ? 0 : 1);
  });
  it("count everything below a block that is missing", () => {
    const { compared, same, differences } = compare("t", block({}), block({}, { part: part() }));
    expect([compared, same, differences.map(({ path }) => path)]).toEqual([2, 0, ["t.part", "t.part.a"]]);
  });
  it("count separately what the bindings leave out", () => {
    const derived = block({ part: { type: "dynamic", optional: true } });
    const real = block({}, { part: part({ block: block({ a: text, b: text }) }) });
    expect(compare("t", derived, real)).toMatchObject({
      compared: 1,
      same: 0,
      leftOut: 2,
      differences: [{ class: "left out", path: "t.part" }],
    });
  });
});
