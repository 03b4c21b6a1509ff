import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { type Json, publishedOutputs, synthApp } from "../../support/synth";
import { trainingConfigurations } from "./configurations.fixture";
import { build } from "./training.fixture";

const app = build();
const stack = (layer: string) => app.stack(`dev-training-${layer}`);

describe("the storage", () => {
  it("has a mount target in each private subnet, open to builds and machines only", () => {
    expect(stack("storage").all(EfsMountTarget)).toHaveLength(2);
    expect(
      stack("storage")
        .all(VpcSecurityGroupIngressRule)
        .map(({ from_port, description }) => `${description} ${from_port}`)
        .sort(),
    ).toEqual(["NFS from builds 2049", "NFS from machines 2049"]);
  });
  it("has an access point for packages and one for checkpoints", () => {
    expect(
      stack("storage")
        .all(EfsAccessPoint)
        .map(({ root_directory, posix_user }) => [root_directory.path, posix_user.uid, posix_user.gid]),
    ).toEqual([
      ["/checkpoints", 1000, 1000],
      ["/training", 1000, 1000],
    ]);
  });
  it("builds the runtime, and the user's packages after it", () => {
    expect(
      stack("storage")
        .all(CodebuildProject)
        .map(({ name }) => name),
    ).toEqual(["dev-training-ml-training"]);
    const own = synthApp(trainingConfigurations.builder).stack("builder-training-storage");
    expect(own.all(CodebuildProject).map(({ name }) => name)).toEqual([
      "builder-training-image-classes",
      "builder-training-ml-training",
    ]);
  });
  it("builds the user's packages with the runtime, which their trainers may use", () => {
    const variable = (name: string) =>
      synthApp(trainingConfigurations.builder)
        .stack("builder-training-storage")
        .all(CodebuildProject)
        .map(({ environment }) => environment.environment_variable.find((one: Json) => one.name === name).value);
    expect(variable("LOCAL_PACKAGES")).toEqual(["image-files,ml-training", "image-files"]);
  });
  it("tells of failed builds, unless alarms are off", () => {
    expect(stack("storage").one(CloudwatchMetricAlarm).metric_name).toBe("FailedBuilds");
    const quiet = build({ alarms: false }).stack("dev-training-storage");
    expect(quiet.all(CloudwatchMetricAlarm)).toEqual([]);
    expect(quiet.all(SnsTopic)).toEqual([]);
  });
  it("moves files to the archive where asked", () => {
    expect(
      build({ files: { archiveDays: 90 } })
        .stack("dev-training-storage")
        .one(EfsFileSystem).lifecycle_policy,
    ).toEqual([
      { transition_to_ia: "AFTER_30_DAYS" },
      { transition_to_archive: "AFTER_90_DAYS" },
      { transition_to_primary_storage_class: "AFTER_1_ACCESS" },
    ]);
  });
});
it("publishes what people and programs need", () => {
  expect(publishedOutputs(stack("storage"))).toEqual([
    "artifact_bucket_name",
    "build_project_names",
    "checkpoints_access_point_id",
    "file_system_dns_name",
    "file_system_id",
    "file_system_security_group_id",
    "packages",
    "training_access_point_id",
  ]);
});
