import { expect, it } from "vitest";
import { usageSchema } from "../../../modules/cost/usage";

it("assumes nothing: no size, no spot capacity, no amount", () => {
  expect(usageSchema.parse({})).toEqual({ sizes: {}, spotShare: 0 });
});

it("takes each bound and refuses what is beyond", () => {
  const ok = (usage: unknown) => usageSchema.safeParse(usage).success;
  expect([0, 1].map((spotShare) => ok({ spotShare }))).toEqual([true, true]);
  expect([-0.01, 1.01].map((spotShare) => ok({ spotShare }))).toEqual([false, false]);
  expect([0.01, 1].map((spotFactor) => ok({ spotFactor }))).toEqual([true, true]);
  expect([0, 744].map((instanceHours) => ok({ instanceHours }))).toEqual([true, true]);
  expect([-1, 745].map((instanceHours) => ok({ instanceHours }))).toEqual([false, false]);
  expect([0, 100_000].map((size) => ok({ sizes: { "aws_eks_node_group.a": size } }))).toEqual([true, true]);
  expect([-1, 100_001].map((size) => ok({ sizes: { a: size } }))).toEqual([false, false]);
  expect([0, 1e12].map((natGb) => ok({ natGb }))).toEqual([true, true]);
  expect([-1, 2e12, "5", Number.POSITIVE_INFINITY].map((natGb) => ok({ natGb }))).toEqual([false, false, false, false]);
  expect(ok({ natGB: 1 })).toBe(false);
});
