import type { UserDataInput } from "../../../modules/ml-ec2/user-data-schema";

/** A machine as the document has it. */
export const TYPICAL: UserDataInput = {
  projectName: "ml-demo",
  environment: "dev",
  region: "us-east-1",
  datasetsBucket: "ml-demo-dev-datasets-1",
  modelsBucket: "ml-demo-dev-models-1",
  jupyter: { tokenSecretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:ml-demo-dev-jupyter-token-Ab12Cd" },
  gpu: false,
  logGroup: "/aws/ec2/ml-demo-dev-ml-training",
  metricsNamespace: "ml-demo/dev",
  fleet: false,
};
/** Nothing but the data libraries. */
export const MINIMAL: UserDataInput = { ...TYPICAL, jupyter: false, tensorboard: false, frameworks: [] };
/** Every option. */
export const MAXIMAL: UserDataInput = {
  ...TYPICAL,
  workloadType: "notebook",
  gpu: true,
  fleet: true,
  sharedFiles: {
    fileSystemId: "fs-0123456789abcdef0",
    accessPointId: "fsap-0123456789abcdef0",
    mountPoint: "/mnt/shared",
  },
  dataVolumes: [{ device: "/dev/sdf", mountPoint: "/data" }],
};
