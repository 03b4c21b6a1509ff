import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../../stacks/environment";

type TrainingInput = NonNullable<EnvironmentSettings["training"]>;
const environment = (name: string, training: TrainingInput): Environment =>
  defineEnvironment({ name, region: "eu-west-1", training });

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";

/** Ways in which the training platform is used that neither dev nor prod shows. */
export const trainingConfigurations = {
  /** In a network and with a table that exist, on Graviton machines without GPUs, under keys of one's own. */
  tenant: environment("tenant", {
    existingNetwork: {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      vpcCidrBlocks: ["10.20.0.0/16"],
      privateSubnetIds: ["subnet-0b1b2c3d4e5f60718", "subnet-0c1b2c3d4e5f60718"],
    },
    existingTable: {
      tableName: "records",
      tableArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/records",
      kmsKeyArn: KEY,
    },
    files: { kmsKeyArn: KEY, throughputMode: "bursting" },
    queues: { kmsKeyArn: KEY },
    builds: { pythonVersion: "3.13", forceRebuild: true },
    alarms: false,
    machines: {
      instanceTypes: ["c7g.xlarge", "c8g.xlarge"],
      diskKmsKeyArn: KEY,
      spotPercentage: 50,
      onDemandBase: 1,
      minSize: 1,
      jobsPerMachine: 3,
      trainer: ["python", "-m", "trainer"],
      statements: [{ Sid: "DataSets", Action: "s3:GetObject", Resource: "arn:aws:s3:::data-sets/*" }],
    },
  }),
  /** With packages of one's own, made in an image of one's own. */
  builder: environment("builder", {
    builds: {
      packages: { "image-classes": "__tests__/stacks/training/packages/image-classes" },
      supplementaryPackages: { "image-files": "__tests__/stacks/training/packages/image-files" },
      buildImage: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cuda:12.9.1-devel-amzn2023",
    },
    interruption: { forwardWarnings: true },
    workflows: {
      prepare: {
        description: "Prepares each file of a data set",
        listFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:list-files",
        processFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:prepare-file",
      },
      label: {
        description: "Labels each image of a long list",
        listFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:list-images",
        processFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:label-image",
        longList: { bucketName: "image-lists" },
        concurrency: 100,
      },
    },
    machines: { imageParameter: "/images/training", trainer: ["image-classes", "train"] },
  }),
};
