import { it } from "vitest";
import { LustreFiles, type LustreFilesProps } from "../../modules/aws/storage/lustre-files";
import { mockApply } from "../support/mock-apply";
import { synth } from "../support/synth";
import { AWS_PROVIDER } from "../support/terraform";
import { onAws } from "./stacks.fixture";

const MINIMAL: LustreFilesProps = {
  name: "ml-dev",
  vpcId: "vpc-0123456789abcdef0",
  subnetId: "subnet-0123456789abcdef0",
  clientSecurityGroupIds: { nodes: "sg-0123456789abcdef0" },
};
const EVERYTHING: LustreFilesProps = {
  ...MINIMAL,
  storageGib: 2400,
  throughputPerTib: 500,
  kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f",
  buckets: { datasets: { bucketName: "data", prefix: "team/sets" }, models: { bucketName: "models", export: true } },
  tags: { Team: "ml" },
};

onAws("FSx for Lustre", () => {
  it.each([
    ["at its defaults", MINIMAL],
    ["as scratch", { ...MINIMAL, durability: "scratch" as const }],
    ["with everything on", EVERYTHING],
  ])("%s applies with the provider's schemas and made-up answers", async (name, props) => {
    const { parsed } = synth((stack) => new LustreFiles(stack, "files", props));
    const terraform = { required_version: ">= 1.10.0", required_providers: { aws: AWS_PROVIDER } };
    await mockApply(`lustre-${name.replaceAll(" ", "-")}`, { ...parsed, terraform });
  });
});
