import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import type { Construct } from "constructs";
import { type Architecture, factsOf } from "../aws/ec2/instance-types";

/** Amazon Linux 2023 as AWS publishes it. Source: Amazon Linux 2023 User Guide, "Launching using SSM parameters". */
const standard = (architecture: Architecture) =>
  `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;

/** The same with NVIDIA's open driver and CUDA. Source: DLAMI developer guide, "Base OSS Nvidia Driver GPU AMI (AL2023)". */
const withNvidia = (architecture: Architecture) =>
  `/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id`;

/** GPUs before Turing, which NVIDIA's open driver does not run. Source: the same guide, list of supported instances. */
const NEEDS_CLOSED_DRIVER = /^p[23]/;

/** GiB of the snapshot in the image with NVIDIA's driver: a root volume cannot be smaller. */
export const GPU_IMAGE_GIB = 75;

/** Whether a type has NVIDIA GPUs. */
export const hasGpu = (instanceType: string): boolean => (factsOf(instanceType).gpus ?? 0) > 0;

/** SSM parameter with the newest image for a type, or why there is none. */
export function imageFor(instanceType: string): { parameter: string } | { fault: string } {
  const { architecture, gpus, neuronDevices } = factsOf(instanceType);
  if (architecture === undefined || gpus === undefined) {
    return { fault: `${instanceType} is not in this project's table` };
  }
  if (neuronDevices) return { fault: `the images of ${instanceType}, which has Neuron devices, differ by framework` };
  if (gpus === 0) return { parameter: standard(architecture) };
  if (NEEDS_CLOSED_DRIVER.test(instanceType)) {
    return { fault: `no image of Amazon Linux 2023 has a driver for the GPUs of ${instanceType}` };
  }
  return { parameter: withNvidia(architecture) };
}

/** Id of the image of these machines: the one that is pinned, or the newest at the time that they are made. */
export function imageId(scope: Construct, settings: { instanceType: string; amiId?: string }): string {
  if (settings.amiId) return settings.amiId;
  const image = imageFor(settings.instanceType);
  // The check of the settings has refused such a type already.
  if ("fault" in image) throw new Error(`${scope.node.path}: ${image.fault}`);
  return new DataAwsSsmParameter(scope, "image", { name: image.parameter }).insecureValue; // no secret: plans may show it
}
