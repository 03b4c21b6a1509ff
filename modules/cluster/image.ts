import type { Ec2Architecture } from "../aws/ec2/architecture";
import type { Hardware } from "../aws/ec2/instance-types";

export type ImageFamily = "al2023" | "bottlerocket";

/** EKS API reference, AMITypes: the Linux ones except FIPS and AL2, whose images ended in 2025-11. */
const AMI_TYPES: Readonly<Record<string, string>> = {
  "al2023 cpu x86_64": "AL2023_x86_64_STANDARD",
  "al2023 cpu arm64": "AL2023_ARM_64_STANDARD",
  "al2023 gpu x86_64": "AL2023_x86_64_NVIDIA",
  "al2023 gpu arm64": "AL2023_ARM_64_NVIDIA",
  "al2023 neuron x86_64": "AL2023_x86_64_NEURON",
  "bottlerocket cpu x86_64": "BOTTLEROCKET_x86_64",
  "bottlerocket cpu arm64": "BOTTLEROCKET_ARM_64",
  "bottlerocket gpu x86_64": "BOTTLEROCKET_x86_64_NVIDIA",
  "bottlerocket gpu arm64": "BOTTLEROCKET_ARM_64_NVIDIA",
};

export type Accelerator = "cpu" | "gpu" | "neuron";

export const acceleratorOf = ({ gpus, neuronDevices }: Pick<Hardware, "gpus" | "neuronDevices">): Accelerator =>
  gpus > 0 ? "gpu" : neuronDevices > 0 ? "neuron" : "cpu";

/** EKS-optimized image for the hardware; undefined when EKS has none. */
export const amiType = (family: ImageFamily, accelerator: Accelerator, architecture: Ec2Architecture) =>
  AMI_TYPES[`${family} ${accelerator} ${architecture}`];
