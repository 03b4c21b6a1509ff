import type { MachineUserDataInput } from "../../../modules/training/machine-user-data";

/** A machine of `dev`. */
export const MACHINE: MachineUserDataInput = {
  environment: "dev",
  region: "us-west-2",
  fileSystemId: "fs-0123456789abcdef0",
  accessPoints: { training: "fsap-0123456789abcdef0", checkpoints: "fsap-1123456789abcdef0" },
  pythonVersion: "3.12",
  packages: ["ml-training", "image-classes"],
  config: '{"environment":"dev","trainer":["python","-m","trainer"]}',
  logGroup: "/training/dev",
  metricsNamespace: "dev-training",
  gpu: true,
};
