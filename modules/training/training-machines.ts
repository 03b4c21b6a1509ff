import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Construct } from "constructs";
import { z } from "zod";
import { LogGroup, logGroupShape } from "../aws/cloudwatch/log-group";
import { checkFleetShape, Fleet, fleetShape, fleetTypes, fleetTypesFault, MAX_FLEET_TYPES } from "../aws/ec2/fleet";
import { factsOf } from "../aws/ec2/instance-types";
import { GPU_IMAGE_GIB, hasGpu, imageFor } from "../aws/ec2/machine-image";
import { loginShape } from "../aws/ec2/machine-settings";
import { subnetIdsSchema } from "../aws/ec2/subnet-ids";
import { topicArnsSchema } from "../aws/ecs/service-alarms";
import type { SharedFiles } from "../aws/storage/shared-files";
import { awsPolicyArn, ManagedRole } from "../common/iam/managed-role";
import { policy, type Statement, trust } from "../common/iam/policy";
import { statementsSchema } from "../common/iam/statement-schema";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps, reference, requiredString, settingText } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { tagsSchema } from "../common/settings/tags";
import type { JobQueues } from "./job-queues";
import { MOUNTS, machineUserData } from "./machine-user-data";
import { packageName, pythonVersions } from "./package-builds";
import type { Registry } from "./registry";
import { type TrainingConfigParts, trainingConfig } from "./training-config";

/** GPU types that AWS sells much of as spot, one GPU each. */
const INSTANCE_TYPES = ["g4dn.xlarge", "g5.xlarge", "g6.xlarge", "g6e.xlarge"];

/** The runtime, which every machine has. */
export const RUNTIME = "ml-training";

/** What a machine that goes needs beside what its trainer has to save its state, seconds. */
const TIDYING_SECONDS = 30;

/** What a user chooses of the machines. */
export const trainingMachinesShape = {
  /** Instance types, 1 to 40, of one architecture and one kind of accelerator; more types mean fewer interruptions. */
  instanceTypes: fleetTypes.min(1).max(MAX_FLEET_TYPES).default(INSTANCE_TYPES),
  ...fleetShape({ minSize: 0, maxSize: 4, warmupSeconds: 300, spotPercentage: 100 }),
  /** Jobs for each machine, waiting and running, 1 to 100, that the group holds: more is cheaper, and jobs wait longer. */
  jobsPerMachine: z.number().min(1).max(100).default(1),
  /**
   * Seconds, 1 to 100, that a trainer has to save its state when its machine goes. EC2 warns of a spot interruption 120
   * seconds before. Source: EC2 User Guide, "Spot Instance interruption notices".
   */
  graceSeconds: z.int().min(1).max(100).default(60),
  /** Newest checkpoints of a job that are kept, 1 to 1000. */
  keepCheckpoints: z.int().min(1).max(1000).default(3),
  /**
   * Seconds, at least 30 more than `graceSeconds` and at most 7200, that a machine keeps which the group is about to end.
   * Source of 7200: EC2 Auto Scaling API reference, PutLifecycleHook.
   */
  terminationSeconds: z.int().max(7200).default(120),
  /**
   * SSM parameter of the image, an Amazon Linux 2023: each machine starts from the newest of its time. When absent, AWS's own
   * for the types: with NVIDIA's driver for those with GPUs.
   */
  imageParameter: z
    .string()
    .max(1011) // SSM API reference, PutParameter
    .regex(/^(\/[\w.-]+)+$/, "must be the path of an SSM parameter, such as /images/training")
    .optional(),
  /** Root volume, GiB, 20 to 1000, and at least 75 for types with GPUs; 100 when absent. */
  rootVolumeSize: z.int().min(20).max(1000).default(100),
  /** KMS key of the root volume, on which EC2 Auto Scaling gets a grant; EBS's own key when absent. */
  diskKmsKeyArn: kmsKeyArnSchema.optional(),
  ...loginShape,
  /**
   * Program and arguments that run a job, in the environment of the packages: its job is in the file that `TRAINING_JOB` names.
   * The module `trainer` of one of the packages when absent.
   */
  trainer: z
    .array(
      z
        .string()
        .min(1)
        .max(1000)
        .regex(/^[^\0]*$/, "must not have a character of code 0"),
    )
    .min(1)
    .max(50)
    .default(["python", "-m", "trainer"]),
  /** IAM statements of the machines beyond what the platform needs, such as reading data sets. */
  statements: statementsSchema,
  ...logGroupShape(30),
};

/** Rules across the settings of the machines. */
export function checkTrainingMachines(
  settings: z.output<z.ZodObject<typeof trainingMachinesShape>>,
  ctx: z.RefinementCtx,
): void {
  checkFleetShape(settings, ctx);
  const { graceSeconds, terminationSeconds } = settings;
  if (terminationSeconds < graceSeconds + TIDYING_SECONDS) {
    const words = `must be at least ${graceSeconds + TIDYING_SECONDS}, which is ${TIDYING_SECONDS} more than graceSeconds`;
    refuse(ctx, "terminationSeconds", `${words}, got ${terminationSeconds}`);
  }
  const { instanceTypes, imageParameter, rootVolumeSize } = settings;
  const [first, ...others] = instanceTypes;
  if (first === undefined) return; // its own bound says so
  const fault = fleetTypesFault([first, ...others], "imageParameter", imageParameter);
  const image = imageFor(first);
  if (fault) refuse(ctx, "instanceTypes", `${fault}, got ${instanceTypes.join(", ")}`);
  else if (!imageParameter && "fault" in image) {
    refuse(ctx, "imageParameter", `is required, since ${image.fault}, got nothing`);
  }
  if (hasGpu(first) && rootVolumeSize < GPU_IMAGE_GIB) {
    const message = `must be at least ${GPU_IMAGE_GIB} for the image of ${first}`;
    refuse(ctx, "rootVolumeSize", `${message}, got ${rootVolumeSize}`);
  }
}

const schema = z
  .strictObject({
    /** Name of the group and its machines: 2 to 40 letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .min(2)
      .max(40)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be letters, digits and hyphens, a letter first"),
    /** Name of the environment. */
    environment: z.string().min(1),
    /** Region of the machines. */
    region: regionSchema,
    /** Private subnets of the machines. */
    subnetIds: subnetIdsSchema.min(1),
    /** Security group of the machines. */
    securityGroupId: requiredString,
    /** File system with the access points `training` and `checkpoints`. */
    files: reference<SharedFiles>("a SharedFiles", "fileSystemId", "accessPoints{}"),
    queues: reference<JobQueues>("JobQueues", "queues{}", "deadLetterQueue{}", "visibilitySeconds{}", "maxReceives{}"),
    registry: reference<Registry>("a Registry", "tableName", "tableArn", "ttlHours{}", "leaseSeconds{}"),
    /** Topic of interruptions, for the worker's settings. */
    topicArn: requiredString,
    /** Version of Python, as the wheels are for. */
    pythonVersion: z.enum(pythonVersions),
    /** Packages to install. */
    packages: z.array(packageName).min(1),
    /** SNS topics, 1 to 5, notified when the first boot of a machine fails; no alarm when absent. */
    alarmTopicArns: topicArnsSchema.optional(),
    /** Tags of the stack, which what the group starts would not have otherwise. */
    stackTags: tagsSchema.default({}),
    ...trainingMachinesShape,
  })
  .superRefine(checkTrainingMachines);
export type TrainingMachinesProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;
/** Checks the settings of a user. */
export const trainingMachinesSettings = checkedBy(schema, {
  name: "any",
  environment: "any",
  region: "us-west-2",
  subnetIds: ["any"],
  securityGroupId: "any",
  files: {} as never,
  queues: {} as never,
  registry: {} as never,
  topicArn: "any",
  pythonVersion: "3.12",
  packages: ["any"],
  alarmTopicArns: undefined,
  stackTags: undefined,
});

/** GPUs of the largest of these types; undefined where one is newer than the facts. */
function mostGpus(instanceTypes: readonly string[]): number | undefined {
  const counts = instanceTypes.map((type) => factsOf(type).gpus);
  return counts.every((count) => count !== undefined) ? Math.max(...counts) : undefined;
}

/** Spot machines that run the jobs of the queues: none while nothing waits, and one after another while jobs do. */
export class TrainingMachines extends Construct {
  readonly fleet: Fleet;
  readonly roleArn: string;
  readonly roleName: string;
  readonly instanceProfileName: string;
  /** Group with the output of jobs, in `<job>/<lease>`, and the logs of machines, in `<instance>/<file>`. */
  readonly logGroupName: string;
  /** SSM parameter with the settings of the command `train`. */
  readonly parameterName: string;
  /** Managed policy of those who submit jobs and look after them. */
  readonly clientPolicyArn: string;

  constructor(scope: Construct, id: string, props: TrainingMachinesProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, environment, instanceTypes } = settings;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const logs = new LogGroup(this, "logs", { ...settings, name: `/training/${environment}` });
    const role = this.role(settings, logs.arn, accountId);
    const profile = new IamInstanceProfile(this, "profile", { namePrefix: `${name}-`, role: role.name });
    const [first = "", ...others] = instanceTypes;
    const image = imageFor(first);

    this.fleet = new Fleet(this, "fleet", {
      name,
      subnetIds: settings.subnetIds,
      instanceTypes: [first, ...others],
      imageParameter: settings.imageParameter ?? ("parameter" in image ? image.parameter : undefined),
      sizes: settings,
      scaling: {
        queues: Object.fromEntries(settings.queues.queues.map((queue) => [queue.priority, queue.name])),
        messagesPerMachine: settings.jobsPerMachine,
      },
      keyName: settings.keyName,
      instanceProfileName: profile.name,
      securityGroupIds: [settings.securityGroupId],
      publicAddress: false,
      userData: this.userData(settings, logs.name),
      rootVolume: { gib: settings.rootVolumeSize, kmsKeyArn: settings.diskKmsKeyArn },
      tags: settings.stackTags,
      terminationSeconds: settings.terminationSeconds,
      dependsOn: role.policies,
    });
    this.roleArn = role.arn;
    this.roleName = role.name;
    this.instanceProfileName = profile.name;
    this.logGroupName = logs.name;
    const parameter = new SsmParameter(this, "config", {
      name: `/${environment}/training/config`,
      description: "Settings of the command train",
      type: "String",
      value: this.config(settings, logs.name),
    });
    this.parameterName = parameter.name;
    if (settings.alarmTopicArns) this.watch(name, settings.alarmTopicArns);
    this.clientPolicyArn = this.clients(settings, logs.arn, parameter.arn);
  }

  private config(settings: Settings, logGroup: string, machine?: TrainingConfigParts["machine"]): string {
    const { environment, region, queues, registry, topicArn, name } = settings;
    const { tableName, ttlHours, leaseSeconds } = registry;
    return trainingConfig({
      environment,
      region,
      tableName,
      queues,
      ttlHours,
      leaseSeconds,
      autoScalingGroup: name,
      topicArn,
      logGroup,
      mostGpus: mostGpus(settings.instanceTypes),
      machine,
    });
  }

  private userData(settings: Settings, logGroup: string): string {
    const { environment, region, files, pythonVersion, packages, name, instanceTypes } = settings;
    const { trainer, graceSeconds, keepCheckpoints } = settings;
    return machineUserData(settingText(this, "trainer"), {
      environment,
      region,
      fileSystemId: files.fileSystemId,
      accessPoints: { training: files.accessPoint("training").id, checkpoints: files.accessPoint("checkpoints").id },
      pythonVersion,
      packages,
      config: this.config(settings, logGroup, { ...MOUNTS, trainer, graceSeconds, keepCheckpoints }),
      logGroup,
      metricsNamespace: name,
      gpu: instanceTypes.every(hasGpu),
    });
  }

  private role(settings: Settings, logGroupArn: string, accountId: string): ManagedRole {
    const { name, region, files, queues, registry, statements } = settings;
    const group = `arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${name}`;
    return new ManagedRole(this, "role", {
      name: `${name}-machine`,
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      policyArns: { "session-manager": awsPolicyArn("AmazonSSMManagedInstanceCore") },
      policies: {
        files: policy(files.mountStatement("checkpoints", "training")),
        jobs: policy(...queues.grantUse(), ...registry.grantUse()),
        group: policy(
          {
            Action: [
              "autoscaling:CompleteLifecycleAction",
              "autoscaling:SetInstanceHealth",
              "autoscaling:SetInstanceProtection",
            ],
            Resource: group,
          },
          { Action: "autoscaling:DescribeLifecycleHooks", Resource: "*" }, // it supports no resource-level permissions
        ),
        logs: policy({
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: `${logGroupArn}:*`,
        }),
        // these actions have no resources; CloudWatch can at least be limited to a namespace
        metrics: policy(
          {
            Action: "cloudwatch:PutMetricData",
            Resource: "*",
            Condition: { StringEquals: { "cloudwatch:namespace": name } },
          },
          { Action: "ec2:DescribeTags", Resource: "*" }, // for the dimension AutoScalingGroupName
        ),
        ...(statements.length > 0 && { work: policy(...statements) }),
      },
    });
  }

  /** A machine whose first boot fails is replaced by one that is likely to fail too. */
  private watch(name: string, topicArns: string[]): void {
    new CloudwatchMetricAlarm(this, "first-boot", {
      alarmName: `${name}-first-boot`,
      alarmDescription: `The first boot of a machine of ${name} failed: its log ends with the step`,
      namespace: name,
      metricName: "UserDataFailed",
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: topicArns,
      okActions: topicArns,
    });
  }

  private clients({ name, queues, registry }: Settings, logGroupArn: string, parameterArn: string): string {
    const own: Statement[] = [
      { Sid: "Settings", Action: "ssm:GetParameter", Resource: parameterArn },
      { Sid: "Output", Action: "logs:GetLogEvents", Resource: `${logGroupArn}:*` },
    ];
    return new IamPolicy(this, "clients", {
      namePrefix: `${name}-clients-`,
      description: "What the command train needs",
      policy: policy(...own, ...queues.grantSubmit(), ...registry.grantSubmit()),
    }).arn;
  }
}
