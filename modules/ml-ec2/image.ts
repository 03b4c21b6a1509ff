import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import type { Construct } from "constructs";
import { al2023ImageParameter } from "../aws/ec2/al2023-image";
import type { Ec2Architecture } from "../aws/ec2/architecture";
import { factsOf } from "../aws/ec2/instance-types";

/** Amazon Linux 2023 with NVIDIA's open driver and CUDA. Source: DLAMI developer guide, "Base OSS Nvidia Driver GPU AMI (AL2023)". */
const withNvidia = (architecture: Ec2Architecture) =>
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
  if (gpus === 0) return { parameter: al2023ImageParameter(architecture) };
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
