import { expect, it } from "vitest";
import { boundedName, idFrom } from "../../../modules/common/names";

it("joins parts and leaves a name that fits alone", () => {
  expect(boundedName(10, "abc", "def")).toBe("abc-def");
  expect(boundedName(7, "abc", "def")).toBe("abc-def");
});
it("cuts a longer name to the limit and keeps two long names apart", () => {
  const [a, b] = ["x", "y"].map((end) => boundedName(20, "a-very-long-cluster", `suffix-${end}`));
  expect(a).toMatch(/^a-very-long-[0-9a-f]{8}$/);
  expect(a?.length).toBeLessThanOrEqual(20);
  expect(a).not.toBe(b);
});
it("makes ids of letters, digits and hyphens, different for different texts", () => {
  expect(idFrom("rtb-0abc")).toBe("rtb-0abc");
  const ids = ["a.b", "a/b", "a b", "", "..."].map(idFrom);
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9-]+$/);
  // constructs would say that these are there already
  for (const text of ["constructor", "valueOf", "toString"])
    expect(idFrom(text)).toMatch(new RegExp(`^${text}-[0-9a-f]{6}$`));
});
