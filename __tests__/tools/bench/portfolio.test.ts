import { expect, it } from "vitest";
import { portfolioVerdict } from "../../../tools/bench/portfolio";

const load = (p95Ms: number) => ({ requests: 60, medianMs: 1, p95Ms });

it.each([
  [300, 3, "yes"],
  [301, 3.01, "no"],
  [93, 0.93, "yes"],
])("wants pages at most three times as slow as by the SDK alone: %d to 100 ms is %d", (ms, value, kept) => {
  expect(portfolioVerdict({ api: load(ms), bare: load(100) })).toEqual({
    figure: "p95 of pages of receipts by the SDK's alone",
    value,
    target: "<= 3",
    kept,
  });
});
