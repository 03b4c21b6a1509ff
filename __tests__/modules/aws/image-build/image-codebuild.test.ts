import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { codebuildSchema } from "../../../../modules/aws/codebuild/codebuild-build";
import { type ImageCodebuildProps, imageCodebuild } from "../../../../modules/aws/image-build/image-codebuild";
import { type Json, refTo, synth } from "../../../support/synth";
import { FILES, KMS_KEY, TOPIC } from "./image-build.fixture";

const TAG = "0f0f0f0f0f0f0f0f-arm64";
const ENVIRONMENT = {
  REPOSITORY_URL: "url",
  REPOSITORY_NAME: "fossa",
  AWS_DEFAULT_REGION: "eu-west-2",
  IMAGE_TAG: TAG,
  PLATFORM: "linux/arm64",
};
const build = (props: Partial<ImageCodebuildProps> = {}, settings: Json = {}) =>
  synth((stack) => {
    const made = imageCodebuild(stack, "codebuild", {
      name: "dev-fossa",
      architecture: "X86_64",
      tag: TAG,
      files: FILES,
      environment: ENVIRONMENT,
      policies: { push: "{}" },
      warms: false,
      region: "eu-west-2",
      accountId: "111122223333",
      settings: codebuildSchema.parse(settings),
      ...props,
    });
    expect(made.kind).toBe("codebuild");
    for (const key of ["projectName", "projectArn", "logGroupName", "logGroupArn", "roleArn", "bucketName"] as const) {
      new TerraformOutput(stack, key, { value: made[key], staticId: true });
    }
  });
const project = (...args: Parameters<typeof build>) => build(...args).one(CodebuildProject);
const statement = (name: string): Json[] => {
  const found = build()
    .all(IamRolePolicy)
    .find((one) => one.name === name);
  return JSON.parse(found.policy).Statement;
};

describe("the project", () => {
  it("builds from the zip, with Docker, and keeps nothing", () => {
    expect(project()).toMatchObject({
      name: "dev-fossa",
      service_role: refTo(IamRole, "arn"),
      source: {
        type: "S3",
        location: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.bucket\}\/image\/0f0f0f0f0f0f0f0f-arm64\.zip$/),
      },
      artifacts: { type: "NO_ARTIFACTS" },
      environment: { privileged_mode: true, compute_type: "BUILD_GENERAL1_SMALL" },
      build_timeout: 30,
      queued_timeout: 30,
      logs_config: { cloudwatch_logs: { group_name: refTo(CloudwatchLogGroup, "name") } },
    });
  });
  it("knows the repository, the region and the tag, in plain variables", () => {
    expect(project().environment.environment_variable).toEqual(
      Object.entries(ENVIRONMENT).map(([name, value]) => ({ name, value })),
    );
  });
  it.each([
    ["X86_64", "LINUX_CONTAINER", "aws/codebuild/amazonlinux-x86_64-standard:5.0"],
    ["ARM64", "ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:3.0"],
  ] as const)("builds for %s on a machine of that kind", (architecture, type, image) => {
    expect(project({ architecture }).environment).toMatchObject({ type, image });
  });
  it.each(["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE"])("builds on %s", (computeType) => {
    expect(project({}, { computeType }).environment.compute_type).toBe(computeType);
  });
  it.each([
    ["timeoutMinutes", "build_timeout", 5],
    ["timeoutMinutes", "build_timeout", 2160],
    ["queuedTimeoutMinutes", "queued_timeout", 5],
    ["queuedTimeoutMinutes", "queued_timeout", 480],
  ])("takes %s as %s of %i", (key, argument, value) => {
    expect(project({}, { [key]: value })[argument]).toBe(value);
  });
  it("starts no service anew by default, and from what it may where asked", () => {
    const commands = (props: Partial<ImageCodebuildProps>): string =>
      JSON.parse(project(props).source.buildspec).phases.build.commands.join("\n");
    const service = { clusterName: "dev", serviceName: "worker" };
    expect(commands({})).not.toContain("aws ecs");
    expect(commands({ deploys: service })).toContain("--force-new-deployment");
    expect(commands({ deploys: service })).not.toContain("--task-definition");
    expect(commands({ deploys: { ...service, roleNames: ["abcd"] } })).toContain("--task-definition");
    expect(commands({})).not.toContain("WARM_IMAGES");
    expect(commands({ warms: true })).toContain("WARM_IMAGES");
  });
  it("waits for what its role may do", () => {
    expect(project().depends_on).toEqual(
      ["log", "push", "source"].map((name) =>
        expect.stringMatching(new RegExp(`^aws_iam_role_policy\\.\\w+_${name}-policy_`)),
      ),
    );
  });
});

describe("the role", () => {
  it("is CodeBuild's, for this project of this account", () => {
    const trust = build()
      .all(IamRole)
      .map((role) => JSON.parse(role.assume_role_policy).Statement[0])
      .find((one) => one.Principal.Service === "codebuild.amazonaws.com");
    expect(trust.Condition.StringEquals).toEqual({
      "aws:SourceAccount": "111122223333",
      "aws:SourceArn": "arn:aws:codebuild:eu-west-2:111122223333:project/dev-fossa",
    });
  });
  it("reads the zips, writes its own log, and has the policies given", () => {
    const names = build()
      .all(IamRolePolicy)
      .map(({ name }) => name);
    expect(names.sort()).toEqual(["log", "push", "source", "start"]);
    expect(statement("source").map(({ Resource }) => Resource)).toEqual([
      expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}\/image\/\*\.zip$/),
      expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}$/),
    ]);
    expect(statement("log")).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}:\*$/),
      },
    ]);
  });
});

describe("the log", () => {
  it("is the project's own, for thirty days", () => {
    expect(build().one(CloudwatchLogGroup)).toMatchObject({ name: "/aws/codebuild/dev-fossa", retention_in_days: 30 });
    expect(build().one(CloudwatchLogGroup)).not.toHaveProperty("kms_key_id");
  });
  it("stays as long as asked, under the key given", () => {
    expect(build({}, { logRetentionDays: 365, logKmsKeyArn: KMS_KEY }).one(CloudwatchLogGroup)).toMatchObject({
      retention_in_days: 365,
      kms_key_id: KMS_KEY,
    });
  });
});

describe("the start", () => {
  const target = () => build().one(SchedulerSchedule).target;

  it("is at once, and every day, once for each tag", () => {
    const schedule = build().one(SchedulerSchedule);
    expect(schedule).toMatchObject({
      name: `dev-fossa-${TAG}`,
      schedule_expression: "rate(1 day)",
      flexible_time_window: { mode: "OFF" },
    });
    expect(schedule).not.toHaveProperty("start_date"); // which would put off the first
    expect(build().all(S3BucketNotification)).toEqual([]);
  });
  it("has a name of 64 characters at most, which ends in the tag", () => {
    const { name } = build({ name: "n".repeat(100) }).one(SchedulerSchedule);
    expect(name).toHaveLength(64);
    expect(name).toMatch(new RegExp(`-${TAG}$`));
  });
  it("builds exactly this tag from exactly this zip, whatever the project says by then", () => {
    expect(target().arn).toBe("arn:aws:scheduler:::aws-sdk:codebuild:startBuild");
    expect(JSON.parse(target().input)).toEqual({
      ProjectName: refTo(CodebuildProject, "name"),
      SourceLocationOverride: project().source.location,
      EnvironmentVariablesOverride: [{ Name: "IMAGE_TAG", Value: TAG, Type: "PLAINTEXT" }],
    });
  });
  it("may start this project only, for this account only", () => {
    expect(statement("start")).toEqual([
      { Effect: "Allow", Action: "codebuild:StartBuild", Resource: refTo(CodebuildProject, "arn") },
    ]);
    const trust = build()
      .all(IamRole)
      .map((role) => JSON.parse(role.assume_role_policy).Statement[0])
      .find((one) => one.Principal.Service === "scheduler.amazonaws.com");
    expect(trust.Condition).toEqual({ StringEquals: { "aws:SourceAccount": "111122223333" } });
  });
  it("waits for the zip and for what either role may do", () => {
    const { one, all, byId } = build();
    const after: string[] = one(SchedulerSchedule).depends_on;
    expect(after.filter((address) => address.startsWith("aws_s3_object."))).toHaveLength(1);
    expect(after.filter((address) => address.startsWith("aws_iam_role_policy.")).sort()).toEqual(
      Object.keys(byId(IamRolePolicy))
        .map((id) => `aws_iam_role_policy.${id}`)
        .sort(),
    );
    expect(all(IamRolePolicy)).toHaveLength(4);
  });
});

describe("a failure", () => {
  it("is told to nobody by default", () => {
    expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  });
  it("is an alarm that the topic hears of", () => {
    expect(build({}, { alertTopicArn: TOPIC }).one(CloudwatchMetricAlarm)).toMatchObject({
      alarm_name: expect.stringMatching(/^\$\{aws_codebuild_project\.\w+\.name\}-failed$/),
      namespace: "AWS/CodeBuild",
      metric_name: "FailedBuilds",
      dimensions: { ProjectName: refTo(CodebuildProject, "name") },
      statistic: "Sum",
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      evaluation_periods: 1,
      period: 300,
      treat_missing_data: "notBreaching",
      alarm_actions: [TOPIC],
    });
  });
});

it("tells what it made", () => {
  const { outputs } = build();
  expect(outputs.projectName.value).toEqual(refTo(CodebuildProject, "name"));
  expect(outputs.projectArn.value).toEqual(refTo(CodebuildProject, "arn"));
  expect(outputs.logGroupName.value).toEqual(refTo(CloudwatchLogGroup, "name"));
  expect(outputs.logGroupArn.value).toEqual(refTo(CloudwatchLogGroup, "arn"));
  expect(outputs.roleArn.value).toEqual(refTo(IamRole, "arn"));
  expect(outputs.bucketName.value).toMatch(/^\$\{aws_s3_bucket\./);
});
