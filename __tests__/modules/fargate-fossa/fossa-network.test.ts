import { describe, expect, it } from "vitest";
import { egressSchema, existingNetworkSchema, NETWORK_KEYS } from "../../../modules/fargate-fossa/fossa-network";
import { NETWORK } from "./fossa.fixture";

const faults = (change: object) =>
  existingNetworkSchema.safeParse({ ...NETWORK, ...change }).error?.issues.map(({ path }) => path.join(".")) ?? [];

it("has the gateway host as NAT by default", () => {
  expect(egressSchema.parse(undefined)).toBe("nat-instance");
});
it("reads what an existing network has to tell", () => {
  expect(faults({})).toEqual([]);
  expect(Object.keys(existingNetworkSchema.shape).sort()).toEqual([...NETWORK_KEYS].sort());
});
describe("of an existing network", () => {
  it.each(NETWORK_KEYS)("asks for %s", (key) => expect(faults({ [key]: undefined })).toEqual([key]));
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
