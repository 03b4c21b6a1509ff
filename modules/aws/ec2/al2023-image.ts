import type { Ec2Architecture } from "./architecture";

/**
 * Public SSM parameter that holds the id of the newest Amazon Linux 2023 image. Source: Amazon Linux 2023 User Guide,
 * "Launching using SSM parameters".
 */
export const al2023ImageParameter = (architecture: Ec2Architecture): string =>
  `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
