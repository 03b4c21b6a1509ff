import { Token } from "cdktf";
import { expect, it } from "vitest";
import { callersSchema, INTERNET, namedCallersSchema } from "../../../../modules/common/settings/allowed-cidrs";
import { parseInput } from "../../../../modules/common/settings/props";
import { errorOf } from "../../../support/bad-input";

const named = namedCallersSchema("name your own network");
const both = [
  ["callers", callersSchema],
  ["named callers", named],
] as const;
const many = (count: number) => Array.from({ length: count }, (_, i) => `10.${i}.0.0/16`);
const fault = (schema: typeof callersSchema | typeof named, input: unknown) =>
  errorOf(() => parseInput("test", schema, input)).message;

it.each(both)("%s are none by default", (_, schema) => {
  expect(schema.parse(undefined)).toEqual([]);
});
it.each(both)("%s are blocks of any use, or known later", (_, schema) => {
  for (const cidrs of [["10.0.0.0/8"], ["192.0.2.1/32"], many(15), [Token.asString({})], []]) {
    expect(schema.parse(cidrs)).toEqual(cidrs);
  }
});
it.each(both)("%s are refused when they are no list of blocks", (_, schema) => {
  expect(fault(schema, ["10.0.0.0/7"])).toContain("[0]: must have a prefix from /8 to /32, got 10.0.0.0/7");
  expect(fault(schema, ["10.0.0.1/8"])).toContain("did you mean 10.0.0.0/8?");
  expect(fault(schema, ["192.0.2.0/24", "office"])).toContain(
    "[1]: must be an IPv4 CIDR such as 10.0.0.0/16, got office",
  );
  expect(fault(schema, ["0.0.0.0/1"])).toContain("[0]: must have a prefix");
  expect(fault(schema, ["::/0"])).toContain("got ::/0");
  expect(fault(schema, [8])).toContain("[0]: must be of type string, got 8");
  expect(fault(schema, many(16))).toContain("must have at most 15 items, got 16");
  expect(fault(schema, ["10.0.0.0/8", "10.0.0.0/8"])).toContain("must name each block once");
  expect(fault(schema, Token.asList({}))).toContain("each an element of its own, got a token");
});
it("leave it to others whether the whole internet is meant, or refuse it with advice", () => {
  expect(callersSchema.parse([INTERNET, "10.0.0.0/8"])).toEqual(["0.0.0.0/0", "10.0.0.0/8"]);
  expect(fault(named, [INTERNET])).toBe(
    "test: [0]: must not be the whole internet: name your own network, got 0.0.0.0/0",
  );
});
