import { expect, it } from "vitest";
import { RETIRED } from "../../../tools/facts/retired-types";

it("has ten types, all x86, all but one with accelerators", () => {
  expect(Object.keys(RETIRED)).toHaveLength(10);
  for (const facts of Object.values(RETIRED)) {
    expect(facts.architecture).toBe("x86_64");
  }
  const without = Object.entries(RETIRED).filter(([, { gpus, otherAccelerators }]) => !gpus && !otherAccelerators);
  expect(without.map(([type]) => type)).toEqual(["i3.metal"]);
});
it("counts the GPUs of p3", () => {
  expect(["p3.2xlarge", "p3.8xlarge", "p3.16xlarge"].map((type) => RETIRED[type]?.gpus)).toEqual([1, 4, 8]);
});
