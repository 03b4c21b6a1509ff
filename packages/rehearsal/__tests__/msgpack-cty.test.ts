import { encode as pack } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BigNumber, Dynamic, decode, encode, fromJson, isKnown, UNKNOWN, type Value } from "../src/msgpack-cty";
import type { CtyType } from "../src/schema";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);

const numbers = () =>
  fc.oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.bigInt({ min: 2n ** 64n }).map((number) => new BigNumber(String(number))),
    fc.constant(UNKNOWN),
  );

/** A type, and a value of it. */
const { pair: typed } = fc.letrec<{ pair: [CtyType, Value] }>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.tuple(fc.constant<CtyType>("string"), fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(null, UNKNOWN))),
    fc.tuple(fc.constant<CtyType>("bool"), fc.oneof(fc.boolean(), fc.constant(UNKNOWN))),
    fc.tuple(fc.constant<CtyType>("number"), numbers()),
    (tie("pair") as fc.Arbitrary<[CtyType, Value]>).map(([type, value]): [CtyType, Value] => [
      ["list", type],
      [value, value],
    ]),
    (tie("pair") as fc.Arbitrary<[CtyType, Value]>).map(([type, value]): [CtyType, Value] => [["set", type], [value]]),
    fc
      .tuple(name, tie("pair") as fc.Arbitrary<[CtyType, Value]>)
      .map(([key, [type, value]]): [CtyType, Value] => [["map", type], { [key]: value }]),
    fc
      .uniqueArray(fc.tuple(name, tie("pair") as fc.Arbitrary<[CtyType, Value]>), { selector: ([key]) => key })
      .map((fields): [CtyType, Value] => [
        ["object", Object.fromEntries(fields.map(([key, [type]]) => [key, type]))],
        Object.fromEntries(fields.map(([key, [, value]]) => [key, value])),
      ]),
    (tie("pair") as fc.Arbitrary<[CtyType, Value]>).map(([type, value]): [CtyType, Value] => [
      "dynamic",
      value === null || value === UNKNOWN ? value : new Dynamic(type, value),
    ]),
  ) as fc.Arbitrary<[CtyType, Value]>,
}));

describe("encoded values", () => {
  it("of every type decode to the same value", () => {
    fc.assert(
      fc.property(typed, ([type, value]) => {
        expect(decode(encode(value), type)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
  it.each<[string, Value, string]>([
    ["null", null, "c0"],
    ["an unknown value", UNKNOWN, "d40000"],
    ["a small number", 5, "05"],
    ["a number of 53 bits", 2 ** 53 - 1, "cf001fffffffffffff"],
    [
      "a number beyond a double",
      new BigNumber("18446744073709551617"),
      `b4${Buffer.from("18446744073709551617").toString("hex")}`,
    ],
    ["a value with its type", new Dynamic("bool", true), `92c406${Buffer.from('"bool"').toString("hex")}c3`],
    ["an unknown value inside", { a: [UNKNOWN] }, "81a16191d40000"],
  ])("%s", (_, value, bytes) => expect(hex(encode(value))).toBe(bytes));
  it("with refinements are unknown", () => {
    const refined = new Uint8Array([0xc7, 3, 12, 0x81, 1, 0xc2]); // "not null"
    expect(decode(refined, "string")).toBe(UNKNOWN);
    expect(decode(new Uint8Array([0xd4, 0, 0]), ["list", "string"])).toBe(UNKNOWN);
  });
  it("keep a fraction that is encoded as text", () => {
    expect(decode(pack("0.1"), "number")).toEqual(new BigNumber("0.1"));
    expect(hex(encode(new BigNumber("0.1")))).toBe(hex(pack("0.1")));
  });
  it("are numbers if JavaScript has them", () => {
    expect(decode(pack(9007199254740991n, { useBigInt64: true }), "number")).toBe(2 ** 53 - 1);
    expect(decode(pack(9007199254740993n, { useBigInt64: true }), "number")).toEqual(new BigNumber("9007199254740993"));
  });
  it("know whether they are known", () => {
    expect([UNKNOWN, [1, UNKNOWN], { a: { b: UNKNOWN } }, new Dynamic("string", UNKNOWN)].map(isKnown)).toEqual(
      Array(4).fill(false),
    );
    expect([null, "", 0, [], { a: [1] }, new Dynamic("string", "a")].map(isKnown)).toEqual(Array(6).fill(true));
  });
});

describe("values of a state file", () => {
  const type: CtyType = [
    "object",
    { name: "string", tags: ["map", "string"], any: "dynamic", ports: ["set", "number"], late: "bool" },
  ];
  it("are read by their type; a newer field is null", () => {
    const json = { name: "a", tags: { b: "c" }, any: { type: "number", value: 1 }, ports: [80], gone: 1 };
    expect(fromJson(json, type)).toEqual({
      name: "a",
      tags: { b: "c" },
      any: new Dynamic("number", 1),
      ports: [80],
      late: null,
    });
  });
});
