import { expect, it } from "vitest";
import { fossaSchema } from "../../../stacks/fossa/settings";
import { NETWORK } from "../../modules/fargate-fossa/fossa.fixture";

const faults = (input: unknown) => fossaSchema.safeParse(input).error?.issues.map(({ path }) => path.join(".")) ?? [];

it("leaves network, gateway and cluster to their constructs", () => {
  expect(fossaSchema.parse({})).toEqual({
    network: {},
    egress: "nat-instance",
    highAvailability: false,
    architecture: "X86_64",
    gateway: {},
    cluster: {},
  });
});
it.each(["network", "gateway", "cluster"])("refuses %s that is no object", (key) => {
  for (const value of [null, [], "x", 1, true]) expect(faults({ [key]: value })).toEqual([key]);
});
it.each([
  [{ egress: "nat" }, "egress"],
  [{ highAvailability: "yes" }, "highAvailability"],
  [{ architecture: "arm" }, "architecture"],
  [{ existingNetwork: {} }, "existingNetwork.vpcId"],
  [{ existingNetwork: NETWORK, network: { cidr: "10.0.0.0/16" } }, "network"],
  [{ existingNetwork: NETWORK, highAvailability: true }, "highAvailability"],
])("refuses %j by %s", (input, key) => expect(faults(input)).toContain(key));
it("takes a network that exists", () => expect(faults({ existingNetwork: NETWORK })).toEqual([]));
