import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { ManagedRole } from "../../common/iam/managed-role";
import { policy, type Statement } from "../../common/iam/policy";
import { topicArnSchema } from "../../common/settings/arns";
import { LogGroup, logGroupShape } from "../cloudwatch/log-group";
import { startAtOnce } from "../scheduler/at-once";

export const codebuildSchema = z.strictObject({
  /** Compute type: 2, 4 or 8 vCPUs. Builds of small images mostly wait for downloads. */
  computeType: z
    .enum(["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE"])
    .default("BUILD_GENERAL1_SMALL"),
  /** Build timeout, minutes, 5 to 2160. Source of both bounds: CodeBuild API reference, CreateProject. */
  timeoutMinutes: z.int().min(5).max(2160).default(30),
  /** Queue timeout, minutes, 5 to 480. */
  queuedTimeoutMinutes: z.int().min(5).max(480).default(30),
  ...logGroupShape(30),
  /** SNS topic for failed builds, which CloudWatch alarms must be allowed to publish to; no alarm when absent. */
  alertTopicArn: topicArnSchema.optional(),
});

/** CodeBuild images with Docker on Amazon Linux 2023. Source: CodeBuild User Guide, "Docker images provided". */
export const BUILD_MACHINES = {
  X86_64: { type: "LINUX_CONTAINER", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0" },
  ARM64: { type: "ARM_CONTAINER", image: "aws/codebuild/amazonlinux-aarch64-standard:3.0" },
} as const;

/** Zip that a build is started with. */
export interface BuildSource {
  readonly bucketName: string;
  /** `<bucket>/<key>`. */
  readonly location: string;
  /** Permission to read it, and those of other tags: a build of an older tag may still run. */
  readonly statements: Statement[];
  readonly ready: ITerraformDependable[];
}

export interface CodebuildBuildProps {
  readonly name: string;
  readonly description: string;
  /**
   * Tag of the source, at most 30 letters, digits and hyphens: a new tag is built at once, and then daily. When absent, others
   * start the builds.
   */
  readonly tag?: string;
  /** Makes the source, below the construct. */
  readonly source: (scope: Construct) => BuildSource;
  /** Image of the build and the kind of its machine. */
  readonly machine: { readonly type: string; readonly image: string; readonly imagePullCredentialsType?: string };
  readonly environment: Readonly<Record<string, string>>;
  /** Those of the variables that follow from the tag. */
  readonly ofTag?: Readonly<Record<string, string>>;
  readonly buildspec: string;
  /** Whether builds may use Docker or mounts. */
  readonly privileged?: boolean;
  /** Policy documents by name. */
  readonly policies: Readonly<Record<string, string>>;
  /** Network of the build's container; CodeBuild's own when absent. */
  readonly network?: { readonly vpcId: string; readonly subnetIds: string[]; readonly securityGroupIds: string[] };
  readonly region: string;
  readonly accountId: string;
  readonly settings: z.output<typeof codebuildSchema>;
}

/** Variables of one build in place of the project's, as StartBuild takes them. */
export const variablesOverride = (variables: Readonly<Record<string, string>>) =>
  Object.entries(variables).map(([Name, Value]) => ({ Name, Value, Type: "PLAINTEXT" }));

/** CodeBuild project for a zip, with a schedule that starts it at once and then daily, unless others do. */
export class CodebuildBuild extends Construct {
  readonly kind = "codebuild";
  readonly projectName: string;
  readonly projectArn: string;
  readonly logGroupName: string;
  readonly logGroupArn: string;
  readonly roleArn: string;
  readonly bucketName: string;
  /** What others must wait for before they start a build. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: CodebuildBuildProps) {
    super(scope, id);
    const { name, region, accountId, network, settings } = props;
    const source = props.source(this);
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
        source: policy(...source.statements),
        log: policy(log),
        ...(network && { network: policy(...networkStatements(network.subnetIds, region, accountId)) }),
      },
    });
    const project = this.project(props, source.location, role, logs.name);
    const ready = [...source.ready, ...role.policies];
    if (props.tag !== undefined) this.start(props, props.tag, project, source.location, ready);
    if (settings.alertTopicArn) this.alarm(project.name, settings.alertTopicArn);

    this.projectName = project.name;
    this.projectArn = project.arn;
    this.logGroupName = logs.name;
    this.logGroupArn = logs.arn;
    this.roleArn = role.arn;
    this.bucketName = source.bucketName;
    this.ready = [project, ...ready];
  }

  private project(props: CodebuildBuildProps, location: string, role: ManagedRole, groupName: string) {
    const { name, description, settings, machine, environment, network, privileged = true } = props;
    return new CodebuildProject(this, "project", {
      name,
      description,
      serviceRole: role.arn,
      buildTimeout: settings.timeoutMinutes,
      queuedTimeout: settings.queuedTimeoutMinutes,
      source: { type: "S3", location, buildspec: props.buildspec },
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        ...machine,
        computeType: settings.computeType,
        privilegedMode: privileged,
        environmentVariable: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
      },
      ...(network && {
        vpcConfig: {
          vpcId: network.vpcId,
          subnets: network.subnetIds,
          securityGroupIds: network.securityGroupIds,
        },
      }),
      logsConfig: { cloudwatchLogs: { groupName } },
      dependsOn: role.policies,
    });
  }

  /** The schedule of a tag builds exactly that, whatever the project says by then; daily what failed or was deleted since. */
  private start(
    { name, ofTag = {}, accountId }: CodebuildBuildProps,
    tag: string,
    project: CodebuildProject,
    source: string,
    ready: ITerraformDependable[],
  ) {
    startAtOnce(this, {
      name,
      roleName: `${name}-build-start`,
      tag,
      description: `Has ${tag} built, unless it is there`,
      accountId,
      statement: { Action: "codebuild:StartBuild", Resource: project.arn },
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:codebuild:startBuild",
        input: JSON.stringify({
          ProjectName: project.name,
          SourceLocationOverride: source,
          EnvironmentVariablesOverride: variablesOverride(ofTag),
        }),
      },
      ready,
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

/** Network interfaces of builds in a VPC. Source: CodeBuild User Guide, "Allow CodeBuild access to AWS services required to create a VPC network interface". */
const networkStatements = (subnetIds: string[], region: string, accountId: string): Statement[] => [
  {
    Sid: "Interfaces",
    Action: [
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeDhcpOptions",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcs",
    ],
    Resource: "*",
  },
  {
    Sid: "HandInterfacesOver",
    Action: "ec2:CreateNetworkInterfacePermission",
    Resource: `arn:aws:ec2:${region}:${accountId}:network-interface/*`,
    Condition: {
      StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com" },
      ArnEquals: { "ec2:Subnet": subnetIds.map((id) => `arn:aws:ec2:${region}:${accountId}:subnet/${id}`) },
    },
  },
];
