import { describe, expect, it } from "vitest";
import {
  type Attribute,
  type Block,
  type CtyType,
  isDynamic,
  type Nesting,
  typeOfAttribute,
  typeOfBlock,
} from "../src/schema";

const inner = (type: CtyType): Block => ({ attributes: { a: { type } }, blocks: {} });
const block = (nesting: Nesting, type: CtyType): Block => ({
  attributes: {},
  blocks: { b: { nesting, block: inner(type) } },
});

describe("the type of a block's values", () => {
  it.each<[Nesting, CtyType]>([
    ["single", ["object", { a: "string" }]],
    ["list", ["list", ["object", { a: "string" }]]],
    ["set", ["set", ["object", { a: "string" }]]],
    ["map", ["map", ["object", { a: "string" }]]],
  ])("nested as %s", (nesting, type) => expect(typeOfBlock(block(nesting, "string"))).toEqual(["object", { b: type }]));
  it("is dynamic if the elements of a list or map may differ in type", () => {
    expect(typeOfBlock(block("list", "dynamic"))).toEqual(["object", { b: "dynamic" }]);
    expect(typeOfBlock(block("map", ["map", "dynamic"]))).toEqual(["object", { b: "dynamic" }]);
    expect(typeOfBlock(block("single", "dynamic"))).toEqual(["object", { b: ["object", { a: "dynamic" }] }]);
  });
});

it("the type of nested attributes is that of their object", () => {
  const nested: Attribute = { nested: { nesting: "list", attributes: { a: { type: "number" } } } };
  expect(typeOfAttribute(nested)).toEqual(["list", ["object", { a: "number" }]]);
  expect(typeOfAttribute({ type: "bool" })).toBe("bool");
});

it.each<[CtyType, boolean]>([
  ["dynamic", true],
  ["string", false],
  [["list", "dynamic"], true],
  [["list", "string"], false],
  [["object", { a: "string", b: ["map", "dynamic"] }], true],
  [["tuple", ["string", "bool"]], false],
])("%j is open: %s", (type, open) => expect(isDynamic(type)).toBe(open));
