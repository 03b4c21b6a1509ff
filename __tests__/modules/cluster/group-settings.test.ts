import { describe, expect, it } from "vitest";
import {
  BLOCK,
  CLUSTER,
  CPU_POOL,
  EFA,
  group,
  ONE_SUBNET,
  pool,
  RESERVED_GROUP,
  rejectsGroup,
  type Settings,
} from "./node-group.fixture";

describe("bounds", () => {
  it.each<Partial<Settings>>([
    { minSize: 0, maxSize: 1 },
    { minSize: 5000, maxSize: 5000 },
    { instanceTypes: ["c7i.metal-24xl", "u-6tb1.112xlarge", "c7i-flex.large", "t3.nano", "m5.metal"] },
    { diskSize: 20 },
    { diskSize: 16384 },
    { diskIops: 3000, diskThroughput: 125 },
    { diskSize: 160, diskIops: 80000, diskThroughput: 2000 },
    { diskSize: 20, diskIops: 10000, diskThroughput: 2000 },
    { diskThroughput: 750 },
    { metadataHopLimit: 2 },
    { subnetIndex: 1 },
    { subnetIds: Array.from({ length: 16 }, (_, i) => `subnet-0000000${i % 10}${i > 9 ? "a" : "b"}`) },
    { placementGroupName: "x".repeat(255), ...ONE_SUBNET },
    { placementGroup: true, subnetIndex: 0 },
    { ...BLOCK, subnetIds: undefined, subnetIndex: 0 },
    { ...EFA, placementGroup: false },
  ])("accept %o", (settings) => {
    group(settings);
  });
  rejectsGroup([
    ["instanceTypes", { instanceTypes: [] }, "at least 1"],
    ["instanceTypes.0", { instanceTypes: ["banana"] }, "banana"],
    ["instanceTypes.0", { instanceTypes: ["m5.huge"] }, "m5.huge"],
    ["capacityType", { capacityType: "spot" }, "ON_DEMAND, SPOT, CAPACITY_BLOCK"],
    ["minSize", { minSize: undefined }, "required"],
    ["maxSize", { minSize: 5, maxSize: 4 }, "at least minSize (5)", "got 4"],
    ["maxSize", { maxSize: 5001 }, "at most 5000", "5001"],
    ["diskSize", { diskSize: 19 }, "at least 20", "got 19"],
    ["diskSize", { diskSize: 16385 }, "at most 16384", "16385"],
    ["diskIops", { diskIops: 2999 }, "at least 3000", "2999"],
    ["diskIops", { diskSize: 200, diskIops: 80001 }, "at most 80000", "80001"],
    ["diskIops", { diskSize: 20, diskIops: 10001 }, "500 per GiB", "10000", "got 10001"],
    ["diskThroughput", { diskThroughput: 124 }, "at least 125", "124"],
    ["diskThroughput", { diskIops: 9000, diskThroughput: 2001 }, "at most 2000", "2001"],
    ["diskThroughput", { diskThroughput: 751 }, "a quarter of diskIops (750)", "got 751", "3004"],
    ["diskKmsKeyArn", { diskKmsKeyArn: "alias/mine" }, '"alias/mine"'],
    ["metadataHopLimit", { metadataHopLimit: 3 }, "1, 2", "got 3"],
    ["placementGroupName", { placementGroupName: "x".repeat(256), ...ONE_SUBNET }, "at most 255"],
    ["subnetIds", { subnetIds: [] }, "at least 1"],
    ["subnetIds", { subnetIds: Array(17).fill("subnet-00000000") }, "at most 16"],
    ["subnetIds.0", { subnetIds: ["vpc-0123456789abcdef0"] }, "vpc-0123456789abcdef0"],
    ["subnetIndex", { subnetIndex: 2 }, "less than 2", "got 2"],
    ["subnetIndex", { subnetIndex: -1 }, "at least 0", "-1"],
  ]);
});

describe("rules across settings", () => {
  rejectsGroup([
    ["capacityReservationId", { ...BLOCK, capacityReservationId: undefined }, "CAPACITY_BLOCK", "got nothing"],
    ["capacityReservationId", { capacityReservationId: "cr-1" }, '"cr-1"'],
    ["capacityReservationId", { capacityType: "SPOT", capacityReservationId: "cr-01234567" }, "SPOT"],
    [
      "capacityReservationResourceGroupArn",
      { capacityType: "SPOT", capacityReservationResourceGroupArn: RESERVED_GROUP },
      "SPOT",
    ],
    [
      "capacityReservationResourceGroupArn",
      { ...BLOCK, capacityReservationResourceGroupArn: RESERVED_GROUP },
      "leave out one",
    ],
    ["capacityReservationResourceGroupArn", { capacityReservationResourceGroupArn: "cr-01234567" }, "cr-01234567"],
    ["instanceTypes", { ...BLOCK, instanceTypes: ["p5.48xlarge", "p5e.48xlarge"] }, "1 item", "got 2"],
    ["subnetIds", { ...BLOCK, subnetIds: undefined }, "exactly 1 item", "CAPACITY_BLOCK", "got 0"],
    ["subnetIds", { ...BLOCK, subnetIds: CLUSTER.subnetIds }, "exactly 1 item", "got 2"],
    ["subnetIds", { ...EFA, subnetIds: CLUSTER.subnetIds }, "exactly 1 item with efa", "got 2"],
    ["subnetIds", { ...EFA, subnetIds: undefined }, "with efa", "subnetIndex", "got 0"],
    ["subnetIds", { placementGroup: true }, "with a placement group"],
    ["subnetIds", { placementGroupName: "theirs" }, "with a placement group"],
    ["subnetIndex", { subnetIndex: 0, ...ONE_SUBNET }, "leave out one"],
    [
      "placementGroup",
      { placementGroup: true, placementGroupName: "theirs", ...ONE_SUBNET },
      "beside placementGroupName",
    ],
  ]);
  it("are all told at once", () => {
    expect(() => pool(CPU_POOL, { minSize: 9, maxSize: 1, diskThroughput: 800, placementGroup: true })).toThrow(
      /pools\.0\.maxSize: .*; pools\.0\.diskThroughput: .*; pools\.0\.subnetIds: /,
    );
  });
});
