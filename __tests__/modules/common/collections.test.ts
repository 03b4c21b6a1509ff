import { expect, it } from "vitest";
import { areDistinct, sortedEntries } from "../../../modules/common/collections";

it("orders entries by their keys, whatever the order they were written in", () => {
  const expected = [
    ["B", 3],
    ["a", 1],
    ["b", 2],
  ];
  expect(sortedEntries({ b: 2, a: 1, B: 3 })).toEqual(expected);
  expect(sortedEntries({ B: 3, a: 1, b: 2 })).toEqual(expected);
  expect(sortedEntries({})).toEqual([]);
});
it("leaves the map as it is", () => {
  const map = { b: 2, a: 1 };
  sortedEntries(map);
  expect(Object.keys(map)).toEqual(["b", "a"]);
});
it.each([
  [[], true],
  [["a", "b"], true],
  [["a", "b", "a"], false],
  [[1, 1], false],
])("finds whether the values of %j are distinct: %s", (values, answer) => {
  expect(areDistinct(values)).toBe(answer);
});
