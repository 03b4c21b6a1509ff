import { describe, expect, it } from "vitest";
import { trainingVerdicts } from "../../../tools/bench/training";

describe("the benchmark of the training runtime", () => {
  const report = { jobs: 300, warnings: [0.4], rates: [] };

  it("wants three times the jobs per second of the original loop, for each number of workers", () => {
    const rates = [
      { workers: 1, original: 10, ours: 30 },
      { workers: 4, original: 10, ours: 29.9 },
    ];
    expect(trainingVerdicts({ ...report, rates, warningMedian: 0.5 }).slice(0, 2)).toEqual([
      { figure: "jobs per second by the original's, 1 worker", value: 3, target: ">= 3", kept: "yes" },
      { figure: "jobs per second by the original's, 4 workers", value: 2.99, target: ">= 3", kept: "no" },
    ]);
  });
  it.each([
    [0.999, "yes"],
    [1, "no"],
  ])("wants a message to be visible within a second of a warning: %d is %s", (warningMedian, kept) => {
    const figure = "seconds from a warning to a visible message, median";
    expect(trainingVerdicts({ ...report, warningMedian })).toEqual([
      { figure, value: warningMedian, target: "< 1", kept },
    ]);
  });
});
