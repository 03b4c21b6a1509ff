import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { machineShape, subnetsFor } from "../../../modules/ml-ec2/machine";
import { type BadInput, rejects } from "../../support/bad-input";
import { build, Compute, type ComputeSettings, NETWORK } from "./compute.fixture";

const amiId = "ami-0123456789abcdef0";
const rows: BadInput<Record<string, unknown>>[] = [
  ["instanceType", { instanceType: "bad" }, "such as t3.medium", "bad"],
  ["instanceType", { instanceType: "T3.medium" }, "such as t3.medium", "T3.medium"],
  ["instanceType", { instanceType: "t3.2XL" }, "such as t3.medium"],
  ["instanceType", { instanceType: "t3." }, "such as t3.medium"],
  ["instanceType", { instanceType: 3 }, "of type string", "3"],
  ["instanceCount", { instanceCount: 0 }, "at least 1", "0"],
  ["instanceCount", { instanceCount: 21 }, "at most 20", "21"],
  ["instanceCount", { instanceCount: 1.5 }, "whole number", "1.5"],
  ["rootVolumeSize", { rootVolumeSize: 19 }, "at least 20", "19"],
  ["rootVolumeSize", { rootVolumeSize: 1001 }, "at most 1000", "1001"],
  ["rootVolumeSize", { instanceType: "g5.xlarge", rootVolumeSize: 74 }, "at least 75", "g5.xlarge", "got 74"],
  ["diskKmsKeyArn", { diskKmsKeyArn: "alias/mine" }, "ARN of a KMS key", "alias/mine"],
  ["amiId", { amiId: "ami-xyz" }, "id of an image", "ami-xyz"],
  ["amiId", { amiId: "ami-012345678" }, "id of an image"],
  ["amiId", { instanceType: "q9.large" }, "is required", "q9.large is not in this project's table", "got nothing"],
  ["amiId", { instanceType: "p3.2xlarge" }, "is required", "driver for the GPUs of p3.2xlarge"],
  ["amiId", { instanceType: "trn1.2xlarge" }, "is required", "Neuron"],
  ["keyName", { keyName: "" }, "name of a key pair"],
  ["keyName", { keyName: " me" }, "name of a key pair"],
  ["keyName", { keyName: "x".repeat(256) }, "1 to 255"],
  ["spot", { spot: "yes" }, "true, false or an object with maxPrice", "yes"],
  ["spot", { spot: 0.05 }, "true, false or an object with maxPrice", "0.05"],
  ["spot.maxPrice", { spot: {} }, "is required"],
  ["spot.maxPrice", { spot: { maxPrice: 0 } }, "at least 0.0001", "0"],
  ["spot.maxPrice", { spot: { maxPrice: 1000.0001 } }, "at most 1000"],
  ["spot.maxPrice", { spot: { maxPrice: 0.00015 } }, "multiple of 0.0001"],
  ["spot.maxPrice", { spot: { maxPrice: "0.05" } }, "of type number", "0.05"],
  ["spot.max", { spot: { max: 1 } }, "unknown key"],
  ["placement", { placement: "isolated" }, "private, public", "isolated"],
  [
    "placement",
    { placement: "public", network: { ...NETWORK, publicSubnetIds: [] } },
    "of which the network has subnets",
    "public",
  ],
  ["placement", { network: { ...NETWORK, privateSubnetIds: [] } }, "of which the network has subnets", "private"],
  ["terminationProtection", { terminationProtection: "on" }, "of type boolean", "on"],
  ["terminationProtection", { terminationProtection: true, spot: true }, "false with spot", "got true"],
  ["userDataReplaceOnChange", { userDataReplaceOnChange: 1 }, "of type boolean"],
  ["instancetype", { instancetype: "t3.large" }, "did you mean instanceType?"],
];
rejects("test/compute", rows, (scope, props) => new Compute(scope, "compute", props as ComputeSettings));

it.each(["t3.medium", "c5.2xlarge", "g4dn.xlarge", "m7i-flex.large", "m5dn.large", "c7g.metal", "u7i-12tb.224xlarge"])(
  "accepts %s",
  (instanceType) => {
    expect(build({ instanceType }).one(Instance).instance_type).toBe(instanceType);
  },
);
it.each(["p3.2xlarge", "q9.large", "m7i.metal-24xl", "inf2.xlarge"])("accepts %s with an image of its own", (type) => {
  expect(build({ instanceType: type, amiId }).one(Instance)).toMatchObject({ instance_type: type, ami: amiId });
});
it.each<[string, ComputeSettings]>([
  ["one machine", { instanceCount: 1 }],
  ["the greatest price", { spot: { maxPrice: 1000 } }],
  ["the least price", { spot: { maxPrice: 0.0001 } }],
  ["an old image's id", { amiId: "ami-01234567" }],
  ["a key pair with spaces", { keyName: "my key (old)" }],
  ["a key pair of 255 characters", { keyName: "x".repeat(255) }],
  ["what another resource gives", { keyName: Token.asString({}), amiId: Token.asString({}) }],
  ["spot that is spelt out as off, with protection", { spot: false, terminationProtection: true }],
])("accepts %s", (_, settings) => {
  expect(build(settings).all(Instance)).toHaveLength(1);
});

describe("the root volume", () => {
  const sizeOf = (settings: ComputeSettings) => build(settings).one(Instance).root_block_device.volume_size;
  it.each<[ComputeSettings, number]>([
    [{}, 50],
    [{ rootVolumeSize: 20 }, 20],
    [{ rootVolumeSize: 1000 }, 1000],
    [{ instanceType: "g4dn.xlarge" }, 100],
    [{ instanceType: "g4dn.xlarge", rootVolumeSize: 75 }, 75],
    [{ instanceType: "g4dn.xlarge", rootVolumeSize: 30, amiId }, 30],
    [{ instanceType: "g4ad.xlarge" }, 50],
  ])("of %j has %d GiB", (settings, size) => {
    expect(sizeOf(settings)).toBe(size);
  });
});

it("is one private t3.medium on demand unless told otherwise", () => {
  const defaults = Object.fromEntries(
    Object.entries(machineShape).map(([key, schema]) => [key, schema.parse(undefined)]),
  );
  expect(defaults).toEqual({
    instanceType: "t3.medium",
    instanceCount: 1,
    rootVolumeSize: undefined,
    diskKmsKeyArn: undefined,
    amiId: undefined,
    keyName: undefined,
    spot: false,
    placement: "private",
    terminationProtection: false,
    userDataReplaceOnChange: false,
  });
  expect(subnetsFor({ placement: "private" }, NETWORK)).toEqual(["subnet-1a", "subnet-1b"]);
  expect(subnetsFor({ placement: "public" }, NETWORK)).toEqual(["subnet-0a", "subnet-0b"]);
});
