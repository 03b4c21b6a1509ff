import { expect, it } from "vitest";
import { z } from "zod";
import { isForeign, ourSide, peerSchema } from "../../../modules/peering/sides";
import { near, ours } from "./peering.fixture";

it("gives our side the ports of ExaDeploy", () => {
  expect(z.strictObject(ourSide).parse(ours).clientPorts).toEqual([50050, 50051, 50100, 50101]);
});

it("reads of a network what it needs and leaves the rest", () => {
  const network = ourSide.network.parse({ ...ours.network, name: "more" });
  expect(Object.keys(network).sort()).toEqual(["routeTables", "vpcCidrBlocks", "vpcId"]);
});

it("does not resolve a peer's names by default", () => {
  expect(peerSchema.parse(near).dnsResolution).toBe(false);
});

it.each([
  ["near", {}, false],
  ["in another account", { accountId: "123456789012" }, true],
  ["in another region", { region: "ap-southeast-5" }, true],
])("calls a peer %s by its name", (_, where, expected) => {
  expect(isForeign(peerSchema.parse({ ...near, ...where }))).toBe(expected);
});
