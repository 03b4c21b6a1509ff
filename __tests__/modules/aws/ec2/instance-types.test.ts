import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { describe, expect, it } from "vitest";
import { types } from "../../../../modules/aws/ec2/data/instance-types.json";
import { factsOf, impossibleType } from "../../../../modules/aws/ec2/instance-types";
import type { RunnerPool } from "../../../../modules/cluster/runner-pool";
import { rejects } from "../../../support/bad-input";
import { asgTags, CPU_POOL, GPU_POOL, ONE_SUBNET, pool, Runners } from "../../cluster/node-group.fixture";

describe("the data file", () => {
  it.each([
    // type, GPUs, EFA interfaces, local NVMe disks
    ["g4dn.xlarge", 1, 0, true],
    ["g4dn.12xlarge", 4, 1, true],
    ["g4dn.metal", 8, 1, true],
    ["g5.16xlarge", 1, 1, true],
    ["g5.24xlarge", 4, 1, true],
    ["g5.48xlarge", 8, 1, true],
    ["g5g.16xlarge", 2, 0, false],
    ["g6.xlarge", 1, 0, true],
    ["g6.48xlarge", 8, 1, true],
    ["g6e.24xlarge", 4, 2, true],
    ["g6e.48xlarge", 8, 4, true],
    ["gr6.8xlarge", 1, 1, true],
    ["p3.8xlarge", 4, 0, false],
    ["p3dn.24xlarge", 8, 1, true],
    ["p4d.24xlarge", 8, 4, true],
    ["p4de.24xlarge", 8, 4, true],
    ["p5.4xlarge", 1, 1, true],
    ["p5.48xlarge", 8, 32, true],
    ["p5e.48xlarge", 8, 32, true],
    ["p5en.48xlarge", 8, 16, true],
    ["p6-b200.48xlarge", 8, 8, true],
    ["p6-b300.48xlarge", 8, 16, true],
  ])("knows the NVIDIA GPUs of %s", (type, gpus, efaInterfaces, instanceStore) => {
    expect(factsOf(type)).toMatchObject({ gpus, neuronDevices: 0, efaInterfaces, instanceStore });
  });
  it.each([
    ["inf1.24xlarge", 16, 64, 1, false],
    ["inf2.xlarge", 1, 2, 0, false],
    ["inf2.24xlarge", 6, 12, 0, false],
    ["inf2.48xlarge", 12, 24, 0, false],
    ["trn1.2xlarge", 1, 2, 0, true],
    ["trn1.32xlarge", 16, 32, 8, true],
    ["trn1n.32xlarge", 16, 32, 16, true],
    ["trn2.48xlarge", 16, undefined, 16, true],
  ])("knows the Neuron devices of %s", (type, neuronDevices, neuronCores, efaInterfaces, instanceStore) => {
    expect(factsOf(type)).toMatchObject({ gpus: 0, neuronDevices, neuronCores, efaInterfaces, instanceStore });
  });
  it("holds more than a thousand types, each with an architecture", () => {
    const rows: { architecture: string }[] = Object.values(types);
    expect(rows.length).toBeGreaterThan(1000);
    expect(new Set(rows.map(({ architecture }) => architecture))).toEqual(new Set(["x86_64", "arm64"]));
  });
});

describe("impossible types", () => {
  it.each([
    ["m5.3xlarge", "m5.2xlarge"],
    ["g5.32xlarge", "g5.12xlarge"],
    ["m55.xlarge", "m5.xlarge"],
    ["t33.small", "t3.small"],
  ])("%s are refused with what may have been meant", (type, near) => {
    expect(impossibleType(type)).toBe(
      `must be an instance type that exists: ${type} is not a known type, did you mean ${near}, got ${type}`,
    );
  });
  it.each(["m5.xlarge", "m10g.xlarge", "g99.xlarge", "u-12tb1.112xlarge", "c7g-flex.large"])(
    "%s may be one of them, or be newer than the data",
    (type) => {
      expect(impossibleType(type)).toBeUndefined();
    },
  );
});

describe("CPU families, by their names", () => {
  it.each([
    "m7g.large",
    "c6gn.large",
    "t4g.small",
    "a1.large",
    "im4gn.large",
    "x2gd.large",
    "hpc7g.4xlarge",
    "r8gb.large",
  ])("%s is arm64", (type) =>
    expect(factsOf(type)).toMatchObject({ architecture: "arm64", gpus: 0, neuronDevices: 0 }),
  );
  it.each([
    "m5.large",
    "c7i-flex.large",
    "t3a.small",
    "u-6tb1.112xlarge",
    "u7i-12tb.224xlarge",
    "hpc7a.96xlarge",
    "z1d.large",
  ])("%s is x86_64", (type) =>
    expect(factsOf(type)).toMatchObject({ architecture: "x86_64", gpus: 0, neuronDevices: 0 }),
  );
  it("have EFA in the sizes of the table, in no other of the same family, and who knows elsewhere", () => {
    expect(factsOf("c5n.18xlarge").efaInterfaces).toBe(1);
    expect(factsOf("hpc7a.12xlarge").efaInterfaces).toBe(2);
    expect(factsOf("c5n.large").efaInterfaces).toBe(0);
    expect(factsOf("m5.24xlarge").efaInterfaces).toBe(0);
    expect(factsOf("t8i.large").efaInterfaces).toBeUndefined();
  });
});

describe("unknown types", () => {
  const unknown: RunnerPool = { ...GPU_POOL, instanceTypes: ["g99.8xlarge"], architecture: "arm64", gpuCount: 2 };
  it("are what the caller says", () => {
    const found = pool(unknown, { efa: true, efaNetworkCards: 3, ...ONE_SUBNET });
    expect(found.one(EksNodeGroup).ami_type).toBe("AL2023_ARM_64_NVIDIA");
    const tags = asgTags(found);
    expect(tags["k8s.io/cluster-autoscaler/node-template/resources/nvidia.com/gpu"]).toBe("2");
    expect(tags["k8s.io/cluster-autoscaler/node-template/resources/vpc.amazonaws.com/efa"]).toBe("3");
  });
  it("may have no device at all", () => {
    const settings = { instanceTypes: ["f1.2xlarge"], architecture: "x86_64" as const, gpuCount: 0 };
    expect(pool(CPU_POOL, settings).one(EksNodeGroup).ami_type).toBe("AL2023_x86_64_STANDARD");
  });
  it("let the caller repeat what is known", () => {
    pool(GPU_POOL, { instanceTypes: ["g5.xlarge", "g99.xlarge"], gpuCount: 1, architecture: "x86_64" });
  });
  rejects(
    "test/runners",
    [
      ["pools[0].architecture", { ...unknown, architecture: undefined }, "required", "g99.8xlarge"],
      ["pools[0].gpuCount", { ...unknown, gpuCount: undefined }, "or neuronDeviceCount is required", "g99.8xlarge"],
      [
        "pools[0].gpuCount",
        { ...unknown, instanceTypes: ["g6f.large"], architecture: undefined, gpuCount: undefined },
        "required",
      ],
      [
        "pools[0].instanceTypes",
        { ...unknown, instanceTypes: ["p6-b200.24xlarge"], architecture: undefined, gpuCount: undefined },
        "did you mean p6-b200.48xlarge",
        "set architecture and gpuCount too",
      ],
      [
        "pools[0].architecture",
        { ...CPU_POOL, instanceTypes: ["m55.xlarge"], gpuCount: 0 },
        "required",
        "did you mean m5.xlarge",
      ],
      ["pools[0].category", { ...unknown, gpuCount: 0 }, "must be cpu", "got gpu"],
      ["pools[0].gpuCount", { ...GPU_POOL, gpuCount: 2 }, "must be 1, as g4dn.xlarge has", "got 2"],
      ["pools[0].neuronDeviceCount", { ...GPU_POOL, neuronDeviceCount: 1 }, "must be 0", "got 1"],
      [
        "pools[0].architecture",
        { ...CPU_POOL, architecture: "arm64" },
        "must be x86_64, as m5.xlarge has",
        "got arm64",
      ],
      [
        "pools[0].efaNetworkCards",
        { ...GPU_POOL, instanceTypes: ["p4d.24xlarge"], efa: true, efaNetworkCards: 2, ...ONE_SUBNET },
        "must be 4",
        "got 2",
      ],
      ["pools[0].efaNetworkCards", { ...unknown, efa: true, ...ONE_SUBNET }, "is required with efa", "g99.8xlarge"],
      ["pools[0].efaNetworkCards", { ...unknown, efaNetworkCards: 2 }, "unless efa is true", "got 2"],
      ["pools[0].efaNetworkCards", { ...unknown, efa: true, efaNetworkCards: 33 }, "at most 32", "33"],
      ["pools[0].gpuCount", { ...unknown, gpuCount: 65 }, "at most 64", "65"],
      ["pools[0].architecture", { ...unknown, architecture: "arm" as "arm64" }, "x86_64, arm64", '"arm"'],
    ],
    (scope, wrong: RunnerPool) => new Runners(scope, [wrong]),
  );
});
