import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../stacks/environment";
import { wrongLines } from "./wrong-settings.fixture";

type Settings = Omit<EnvironmentSettings, "name">;
const lines = (settings: Settings) => wrongLines(defineEnvironment({ name: "dev", ...settings }));
const WAY_OUT = "or, if AWS offers it there by now, add it to offeredTypes";

/** Settings with one type each, by the path at which errors name it. */
const WRITTEN: [path: string, type: string, region: string, settings: (type: string) => Omit<Settings, "region">][] = [
  [
    "exadeploy.cluster.runnerPools[0].instanceTypes[1]",
    "m6a.2xlarge",
    "af-south-1",
    (type) => ({
      exadeploy: {
        cluster: {
          runnerPools: [
            {
              suffix: "cpu",
              category: "cpu" as const,
              capacityType: "SPOT" as const,
              instanceTypes: ["m5.2xlarge", type],
              minSize: 0,
              maxSize: 1,
            },
          ],
        },
      },
    }),
  ],
  [
    "exadeploy.network.natInstanceType",
    "c7gn.medium",
    "af-south-1",
    (type) => ({
      exadeploy: { network: { nat: "instance", natInstanceType: type as "c7gn.medium" } },
    }),
  ],
  [
    "exadeploy.moduleRepoBackend.dbInstanceClass",
    "db.m7g.large",
    "ap-east-1",
    (type) => ({
      exadeploy: { moduleRepoBackend: { dbInstanceClass: type } },
    }),
  ],
  [
    "mlEc2.machines.instanceType",
    "g5.xlarge",
    "eu-south-1",
    (type) => ({ mlEc2: { machines: { instanceType: type } } }),
  ],
  [
    "fossa.gateway.instanceType",
    "c7g.large",
    "ap-southeast-4",
    (type) => ({
      fossa: { egress: "nat-instance", architecture: "ARM64", gateway: { instanceType: type } },
    }),
  ],
];

describe("a type that the region does not offer and others do", () => {
  it.each(WRITTEN)("is refused at %s: %s in %s", (path, type, region, settings) => {
    const [line = "", ...others] = lines({ region, ...settings(type) });
    expect(others).toEqual([]);
    expect(line).toMatch(new RegExp(`^dev: ${path.replace(/[[\].]/g, "\\$&")}: must be a type that ${region} offers`));
    expect(line).toContain(`got ${type}; choose another, ${WAY_OUT}`);
  });
  it.each(WRITTEN)("is accepted at %s where it is offered, and with offeredTypes", (_, type, region, settings) => {
    expect(lines({ region: "us-east-1", ...settings(type) })).toEqual([]);
    expect(lines({ region, offeredTypes: [type], ...settings(type) })).toEqual([]);
  });
  it("is told with one of the same size and hardware, if the region has one", () => {
    const told = (instanceType: string, region: string) => lines({ region, mlEc2: { machines: { instanceType } } })[0];
    expect(told("m6a.2xlarge", "af-south-1")).toContain("af-south-1 offers, such as m6i.2xlarge, got");
    expect(told("g5.xlarge", "eu-south-1")).toMatch(/eu-south-1 offers, such as g[46]\w*\.xlarge, got/);
    expect(told("p4d.24xlarge", "eu-south-1")).toContain("eu-south-1 offers, got");
  });
  it("is told together with everything else, though a system is wrong", () => {
    const settings = { mlEc2: { machines: { instanceType: "g5.xlarge" } }, fossa: { egress: "no" as "nat-gateway" } };
    expect(lines({ region: "eu-south-1", ...settings }).map((line) => line.split(": ")[1])).toEqual([
      "fossa.egress",
      "mlEc2.machines.instanceType",
    ]);
  });
});

describe("what is not known to be missing is accepted", () => {
  it.each([
    ["a type that no region's record has", "af-south-1", "m10i.large"],
    ["a region without a record", "mx-central-1", "g5.xlarge"],
    ["a type that the record of the region's types lacks and that of its prices has", "me-central-1", "t3.small"],
  ])("%s", (_, region, instanceType) => {
    expect(lines({ region, mlEc2: { machines: { instanceType } } })).toEqual([]);
  });
  it("a label that reads as a type", () => {
    const pool = {
      suffix: "cpu",
      category: "cpu" as const,
      capacityType: "SPOT" as const,
      instanceTypes: ["m5.2xlarge"],
      minSize: 0,
      maxSize: 1,
    };
    const runnerPools = [{ ...pool, additionalLabels: { "team.io/kind": "m6a.2xlarge" } }];
    expect(lines({ region: "af-south-1", exadeploy: { cluster: { runnerPools } } })).toEqual([]);
  });
});

describe("a default that the region does not offer", () => {
  it("is told of the region, by the stack that has it, and accepted with offeredTypes", () => {
    const exadeploy = { moduleRepoBackend: {} };
    expect(lines({ region: "ca-west-1", exadeploy })).toEqual([
      `dev: region: must offer db.t4g.micro, which dev-exadeploy-module-repo-backend has where you set no type, got ca-west-1; set another type there, ${WAY_OUT}`,
      `dev: region: must offer g4dn.xlarge, which dev-exadeploy-cluster has where you set no type, got ca-west-1; set another type there, ${WAY_OUT}`,
    ]);
    expect(lines({ region: "ca-west-1", offeredTypes: ["db.t4g.micro", "g4dn.xlarge"], exadeploy })).toEqual([]);
  });
});
