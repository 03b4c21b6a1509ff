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
