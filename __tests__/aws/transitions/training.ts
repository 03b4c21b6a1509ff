import type { TerraformStack } from "cdktf";
import { SingleTable } from "../../../modules/aws/dynamodb/single-table";
import { JobQueues } from "../../../modules/training/job-queues";
import { PackageBuilds } from "../../../modules/training/package-builds";
import { Registry } from "../../../modules/training/registry";
import { TrainingMachines } from "../../../modules/training/training-machines";
import { filesIn, PACKAGES } from "../../modules/training/training.fixture";
import { ABSENT, type Subject, setting } from "../../support/transitions/settings";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const OTHER_KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e60";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const NAME = "names what it is, which is another one under another name";
const PLACE = "is where it stands";
const CLASSES = `${PACKAGES}/image-classes`;
const FILES = `${PACKAGES}/image-files`;

export const packageBuilds: Subject = {
  name: "PackageBuilds",
  base: (scope: TerraformStack) => ({
    name: "dev-training",
    environment: "dev",
    files: filesIn(scope),
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0"],
    securityGroupId: "sg-0123456789abcdef0",
    packages: { "image-files": FILES },
  }),
  build: (scope, props) => new PackageBuilds(scope, "builds", props),
  settings: [
    setting("packages", [{ "image-files": FILES }, { "image-files": FILES, "image-classes": CLASSES }]),
    setting("supplementaryPackages", [ABSENT, { "image-classes": CLASSES }]),
    setting("pythonVersion", ["3.12", "3.13"]),
    setting("buildImage", [ABSENT, "nvidia/cuda:12.9.1-devel-amzn2023"]),
    setting("kmsKeyArn", [ABSENT, KEY, OTHER_KEY]),
    setting("forceRebuild", [false, true]),
    setting("codebuild.computeType", ["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_LARGE"]),
    setting("codebuild.timeoutMinutes", [60, 120]),
    setting("codebuild.queuedTimeoutMinutes", [30, 60]),
    setting("codebuild.logRetentionDays", [ABSENT, 7, 0]),
    setting("codebuild.logKmsKeyArn", [ABSENT, KEY, OTHER_KEY]),
    setting("codebuild.alertTopicArn", [ABSENT, TOPIC]),
    setting("subnetIds", [["subnet-0123456789abcdef0"], ["subnet-0123456789abcdef1"]]),
    setting("securityGroupId", ["sg-0123456789abcdef0", "sg-0123456789abcdef1"]),
    setting("architecture", ["X86_64", "ARM64"]),
  ],
  fixed: { name: NAME, environment: NAME, files: PLACE, vpcId: PLACE },
};

export const trainingMachines: Subject = {
  name: "TrainingMachines",
  base: (scope: TerraformStack) => ({
    name: "dev-training",
    environment: "dev",
    region: "us-east-1",
    subnetIds: ["subnet-0123456789abcdef0"],
    securityGroupId: "sg-0123456789abcdef0",
    files: filesIn(scope),
    queues: new JobQueues(scope, "queues", { name: "dev-training" }),
    registry: new Registry(scope, "registry", { table: new SingleTable(scope, "table", { name: "dev-training" }) }),
    topicArn: TOPIC,
    pythonVersion: "3.12",
    packages: ["ml-training"],
    trainer: ["python", "-m", "trainer"],
  }),
  build: (scope, props) => new TrainingMachines(scope, "machines", props),
  settings: [
    setting("instanceTypes", [ABSENT, ["g5.xlarge"], ["g5.xlarge", "g6.xlarge"]]),
    setting("minSize", [0, 1]),
    setting("maxSize", [4, 8]),
    setting("warmupSeconds", [300, 600]),
    setting("spotPercentage", [100, 50, 0]),
    setting("onDemandBase", [0, 1]),
    setting("jobsPerMachine", [1, 4]),
    setting("graceSeconds", [60, 90]),
    setting("keepCheckpoints", [3, 10]),
    setting("terminationSeconds", [120, 300]),
    setting("imageParameter", [ABSENT, "/images/training", "/images/other"]),
    setting("rootVolumeSize", [100, 200]),
    setting("diskKmsKeyArn", [ABSENT, KEY, OTHER_KEY]),
    setting("keyName", [ABSENT, "mine", "yours"]),
    setting("trainer", [["python", "-m", "trainer"], ["trainer"]]),
    setting("statements", [ABSENT, [{ Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }]]),
    setting("logRetentionDays", [ABSENT, 7, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY, OTHER_KEY]),
    setting("pythonVersion", ["3.12", "3.13"]),
    setting("packages", [["ml-training"], ["ml-training", "image-classes"]]),
    setting("stackTags", [ABSENT, { Team: "a" }, { Team: "b" }]),
    setting("subnetIds", [["subnet-0123456789abcdef0"], ["subnet-0123456789abcdef1"]]),
    setting("securityGroupId", ["sg-0123456789abcdef0", "sg-0123456789abcdef1"]),
    setting("topicArn", [TOPIC, `${TOPIC}-2`]),
    setting("alarmTopicArns", [ABSENT, [TOPIC], [`${TOPIC}-2`]]),
  ],
  fixed: {
    name: NAME,
    environment: NAME,
    region: PLACE,
    files: PLACE,
    queues: PLACE,
    registry: PLACE,
    "statements.*": "is a policy of IAM's, which any change changes in place",
  },
};
