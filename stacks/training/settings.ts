import { z } from "zod";
import { alertTopicShape } from "../../modules/aws/cloudwatch/alert-topic";
import { singleTableSettings } from "../../modules/aws/dynamodb/single-table";
import { factsOf } from "../../modules/aws/ec2/instance-types";
import { checkSharedFiles, sharedFilesShape } from "../../modules/aws/storage/shared-files";
import { kmsKeyArnSchema } from "../../modules/common/settings/arns";
import { checkedBy } from "../../modules/common/settings/checked-by";
import { refuse } from "../../modules/common/settings/faults";
import { existingNetworkShape } from "../../modules/network/existing-network";
import type { NetworkSettings } from "../../modules/network/network";
import { schema as networkSchema } from "../../modules/network/schema";
import { interruptionSettings } from "../../modules/training/interruption";
import { jobQueuesSettings } from "../../modules/training/job-queues";
import { checkPackageBuilds, packageBuildsShape } from "../../modules/training/package-builds";
import { checkRegistry, registryShape } from "../../modules/training/registry";
import { RUNTIME, trainingMachinesSettings } from "../../modules/training/training-machines";
import { workflowsSchema } from "./workflow-settings";

/** Services that builds and machines call: without NAT's charge for each byte, and without the internet. */
const ENDPOINTS = ["codebuild", "ecr.api", "ecr.dkr", "elasticfilesystem", "logs", "sqs"];

/** Settings of the network where the user has none. */
export const networkDefaults = ({ azs, azCount }: NetworkSettings): NetworkSettings => ({
  database: false,
  kubernetesTags: false,
  nat: "perAz",
  dynamodbEndpoint: true,
  interfaceEndpoints: ENDPOINTS,
  flowLogs: {},
  ...(!azs && azCount === undefined && { azCount: 2 }),
});

const { vpcId, vpcCidrBlocks, privateSubnetIds } = existingNetworkShape;

const filesSchema = z
  .strictObject({
    /** Make Terraform refuse plans that would delete the file system. */
    preventDestroy: z.boolean().default(false),
    ...sharedFilesShape,
  })
  .superRefine(checkSharedFiles);

const existingTableShape = {
  /** Name of the table. */
  tableName: z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/, "must be the name of a table"),
  /** Its ARN. */
  tableArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]{3,255}$/, "must be the ARN of a table"),
  /** Customer managed key of its items, if any. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
};
const existingTableSchema = z.strictObject(existingTableShape).superRefine(({ tableName, tableArn }, ctx) => {
  const [, name = tableName] = /:table\/(.+)$/.exec(tableArn) ?? []; // its own bound says what is no ARN
  if (tableName === name) return;
  refuse(ctx, "tableName", `must be the name in tableArn (${tableArn}), got ${tableName}`);
});

/** The training platform: jobs from queues, on spot machines that may vanish. */
export const trainingSchema = z
  .strictObject({
    /** VPC of builds and machines; two zones with NAT and endpoints when absent. */
    network: checkedBy(networkSchema, { name: "any" }, networkDefaults).default({}),
    /** Existing network to use instead; builds need a way to a package index from its private subnets. */
    existingNetwork: z.strictObject({ vpcId, vpcCidrBlocks, privateSubnetIds }).optional(),
    /** File system of packages, data sets and checkpoints. */
    files: filesSchema.prefault({}),
    /** Builds of Python packages. The platform's own, `ml-training`, is always built. */
    builds: z
      .strictObject(packageBuildsShape)
      .superRefine((builds, ctx) => {
        checkPackageBuilds(builds, ctx);
        for (const key of ["packages", "supplementaryPackages"] as const) {
          if (Object.hasOwn(builds[key], RUNTIME))
            refuse(ctx, [key, RUNTIME], `must be left out, since the stack adds it`);
        }
      })
      .prefault({}),
    /** Queues of the jobs. */
    queues: jobQueuesSettings.default({}),
    /** Table of machines and jobs. */
    table: singleTableSettings.default({}),
    /** Existing table to use instead, with keys `PK` and `SK` and the indexes `GSI1` and `GSITYPE`. */
    existingTable: existingTableSchema.optional(),
    /** Leases in the table. */
    registry: z.strictObject(registryShape).superRefine(checkRegistry).prefault({}),
    /** What watches for interruptions of spot machines, and whom it tells. */
    interruption: interruptionSettings.default({}),
    /** Workflows over items by name, such as one that prepares each file of a data set. */
    workflows: workflowsSchema,
    /** Alarms: jobs wait, dead letters, failed builds. */
    alarms: z.boolean().default(true),
    ...alertTopicShape,
    /** The machines. */
    machines: trainingMachinesSettings.default({}),
  })
  .superRefine((settings, ctx) => {
    const { existingNetwork, network, existingTable, table, alarms, alertEmails, builds } = settings;
    if (existingNetwork && Object.keys(network).length > 0) {
      refuse(ctx, "network", "must be left out with existingNetwork, got settings");
    }
    if (!existingNetwork && network.nat === "none") {
      const why = "builds fetch what packages need from a package index";
      refuse(ctx, ["network", "nat"], `must lead to the internet, as ${why}, got none`);
    }
    if (existingTable && Object.keys(table).length > 0) {
      refuse(ctx, "table", "must be left out with existingTable, got settings");
    }
    if (!alarms && alertEmails.length > 0) {
      refuse(ctx, "alertEmails", `must be left out where alarms is off, got ${alertEmails.join(", ")}`);
    }
    if (alarms && builds.codebuild.alertTopicArn) {
      refuse(ctx, ["builds", "codebuild", "alertTopicArn"], "must be left out where alarms is on, got a topic");
    }
  });

/** CPU architecture of builds and machines. */
export const architectureOf = (instanceTypes: readonly string[] = []) =>
  instanceTypes[0] !== undefined && factsOf(instanceTypes[0]).architecture === "arm64" ? "ARM64" : "X86_64";

export type TrainingSettings = z.output<typeof trainingSchema>;
