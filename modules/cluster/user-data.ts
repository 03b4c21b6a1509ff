const BOUNDARY = "==NODE-CONFIG==";

const NODE_CONFIG = `apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0
`;

/** MIME user data by which nodeadm (AL2023) joins the local NVMe disks to one array for kubelet and containerd. */
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

/** Settings by which the device plugin in Bottlerocket's NVIDIA images lets `replicas` pods share a GPU by turns. */
export const timeSlicingUserData = (replicas: number): string => `[settings.kubelet-device-plugins.nvidia]
device-sharing-strategy = "time-slicing"

[settings.kubelet-device-plugins.nvidia.time-slicing]
replicas = ${replicas}
`;
