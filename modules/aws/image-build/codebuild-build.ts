import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import type { FolderFile } from "../../common/bundling/folder";
import { ManagedRole } from "../../common/iam/managed-role";
import { policy, type Statement } from "../../common/iam/policy";
import { boundedName } from "../../common/names";
import { orToken } from "../../common/settings/props";
import { LogGroup, logGroupShape } from "../cloudwatch/log-group";
import type { ContainerArchitecture } from "../ec2/architecture";
import { type BuildEnvironment, buildspec } from "./buildspec";
import type { Deploys } from "./deploys";
import { SourceBucket } from "./source-bucket";

export const codebuildSchema = z.strictObject({
  /** Size of the machine: 2, 4 or 8 processors. A small image is mostly waiting for downloads. */
  computeType: z
    .enum(["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE"])
    .default("BUILD_GENERAL1_SMALL"),
  /** Minutes, 5 to 2160, after which a build is stopped. Source of both bounds: CodeBuild API reference, CreateProject. */
  timeoutMinutes: z.int().min(5).max(2160).default(30),
  /** Minutes, 5 to 480, after which a build that found no machine is given up. */
  queuedTimeoutMinutes: z.int().min(5).max(480).default(30),
  ...logGroupShape(30),
  /** SNS topic that hears of a failed build, and that CloudWatch alarms may publish to; nobody hears of it when absent. */
  alertTopicArn: orToken(
    z
      .string()
      .regex(
        /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
        "must be the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:alerts",
      ),
  ).optional(),
});

/** Images of CodeBuild with Docker, on Amazon Linux 2023. Source: CodeBuild User Guide, "Docker images provided". */
const MACHINES = {
  X86_64: { type: "LINUX_CONTAINER", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0" },
  ARM64: { type: "ARM_CONTAINER", image: "aws/codebuild/amazonlinux-aarch64-standard:3.0" },
} as const;

export interface CodebuildBuildProps {
  readonly name: string;
  readonly architecture: ContainerArchitecture;
  readonly tag: string;
  readonly files: readonly FolderFile[];
  readonly environment: BuildEnvironment;
  /** Statements by the name of a policy: the repository, the service, the cache. */
  readonly policies: Readonly<Record<string, string>>;
  readonly warms: boolean;
  readonly deploys?: Deploys;
  readonly kmsKeyArn?: string;
  readonly region: string;
  readonly accountId: string;
  readonly settings: z.output<typeof codebuildSchema>;
}

/** CodeBuild project that makes the image of a folder, and what starts it: at once, and every day to see that it is there. */
export class CodebuildBuild extends Construct {
  readonly kind = "codebuild";
  readonly projectName: string;
  readonly projectArn: string;
  readonly logGroupName: string;
  readonly logGroupArn: string;
  readonly roleArn: string;
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: CodebuildBuildProps) {
    super(scope, id);
    const { name, region, accountId, settings } = props;
    const source = new SourceBucket(this, "source", props);
    const logs = new LogGroup(this, "log-group", { ...settings, name: `/aws/codebuild/${name}` });
    const log: Statement = { Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${logs.arn}:*` };
    const role = new ManagedRole(this, "role", {
      name: `${name}-build`,
      assumeRolePolicy: policy({
        Principal: { Service: "codebuild.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": accountId,
            "aws:SourceArn": `arn:aws:codebuild:${region}:${accountId}:project/${name}`,
          },
        },
      }),
      policyArns: {},
      policies: {
        ...props.policies,
        // any tag's zip: that of the next one is not known before it is there
        source: policy(...source.readStatements("image/*.zip")),
        log: policy(log),
      },
    });
    const project = this.project(props, `${source.bucketName}/${source.key}`, role, logs.name);
    this.start(props, project, `${source.bucketName}/${source.key}`, [source.zip, ...role.policies]);
    if (settings.alertTopicArn) this.alarm(project.name, settings.alertTopicArn);

    this.projectName = project.name;
    this.projectArn = project.arn;
    this.logGroupName = logs.name;
    this.logGroupArn = logs.arn;
    this.roleArn = role.arn;
    this.bucketName = source.bucketName;
  }

  private project(props: CodebuildBuildProps, location: string, role: ManagedRole, groupName: string) {
    const { name, settings, architecture, environment, warms, deploys } = props;
    const restart = deploys?.roleNames ? "newest-revision" : "restart";
    return new CodebuildProject(this, "project", {
      name,
      description: "Makes the image of a folder, and pushes it under the tag that the folder's content gives it",
      serviceRole: role.arn,
      buildTimeout: settings.timeoutMinutes,
      queuedTimeout: settings.queuedTimeoutMinutes,
      source: { type: "S3", location, buildspec: buildspec({ warms, deploys: deploys ? restart : "nothing" }) },
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        ...MACHINES[architecture],
        computeType: settings.computeType,
        privilegedMode: true, // Docker in the container that is the build's machine
        environmentVariable: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
      },
      logsConfig: { cloudwatchLogs: { groupName } },
      dependsOn: role.policies,
    });
  }

  /**
   * A schedule by rate starts its target at once when it is made (EventBridge Scheduler User Guide, "Rate-based
   * schedules"), so one that bears the tag in its name builds each new tag, and exactly that one, whatever the project
   * says by then. It tries again for a day when the call fails. An event of the bucket would not do: S3 takes five
   * minutes to begin with sending any ("Enabling Amazon EventBridge"), and the first zip is there at once. From then on it
   * looks every day, and builds what failed or what is gone from the repository.
   */
  private start(props: CodebuildBuildProps, project: CodebuildProject, source: string, ready: ITerraformDependable[]) {
    const { name, tag, accountId } = props;
    const role = new ManagedRole(this, "start-role", {
      name: `${name}-build-start`,
      assumeRolePolicy: policy({
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      }),
      policyArns: {},
      policies: { start: policy({ Action: "codebuild:StartBuild", Resource: project.arn }) },
    });
    new SchedulerSchedule(this, "start", {
      name: `${boundedName(64 - 1 - tag.length, name)}-${tag}`,
      description: `Has the image ${tag} built, unless it is there`,
      scheduleExpression: "rate(1 day)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:codebuild:startBuild",
        roleArn: role.arn,
        input: JSON.stringify({
          ProjectName: project.name,
          SourceLocationOverride: source,
          EnvironmentVariablesOverride: [{ Name: "IMAGE_TAG", Value: tag, Type: "PLAINTEXT" }],
        }),
      },
      dependsOn: [...ready, ...role.policies],
    });
  }

  private alarm(projectName: string, topicArn: string) {
    new CloudwatchMetricAlarm(this, "failed", {
      alarmName: `${projectName}-failed`,
      alarmDescription: `A build of ${projectName} failed; its log says why`,
      namespace: "AWS/CodeBuild",
      metricName: "FailedBuilds",
      dimensions: { ProjectName: projectName },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
    });
  }
}
