import { expect, it } from "vitest";
import { z } from "zod";
import { farmShape } from "../../../modules/fargate-fossa/farm";
import { NETWORK } from "./fossa.fixture";

const schema = z.strictObject(farmShape);
const farm = { name: "dev-fossa", region: "eu-west-2", network: NETWORK };

it("has the gateway host as NAT, and x86, by default", () => {
  expect(schema.parse(farm)).toEqual({ ...farm, egress: "nat-instance", architecture: "X86_64" });
});
it.each([
  [{ name: "ab" }, "name"],
  [{ region: "west" }, "region"],
  [{ network: { vpcId: "vpc-0123456789abcdef0" } }, "network"],
  [{ egress: "nat" }, "egress"],
  [{ architecture: "arm64" }, "architecture"],
])("refuses %j by %s", (change, key) => {
  const { error } = schema.safeParse({ ...farm, ...change });
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual([key]);
});
