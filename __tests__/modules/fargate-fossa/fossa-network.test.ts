import { expect, it } from "vitest";
import { egressSchema, existingNetworkSchema, NETWORK_FIELDS } from "../../../modules/fargate-fossa/fossa-network";
import { NETWORK } from "./fossa.fixture";

const faults = (change: object) =>
  existingNetworkSchema.safeParse({ ...NETWORK, ...change }).error?.issues.map(({ path }) => path.join(".")) ?? [];

it("has the gateway host as NAT by default", () => {
  expect(egressSchema.parse(undefined)).toBe("nat-instance");
});
it("reads what an existing network has to tell", () => {
  expect(faults({})).toEqual([]);
  expect(Object.keys(existingNetworkSchema.shape).sort()).toEqual(
    NETWORK_FIELDS.map((field) => field.replace("[]", "")).sort(),
  );
});
it("takes blocks of the private subnets in any block of the VPC, and none outside", () => {
  const vpcCidrBlocks = ["10.0.0.0/16", "100.64.0.0/20"];
  const faultsOf = (...privateSubnetCidrBlocks: string[]) => faults({ vpcCidrBlocks, privateSubnetCidrBlocks });
  expect(faultsOf("10.0.0.0/16", "10.0.255.240/28", "100.64.15.0/24")).toEqual([]);
  expect(faultsOf("10.0.0.0/24", "100.64.16.0/24")).toEqual(["privateSubnetCidrBlocks.1"]);
});
