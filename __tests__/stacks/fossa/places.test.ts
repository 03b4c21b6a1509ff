import { expect, it } from "vitest";
import { farmPlaces } from "../../../stacks/fossa/places";
import { fossaSchema } from "../../../stacks/fossa/settings";

const existingNetwork = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  vpcCidrBlocks: ["10.20.0.0/16"],
  publicSubnetIds: ["subnet-0a1b2c3d4e5f60718"],
  privateSubnetIds: ["subnet-0b1b2c3d4e5f60718"],
  privateSubnetCidrBlocks: ["10.20.1.0/24"],
  privateRouteTableIds: ["rtb-0a1b2c3d4e5f60718"],
};

it("finds the network where the user wrote it", () => {
  expect(farmPlaces(fossaSchema.parse({})).network).toBe("fossa.network");
  expect(farmPlaces(fossaSchema.parse({ existingNetwork })).network).toBe("fossa.existingNetwork");
});
