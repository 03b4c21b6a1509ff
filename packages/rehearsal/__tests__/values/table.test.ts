import { describe, expect, it } from "vitest";
import stored from "../../data/aws-values.json";
import { findBindings, installedModules } from "../../src/bindings";
import { cacheFolder, DerivedSchemas } from "../../src/cache";
import type { Block } from "../../src/schema";
import { limitsOf } from "../../src/values/check";
import { ANY_CASE, ARGUMENTS, EXCEPTIONS } from "../../src/values/table";

const modules = installedModules();
const [bindings] = findBindings(modules, ["@cdktf/provider-aws"]);
if (!bindings) throw new Error("no bindings of AWS");
const schemas = new DerivedSchemas(bindings, cacheFolder(modules));

const blockOf = (name: string): Block => {
  const [type = "", kind] = name.split(".").reverse();
  const block = schemas.block(kind ? "data" : "resource", type);
  if (!block) throw new Error(`${name} is in the table, and not in the bindings`);
  return block;
};
const typeAt = (block: Block | undefined, [name = "", ...rest]: string[]): unknown =>
  rest.length > 0 ? typeAt(block?.blocks[name]?.block, rest) : block?.attributes[name]?.type;

const rows = Object.entries(ARGUMENTS).flatMap(([name, own]) =>
  Object.entries(own).map(([argument, reference]) => ({ name, argument, reference })),
);
describe("the table", () => {
  it("has existing arguments, of the same type as the parameter", () => {
    const wrong = rows.filter(({ name, argument, reference }) => {
      const type = typeAt(blockOf(name), argument.split("."));
      return (Array.isArray(type) ? type[1] : type) !== limitsOf(reference).type;
    });
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(350);
  });
  it("has stored limits for every reference, and no others", () => {
    expect(Object.keys(stored.limits)).toEqual([...new Set(rows.map(({ reference }) => reference))].sort());
    expect(stored.versions).toEqual({ botocore: expect.any(String), "cfn-lint": expect.any(String) });
  });
  it("has exceptions only for its own rows, and only necessary ones", () => {
    const names = rows.map(({ name, argument }) => `${name}.${argument}`);
    expect([...Object.keys(EXCEPTIONS), ...ANY_CASE].filter((exception) => !names.includes(exception))).toEqual([]);
    for (const { name, argument, reference } of rows) {
      const { oneOf = [], min = -Infinity } = limitsOf(reference);
      for (const value of EXCEPTIONS[`${name}.${argument}`]?.values ?? []) {
        expect(oneOf.includes(value), `${name}.${argument}`).toBe(false);
        if (typeof value === "number" && oneOf.length === 0) expect(value).toBeLessThan(min);
      }
    }
  });
});
