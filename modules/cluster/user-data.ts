const BOUNDARY = "==NODE-CONFIG==";

const NODE_CONFIG = `apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0
`;

/** MIME user data that makes nodeadm (AL2023) combine the local NVMe disks into one array for kubelet and containerd. */
export const raid0UserData = (): string =>
  [
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    "",
    `--${BOUNDARY}`,
    "Content-Type: application/node.eks.aws",
    "",
    `${NODE_CONFIG}--${BOUNDARY}--`,
    "",
  ].join("\n");

/** Settings that make the device plugin of Bottlerocket's NVIDIA images share a GPU among `replicas` pods by time slicing. */
export const timeSlicingUserData = (replicas: number): string => `[settings.kubelet-device-plugins.nvidia]
device-sharing-strategy = "time-slicing"

[settings.kubelet-device-plugins.nvidia.time-slicing]
replicas = ${replicas}
`;
