import { expect, it } from "vitest";
import { checkedBy } from "../../../../modules/common/settings/checked-by";

it("hands settings on untouched", () => {
  const settings = { whatever: 1 };
  expect(checkedBy<object>().parse(settings)).toBe(settings);
});
it.each([null, [], "x", 1, undefined])("refuses %j", (value) => {
  const [issue] = checkedBy<object>().safeParse(value).error?.issues ?? [];
  expect(issue?.message).toBe("must be an object of settings");
});
