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

describe("rules across settings", () => {
  it.each<Partial<Settings>>([
    { diskSize: 160, diskIops: 80000, diskThroughput: 2000 },
    { diskSize: 20, diskIops: 10000, diskThroughput: 2000 },
    { diskThroughput: 750 },
    { placementGroup: true, subnetIndex: 0 },
    { ...BLOCK, subnetIds: undefined, subnetIndex: 0 },
    { ...EFA, placementGroup: false },
  ])("accept %o", (settings) => {
    group(settings);
  });
  rejectsGroup([
    ["maxSize", { minSize: 5, maxSize: 4 }, "at least minSize (5)", "got 4"],
    ["diskIops", { diskSize: 20, diskIops: 10001 }, "500 per GiB", "10000", "got 10001"],
    ["diskThroughput", { diskThroughput: 751 }, "a quarter of diskIops (750)", "got 751", "3004"],
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
    ["perSubnet", { ...EFA, subnetIds: undefined, perSubnet: true }, "left out with efa", "set subnetIndex instead"],
    ["perSubnet", { ...EFA, subnetIds: CLUSTER.subnetIds, perSubnet: true }, "left out with efa"],
    ["perSubnet", { placementGroup: true, perSubnet: true }, "left out with a placement group"],
    ["perSubnet", { ...BLOCK, subnetIds: undefined, perSubnet: true }, "left out with capacityType CAPACITY_BLOCK"],
    ["subnetIndex", { subnetIndex: 0, ...ONE_SUBNET }, "leave out one"],
    [
      "placementGroup",
      { placementGroup: true, placementGroupName: "theirs", ...ONE_SUBNET },
      "with placementGroupName",
    ],
  ]);
  it("are all told at once", () => {
    expect(() => pool(CPU_POOL, { minSize: 9, maxSize: 1, diskThroughput: 800, placementGroup: true })).toThrow(
      /pools\[0\]\.maxSize: .*; pools\[0\]\.diskThroughput: .*; pools\[0\]\.subnetIds: /,
    );
  });
});
