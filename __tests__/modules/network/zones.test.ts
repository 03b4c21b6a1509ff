import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { expect, it } from "vitest";
import { build } from "./network.fixture";

it("asks for the zones that every account has, without those that hold no EKS control plane", () => {
  const [zones, ...others] = build().data(DataAwsAvailabilityZones);
  expect(others).toEqual([]);
  expect(zones).toMatchObject({
    state: "available",
    filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    exclude_zone_ids: ["use1-az3", "usw1-az2", "cac1-az3"],
  });
});
it("keeps off the zones that are named instead, or off none", () => {
  const excluded = (excludeZoneIds: string[]) => build({ excludeZoneIds }).data(DataAwsAvailabilityZones)[0];
  expect(excluded(["euc1-az1"]).exclude_zone_ids).toEqual(["euc1-az1"]);
  expect(excluded([])).not.toHaveProperty("exclude_zone_ids");
});
it.each([2, 6])("stops the plan when the region has fewer than %i zones", (azCount) => {
  const { postcondition } = build({ azCount }).data(DataAwsAvailabilityZones)[0].lifecycle;
  expect(postcondition).toHaveLength(1);
  expect(postcondition[0].condition).toBe(`\${length(self.names) >= ${azCount}}`);
  expect(postcondition[0].error_message).toContain(`needs ${azCount} availability zones`);
  expect(postcondition[0].error_message).toContain("Lower azCount");
});
it("takes each zone by its index, never by element(), which wraps round", () => {
  const zones = new Set(
    build({ azCount: 2 })
      .all(Subnet)
      .map((subnet) => subnet.availability_zone),
  );
  const index = (i: number) =>
    expect.stringMatching(new RegExp(`^\\$\\{data\\.aws_availability_zones\\.\\w+\\.names\\[${i}\\]\\}$`));
  expect([...zones].sort()).toEqual([index(0), index(1)]);
});
it("reads no zones when they are named", () => {
  expect(build({ azs: ["us-east-1a", "us-east-1b"] }).data(DataAwsAvailabilityZones)).toEqual([]);
});
