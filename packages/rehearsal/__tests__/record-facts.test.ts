import { expect, it } from "vitest";
import { factsOf } from "../src/record-facts";
import type { Block } from "../src/schema";

const schema = (sensitive: boolean, min: number, max: number): Block => ({
  attributes: { key: { type: "string", optional: true, ...(sensitive && { sensitive }) } },
  blocks: {
    part: {
      nesting: "list",
      block: { attributes: {}, blocks: { deep: { nesting: "set", min, max, block: { attributes: {}, blocks: {} } } } },
    },
  },
});

it("the facts are what the bindings lack, for the types that they have", () => {
  const real = {
    resource: { one: schema(true, 2, 5), two: schema(false, 1, 1), three: schema(true, 0, 0) },
    data: { four: schema(true, 1, 1) },
  };
  const derived = (_: string, type: string) => (type === "three" ? undefined : schema(false, 1, 1));
  expect(factsOf(real, derived)).toEqual({
    resource: { one: { sensitive: ["key"], counts: { "part.deep": [2, 5] } } },
    data: { four: { sensitive: ["key"] } },
  });
});
