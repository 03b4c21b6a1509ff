import { expect, it } from "vitest";
import { UNKNOWN, type Value } from "../src/msgpack-cty";
import type { Block } from "../src/schema";
import { unconfigurable } from "../src/unconfigurable";

const inner: Block = {
  attributes: { name: { type: "string", optional: true }, id: { type: "string", computed: true } },
  blocks: {},
};
const block: Block = {
  attributes: {
    ...inner.attributes,
    size: { type: "number", optional: true, computed: true },
    many: { optional: true, nested: { nesting: "map", attributes: inner.attributes } },
  },
  blocks: {
    lists: { nesting: "list", block: inner },
    sets: { nesting: "set", block: inner },
    one: { nesting: "single", block: inner },
  },
};
const given = { name: "a", id: null };
const set = { name: "a", id: "own" };

it.each<[string, Value, (string | number)[][]]>([
  ["nothing that is given", { ...given, size: 1, many: { a: given }, lists: [given], sets: [given], one: given }, []],
  ["an attribute", set, [["id"]]],
  ["one that is not known yet", { id: UNKNOWN }, [["id"]]],
  ["one in a list", { lists: [given, set] }, [["lists", 1, "id"]]],
  ["one in a set, to which no way leads", { sets: [given, set] }, [["sets", "id"]]],
  ["one in a single block", { one: set }, [["one", "id"]]],
  ["one in a map of arguments", { many: { a: given, b: set } }, [["many", "b", "id"]]],
  ["several", { id: "own", lists: [set, set] }, [["id"], ["lists", 0, "id"], ["lists", 1, "id"]]],
  ["nothing where nothing is known", UNKNOWN, []],
  ["nothing in blocks that are not known", { lists: UNKNOWN, sets: UNKNOWN, one: UNKNOWN, many: UNKNOWN }, []],
])("finds %s", (_, config, paths) => {
  expect(unconfigurable(block, config).map(({ path }) => path)).toEqual(paths);
});

it("has the words of the real provider", () => {
  expect(unconfigurable(block, { lists: [set] })).toEqual([
    {
      path: ["lists", 0, "id"],
      summary: "Value for unconfigurable attribute",
      detail: expect.stringMatching(
        /^Can't configure a value for "lists\.0\.id": its value will be decided automatically/,
      ),
    },
  ]);
});
