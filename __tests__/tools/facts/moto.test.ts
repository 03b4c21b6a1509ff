import { expect, it } from "vitest";
import { instanceTypes, offerings } from "../../../tools/facts/moto";
import { RETIRED } from "../../../tools/facts/retired-types";
import { sitePackages } from "./facts.fixture";

it("has the types of the record and the retired ones, by name, with their source", () => {
  const { source, types } = instanceTypes(sitePackages());
  expect(source).toContain("moto 5.9.9");
  expect(Object.keys(types)).toEqual([...Object.keys(RETIRED), "m5.xlarge"].sort());
  expect(types["m5.xlarge"]).toMatchObject({ vcpus: 4, memoryMib: 16384 });
});
it("has the sizes of each family by region", () => {
  expect(offerings(sitePackages())).toEqual({
    source: expect.stringContaining("moto 5.9.9"),
    regions: { "eu-west-1": { c5: "large", m5: "large xlarge" } },
  });
});
