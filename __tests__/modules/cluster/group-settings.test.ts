import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupShape } from "../../../modules/cluster/group-settings";
import { validNodeGroup } from "./group-arbitraries.fixture";
import { brokenKeys } from "./group-breaks.fixture";
import { group, ONE_SUBNET, rejectsGroup, type Settings } from "./node-group.fixture";

describe("bounds", () => {
  it.each<Partial<Settings>>([
    { minSize: 0, maxSize: 1 },
    { minSize: 5000, maxSize: 5000 },
    { instanceTypes: ["c7i.metal-24xl", "u-6tb1.112xlarge", "c7i-flex.large", "t3.nano", "m5.metal"] },
    { diskSize: 20 },
    { diskSize: 16384 },
    { diskIops: 3000, diskThroughput: 125 },
    { diskSize: 160, diskIops: 80000, diskThroughput: 2000 },
    { metadataHopLimit: 2 },
    { subnetIndex: 1 },
    { subnetIds: Array.from({ length: 16 }, (_, i) => `subnet-0000000${i % 10}${i > 9 ? "a" : "b"}`) },
    { placementGroupName: "x".repeat(255), ...ONE_SUBNET },
  ])("accept %o", (settings) => {
    group(settings);
  });
  rejectsGroup([
    ["instanceTypes", { instanceTypes: [] }, "at least 1"],
    ["instanceTypes[0]", { instanceTypes: ["banana"] }, "banana"],
    ["instanceTypes[0]", { instanceTypes: ["m5.huge"] }, "m5.huge"],
    ["capacityType", { capacityType: "spot" }, "ON_DEMAND, SPOT, CAPACITY_BLOCK"],
    ["minSize", { minSize: undefined }, "required"],
    ["maxSize", { maxSize: 5001 }, "at most 5000", "5001"],
    ["diskSize", { diskSize: 19 }, "at least 20", "got 19"],
    ["diskSize", { diskSize: 16385 }, "at most 16384", "16385"],
    ["diskIops", { diskIops: 2999 }, "at least 3000", "2999"],
    ["diskIops", { diskSize: 200, diskIops: 80001 }, "at most 80000", "80001"],
    ["diskThroughput", { diskThroughput: 124 }, "at least 125", "124"],
    ["diskThroughput", { diskIops: 9000, diskThroughput: 2001 }, "at most 2000", "2001"],
    ["diskKmsKeyArn", { diskKmsKeyArn: "alias/mine" }, '"alias/mine"'],
    ["metadataHopLimit", { metadataHopLimit: 3 }, "1, 2", "got 3"],
    ["placementGroupName", { placementGroupName: "x".repeat(256), ...ONE_SUBNET }, "at most 255"],
    ["subnetIds", { subnetIds: [] }, "at least 1"],
    ["subnetIds", { subnetIds: Array(17).fill("subnet-00000000") }, "at most 16"],
    ["subnetIds[0]", { subnetIds: ["vpc-0123456789abcdef0"] }, "vpc-0123456789abcdef0"],
    ["subnetIndex", { subnetIndex: -1 }, "at least 0", "-1"],
  ]);
});

describe("the fuzz tests", () => {
  it("draw a valid value of every option", () => {
    const samples = fc.sample(validNodeGroup, { numRuns: 3000, seed: 1 });
    const drawn = new Set(
      samples.flatMap((settings) =>
        Object.entries(settings).flatMap(([key, value]) => (value === undefined ? [] : key)),
      ),
    );
    expect(Object.keys(groupShape).filter((key) => !drawn.has(key))).toEqual([]);
  });
  it("break every option", () => {
    expect(Object.keys(groupShape).filter((key) => !brokenKeys.includes(key))).toEqual([]);
  });
});
