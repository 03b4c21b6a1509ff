import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import type { Construct } from "constructs";
import { al2023ImageParameter } from "./al2023-image";
import type { Ec2Architecture } from "./architecture";
import { factsOf } from "./instance-types";

/** Amazon Linux 2023 with NVIDIA's open driver and CUDA. Source: DLAMI developer guide, "Base OSS Nvidia Driver GPU AMI (AL2023)". */
const withNvidia = (architecture: Ec2Architecture) =>
  `/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id`;

/** Types with GPUs older than Turing, which NVIDIA's open driver does not support. Source: the same guide, list of supported instances. */
const NEEDS_CLOSED_DRIVER = /^p[23]/;

/** Snapshot size of the image with NVIDIA's driver, GiB: the minimum of the root volume. */
export const GPU_IMAGE_GIB = 75;

/** Whether a type has NVIDIA GPUs. */
export const hasGpu = (instanceType: string): boolean => (factsOf(instanceType).gpus ?? 0) > 0;

/** SSM parameter with the newest image for a type, or the reason that there is none. */
export function imageFor(instanceType: string): { parameter: string } | { fault: string } {
  const { architecture, gpus, neuronDevices } = factsOf(instanceType);
  if (architecture === undefined || gpus === undefined) {
    return { fault: `${instanceType} is not in this project's table` };
  }
  if (neuronDevices) return { fault: `the images of ${instanceType}, which has Neuron devices, differ by framework` };
  if (gpus === 0) return { parameter: al2023ImageParameter(architecture) };
  if (NEEDS_CLOSED_DRIVER.test(instanceType)) {
    return { fault: `no image of Amazon Linux 2023 has a driver for the GPUs of ${instanceType}` };
  }
  return { parameter: withNvidia(architecture) };
}

/** Image id of the machines: `amiId`, or the newest image when they are created. */
export function imageId(scope: Construct, settings: { instanceType: string; amiId?: string }): string {
  if (settings.amiId) return settings.amiId;
  const image = imageFor(settings.instanceType);
  // checkMachine has refused such a type already
  if ("fault" in image) throw new Error(`${scope.node.path}: ${image.fault}`);
  return new DataAwsSsmParameter(scope, "image", { name: image.parameter }).insecureValue; // not a secret: plans may show it
}
