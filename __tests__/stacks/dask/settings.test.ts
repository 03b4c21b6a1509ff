import { describe, expect, it } from "vitest";
import { daskSchema } from "../../../stacks/dask/settings";
import { defineEnvironment } from "../../../stacks/environment";
import { wrongLines } from "../wrong-settings.fixture";
import { EXISTING } from "./configurations.fixture";

const define = (dask: object) => defineEnvironment({ name: "dev", region: "eu-west-2", dask });

it("has a network, three buckets and Dask, and nothing else, by default", () => {
  const settings = daskSchema.parse({});
  expect(settings).toMatchObject({
    network: {},
    outputBucket: {},
    modelBucket: {},
    bucketLogs: { retentionDays: 365, forceDestroy: false },
  });
  for (const layer of ["vpn", "loadBalancing", "agent", "existingNetwork"]) {
    expect(settings[layer as "vpn"], layer).toBeUndefined();
  }
});
describe("refuses", () => {
  it.each<[string, object, string]>([
    [
      "a network of its own in one that exists",
      { existingNetwork: EXISTING, network: { azCount: 2 } },
      "dask.network: must be left out with existingNetwork, got settings",
    ],
    [
      "a VPC by its name",
      { existingNetwork: { ...EXISTING, vpcId: "main" } },
      'dask.existingNetwork.vpcId: must be the id of a VPC, got "main"',
    ],
    [
      "a VPC without blocks",
      { existingNetwork: { ...EXISTING, vpcCidrBlocks: [] } },
      "dask.existingNetwork.vpcCidrBlocks: must have at least 1 items",
    ],
    [
      "subnets by their names",
      { existingNetwork: { ...EXISTING, privateSubnetIds: ["a"] } },
      "dask.existingNetwork.privateSubnetIds[0]: must be the id of a subnet",
    ],
    [
      "public subnets, which nothing uses",
      { existingNetwork: { ...EXISTING, publicSubnetIds: [] } },
      "dask.existingNetwork.publicSubnetIds: unknown key",
    ],
    [
      "logs that are only on",
      { bucketLogs: true },
      "dask.bucketLogs: must be false or an object of settings, got true",
    ],
    [
      "logs for no day",
      { bucketLogs: { retentionDays: 0 } },
      "dask.bucketLogs.retentionDays: must be at least 1, got 0",
    ],
    [
      "logs for longer than S3 counts",
      { bucketLogs: { retentionDays: 3651 } },
      "dask.bucketLogs.retentionDays: must be at most 3650, got 3651",
    ],
    ["a VPN that is only on", { vpn: true }, "dask.vpn: must be an object of settings, got true"],
    [
      "a load balancer that is only on",
      { loadBalancing: true },
      "dask.loadBalancing: must be an object of settings, got true",
    ],
    ["a bucket by its name", { outputBucket: "mine" }, 'dask.outputBucket: must be an object of settings, got "mine"'],
    ["a layer that there is not", { vnp: {} }, "dask.vnp: unknown key; did you mean vpn?"],
  ])("%s", (_, settings, message) => {
    const lines = wrongLines(define(settings));
    expect(lines).toEqual([expect.stringContaining(`dev: ${message}`)]);
  });
});
