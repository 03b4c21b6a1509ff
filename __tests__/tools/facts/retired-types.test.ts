import { expect, it } from "vitest";
import { RETIRED } from "../../../tools/facts/retired-types";

it("has nine types, all x86, each with its accelerators", () => {
  expect(Object.keys(RETIRED)).toHaveLength(9);
  for (const facts of Object.values(RETIRED)) {
    expect(facts.architecture).toBe("x86_64");
    expect((facts.gpus ?? 0) + (facts.otherAccelerators ?? 0)).toBeGreaterThan(0);
  }
});
it("counts the GPUs of p3", () => {
  expect(["p3.2xlarge", "p3.8xlarge", "p3.16xlarge"].map((type) => RETIRED[type]?.gpus)).toEqual([1, 4, 8]);
});
