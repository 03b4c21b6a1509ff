import { describe, expect, it } from "vitest";
import { z } from "zod";
import { existingNetworkShape } from "../../../modules/network/existing-network";

const NETWORK = {
  vpcId: "vpc-0123456789abcdef0",
  vpcCidrBlocks: ["10.0.0.0/16"],
  publicSubnetIds: ["subnet-0123456789abcdef0"],
  privateSubnetIds: ["subnet-0123456789abcdef1"],
  privateSubnetCidrBlocks: ["10.0.1.0/24"],
  privateRouteTableIds: ["rtb-0123456789abcdef0"],
};
const faults = (change: object) =>
  z
    .strictObject(existingNetworkShape)
    .safeParse({ ...NETWORK, ...change })
    .error?.issues.map(({ path }) => path.join(".")) ?? [];

describe("of an existing network", () => {
  it.each(Object.keys(NETWORK))("asks for %s", (key) => expect(faults({ [key]: undefined })).toEqual([key]));
  it.each([
    ["vpcId", ["vpc-12345678", "vpc-0123456789abcdef0"], ["vpc-1234567", "subnet-12345678", "vpc-0123456789abcdef01"]],
    ["vpcCidrBlocks", [["10.0.0.0/16"], ["10.0.0.0/28"]], [[], ["10.0.0.0/15"], ["10.0.0.0/29"], ["10.0.0.1/24"]]],
    ["publicSubnetIds", [["subnet-12345678"]], [[], ["vpc-12345678"], ["subnet-12345678", "subnet-12345678"]]],
    ["privateSubnetIds", [["subnet-12345678"]], [[], ["subnet-1234567"], ["subnet-12345678", "subnet-12345678"]]],
    ["privateSubnetCidrBlocks", [["10.0.0.0/16"], ["10.0.0.0/28"]], [[], ["10.0.0.0/15"], ["10.0.0.0/29"]]],
    ["privateRouteTableIds", [["rtb-12345678"]], [[], ["subnet-12345678"], ["rtb-12345678", "rtb-12345678"]]],
  ])("takes and refuses values of %s", (key, right, wrong) => {
    for (const value of right) expect(faults({ [key]: value }), JSON.stringify(value)).toEqual([]);
    for (const value of wrong) {
      const found = faults({ [key]: value });
      expect(found.length, JSON.stringify(value)).toBeGreaterThan(0);
      for (const path of found) expect(path.split(".")[0]).toBe(key);
    }
  });
});
