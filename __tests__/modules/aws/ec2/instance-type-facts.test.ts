import { describe, expect, it } from "vitest";
import { ACCELERATED, CPU_EFA } from "../../../../modules/aws/ec2/instance-type-facts";
import { factsOf } from "../../../../modules/aws/ec2/instance-types";

describe("the table", () => {
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
  it("has whole numbers in possible ranges", () => {
    const sizes = Object.values(ACCELERATED).flatMap((family) => Object.values(family.sizes).flat());
    for (const count of [...sizes, ...Object.values(CPU_EFA).flatMap(Object.values<number>)]) {
      expect(Number.isInteger(count) && count >= 0 && count <= 32, String(count)).toBe(true);
    }
  });
});
