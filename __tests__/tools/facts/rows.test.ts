import { expect, it } from "vitest";
import { byName, versionOf } from "../../../tools/facts/rows";
import { sitePackages } from "./facts.fixture";

it("orders rows by name", () => {
  expect(Object.keys(byName({ b: 1, a: 2 }))).toEqual(["a", "b"]);
});
it("tells a package's version, and misses one that is not there", () => {
  const folder = sitePackages();
  expect(versionOf(folder, "moto")).toBe("moto 5.9.9");
  expect(() => versionOf(folder, "mot")).toThrow("holds no package mot");
});
