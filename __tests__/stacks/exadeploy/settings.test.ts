import { describe, expect, it } from "vitest";
import { exadeploySchema } from "../../../stacks/exadeploy/settings";

const faults = (input: unknown) =>
  exadeploySchema.safeParse(input).error?.issues.map(({ path }) => path.join(".")) ?? [];

it("has a default network and cluster, no other administrator than those named, no backend and no peers", () => {
  const expected = { network: {}, cluster: {}, deployerIsAdministrator: false, peers: {} };
  expect(exadeploySchema.parse({})).toEqual(expected);
});
it("hands the settings of a construct on untouched", () => {
  const cluster = { logTypes: [] };
  expect(exadeploySchema.parse({ cluster }).cluster).toBe(cluster);
});
const peer = { vpcId: "vpc-0a1b2c3d4e5f60718", cidrs: ["10.1.0.0/16"], routeTables: "all" };

describe("the name of a peer", () => {
  it.each(["a", "a-1", `a${"b".repeat(31)}`])("may be %s", (name) => {
    expect(faults({ peers: { [name]: peer } })).toEqual([]);
  });
  it.each(["", "A", "1a", "a--b", "a-", "a_b", `a${"b".repeat(32)}`])("may not be %j", (name) => {
    expect(faults({ peers: { [name]: peer } })).toEqual([`peers.${name}`]);
  });
});
it.each(["network", "cluster", "moduleRepoBackend", "clientNetwork"])("refuses %s that is no object", (key) => {
  for (const value of [null, [], "x", 1, true]) expect(faults({ [key]: value })).toEqual([key]);
});
it("refuses deployerIsAdministrator that is no boolean", () => {
  expect(faults({ deployerIsAdministrator: "yes" })).toEqual(["deployerIsAdministrator"]);
});
