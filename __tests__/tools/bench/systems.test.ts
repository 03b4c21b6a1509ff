import { expect, it } from "vitest";
import { systemKeys } from "../../../stacks/systems";
import { againstOthers, type SystemCost, timeSystems } from "../../../tools/bench/systems";

it("times what each system adds to dev, and counts its resources", { timeout: 300_000 }, () => {
  const costs = timeSystems(1);
  expect(costs.map(({ system }) => system)).toEqual(systemKeys);
  for (const { system, resources } of costs) expect(resources, system).toBeGreaterThan(20);
});
it("compares a system with the mean of the others by resource", () => {
  const cost = (system: SystemCost["system"], resources: number, added: number): SystemCost => ({
    system,
    resources,
    added,
    msPerResource: added / resources,
  });
  expect(againstOthers([cost("dask", 100, 200), cost("fossa", 100, 300), cost("mlEc2", 100, 100)], "dask")).toBe(1);
  expect(againstOthers([cost("dask", 50, 200), cost("fossa", 100, 200)], "dask")).toBe(2);
});
