import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { layersOf, layersSchema } from "../../../stacks/portfolio/layers-settings";

const PACKAGE = "packages/mine";
const some = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, { packageDir: PACKAGE }]));
const faults = (layers: object) =>
  layersSchema.safeParse(layers).error?.issues.map(({ path, message }) => [path.join("."), message]);

it("always has the layer of receipts, of the package that comes with the platform", () => {
  expect(layersSchema.parse(undefined)).toEqual({});
  const { receipts, ...others } = layersOf({});
  expect(existsSync(join(receipts?.packageDir ?? "", "pyproject.toml"))).toBe(true);
  expect(others).toEqual({});
});
it("lets the user set what they like of it, and name its package", () => {
  const { receipts } = layersOf({ receipts: { version: 3 } });
  expect(receipts).toEqual({ version: 3, packageDir: layersOf({}).receipts?.packageDir });
  expect(layersOf({ receipts: { packageDir: PACKAGE } })).toEqual({ receipts: { packageDir: PACKAGE } });
});
it("adds the user's layers, each with its package", () => {
  expect(Object.keys(layersOf({ mine: { packageDir: PACKAGE } }))).toEqual(["receipts", "mine"]);
  expect(faults({ mine: {} })).toEqual([["mine.packageDir", "is required, the folder of a Python package"]]);
});
it("takes ten layers, that of receipts among them", () => {
  expect(faults(some(9))).toBeUndefined();
  expect(faults({ ...some(9), receipts: {} })).toBeUndefined();
  expect(faults(some(10))).toEqual([["", "must have at most 10 layers with receipts, got 11"]]);
});
it.each(["a", "x".repeat(20), "a-1"])("takes the name %s", (key) => {
  expect(faults({ [key]: { packageDir: PACKAGE } })).toBeUndefined();
});
it.each(["", "x".repeat(21), "A", "1a", "a-", "a b"])("takes no name %j", (key) => {
  expect(faults({ [key]: { packageDir: PACKAGE } })?.map(([path]) => path)).toEqual([key]);
});
