import { expect, it } from "vitest";
import { mlEc2Schema } from "../../../stacks/ml-ec2/settings";

const faults = (input: unknown) => mlEc2Schema.safeParse(input).error?.issues.map(({ path }) => path.join(".")) ?? [];

it("has the reference's owner and cost centre, and leaves network and machines to their constructs", () => {
  const expected = { network: {}, machines: {}, owner: "ml-team", costCenter: "ml-research" };
  expect(mlEc2Schema.parse({})).toEqual(expected);
  const machines = { instanceCount: 2 };
  expect(mlEc2Schema.parse({ machines }).machines).toBe(machines);
});
it.each(["network", "machines"])("refuses %s that is no object", (key) => {
  for (const value of [null, [], "x", 1, true]) expect(faults({ [key]: value })).toEqual([key]);
});
it.each(["owner", "costCenter"])("takes 1 to 256 characters for %s", (key) => {
  for (const value of ["a", "a".repeat(256)]) expect(faults({ [key]: value })).toEqual([]);
  for (const value of ["", "a".repeat(257), 1]) expect(faults({ [key]: value })).toEqual([key]);
});
