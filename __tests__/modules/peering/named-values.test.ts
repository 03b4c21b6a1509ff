import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { cidrs, idSchema, nameSchema, tables, tablesOrAll } from "../../../modules/peering/named-values";
import { table } from "./peering.fixture";

const late = Token.asString({ resolve: () => "late" });

describe("several values", () => {
  it("are their own keys in a list, sorted", () => {
    expect(cidrs.parse(["10.1.0.0/16", "10.0.0.0/16"])).toEqual([
      { key: "10.0.0.0/16", value: "10.0.0.0/16" },
      { key: "10.1.0.0/16", value: "10.1.0.0/16" },
    ]);
  });
  it("go by the keys of a record, sorted, and may then be known late", () => {
    expect(tables.parse({ b: table(0), a: late })).toEqual([
      { key: "a", value: late },
      { key: "b", value: table(0) },
    ]);
  });
  it.each<[string, unknown]>([
    ["a late value in a list", [late]],
    ["a value twice", [table(0), table(0)]],
    ["no value", []],
    ["a wrong key", { "a/b": table(0) }],
    ["a wrong value", { a: "table" }],
    ["no list", 5],
  ])("are not %s", (_, input) => {
    expect(tables.safeParse(input).success).toBe(false);
  });
});

it("may be all tables, or none of them, where tables may be looked up", () => {
  expect(tablesOrAll.parse("all")).toBe("all");
  expect(tablesOrAll.parse({})).toEqual([]);
  expect(tablesOrAll.safeParse("some").success).toBe(false);
});

it.each([
  ["vpc-12345678", true],
  ["vpc-0123456789abcdef0", true],
  ["vpc-1234567", false],
  ["vpc-0123456789abcdef01", false],
  ["subnet-12345678", false],
])("tells whether %s is the id of a VPC", (id, expected) => {
  expect(idSchema("vpc", "a VPC id").safeParse(id).success).toBe(expected);
});

it.each([
  ["a", true],
  ["0_a-B", true],
  ["-a", false],
  ["a.b", false],
])("tells whether %s is a name", (name, expected) => {
  expect(nameSchema.safeParse(name).success).toBe(expected);
});
