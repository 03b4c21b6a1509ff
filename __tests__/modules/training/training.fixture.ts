import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { SharedFiles } from "../../../modules/aws/storage/shared-files";

/** Folder with two packages, of which `image-classes` needs `image-files`. */
export const PACKAGES = join(__dirname, "..", "..", "stacks", "training", "packages");

/** The file system of a training platform. */
export const filesIn = (stack: TerraformStack) =>
  new SharedFiles(stack, "files", {
    name: "dev-training",
    vpcId: "vpc-1",
    subnetIds: ["subnet-a"],
    clientSecurityGroupIds: { machines: "sg-1" },
    accessPoints: { training: "/training", checkpoints: "/checkpoints" },
  });
