import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { expect, it } from "vitest";
import { hasGpu, imageFor, imageId } from "../../../../modules/aws/ec2/machine-image";
import { synth } from "../../../support/synth";

const AL2023 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";
const NVIDIA = "base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id";

it.each([
  ["t3.medium", `${AL2023}x86_64`],
  ["c5.2xlarge", `${AL2023}x86_64`],
  ["m7i-flex.large", `${AL2023}x86_64`],
  ["g4ad.xlarge", `${AL2023}x86_64`], // AMD's GPUs have no image
  ["t4g.medium", `${AL2023}arm64`],
  ["c7gn.metal", `${AL2023}arm64`],
  ["g4dn.xlarge", `/aws/service/deeplearning/ami/x86_64/${NVIDIA}`],
  ["p5.48xlarge", `/aws/service/deeplearning/ami/x86_64/${NVIDIA}`],
  ["g5g.xlarge", `/aws/service/deeplearning/ami/arm64/${NVIDIA}`],
])("has an image for %s", (instanceType, parameter) => {
  expect(imageFor(instanceType)).toEqual({ parameter });
});
it.each([
  ["p3.2xlarge", "driver for the GPUs of p3.2xlarge"],
  ["p3dn.24xlarge", "driver for the GPUs of p3dn.24xlarge"],
  ["inf2.xlarge", "Neuron"],
  ["q9.large", "not in this project's table"],
  ["g5.huge", "not in this project's table"],
])("has none for %s", (instanceType, words) => {
  expect(imageFor(instanceType)).toEqual({ fault: expect.stringContaining(words) });
});
it("knows which types have NVIDIA's GPUs", () => {
  expect(["g4dn.xlarge", "p3.2xlarge", "g5g.xlarge"].filter(hasGpu)).toHaveLength(3);
  expect(["t3.medium", "g4ad.xlarge", "inf2.xlarge", "q9.large"].filter(hasGpu)).toEqual([]);
});
it("reads the id of the image where plans may show it, or takes the one that is pinned", () => {
  const ids: string[] = [];
  const newest = synth((stack) => ids.push(imageId(stack, { instanceType: "t4g.small" })));
  expect(newest.data(DataAwsSsmParameter)).toEqual([expect.objectContaining({ name: `${AL2023}arm64` })]);
  const pinned = synth((stack) => ids.push(imageId(stack, { instanceType: "p3.2xlarge", amiId: "ami-01234567" })));
  expect(pinned.data(DataAwsSsmParameter)).toEqual([]);
  expect(ids[1]).toBe("ami-01234567");
  expect(() => synth((stack) => imageId(stack, { instanceType: "p3.2xlarge" }))).toThrow("driver");
});
