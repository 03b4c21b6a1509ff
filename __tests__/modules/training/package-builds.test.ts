import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { describe, expect, it } from "vitest";
import { PackageBuilds, type PackageBuildsProps } from "../../../modules/training/package-builds";
import { rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import { filesIn, PACKAGES } from "./training.fixture";

const CLASSES = join(PACKAGES, "image-classes");
const FILES = join(PACKAGES, "image-files");
type Given = Partial<Omit<PackageBuildsProps, "files">>;
const PROPS = {
  name: "dev-training",
  environment: "dev",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a"],
  securityGroupId: "sg-2",
};
const build = (props: Given = {}) =>
  synth(
    (stack) =>
      new PackageBuilds(stack, "builds", {
        ...PROPS,
        packages: { "image-classes": CLASSES },
        supplementaryPackages: { "image-files": FILES },
        ...props,
        files: filesIn(stack),
      }),
  );
const variables = (props: Given = {}): Record<string, string> =>
  Object.fromEntries(
    build(props)
      .one(CodebuildProject)
      .environment.environment_variable.map(({ name, value }: Json) => [name, value]),
  );
const keyOf = (props: Given = {}): string => build(props).one(S3Object).key;

describe("a package", () => {
  it("has a project of its own, in the network, on Amazon Linux 2023", () => {
    const made = build({ packages: { "image-classes": CLASSES, "image-files": FILES }, supplementaryPackages: {} });
    expect(made.all(CodebuildProject).map(({ name }) => name)).toEqual([
      "dev-training-image-classes",
      "dev-training-image-files",
    ]);
    expect(made.all(CodebuildProject)[0]).toMatchObject({
      environment: {
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        type: "LINUX_CONTAINER",
        privileged_mode: true,
      },
      build_timeout: 60,
      vpc_config: { vpc_id: "vpc-1", subnets: ["subnet-a"], security_group_ids: ["sg-2"] },
    });
    expect(made.all(S3Bucket)).toHaveLength(1);
  });
  it("tells its build all that it needs, and nothing secret", () => {
    expect(variables()).toEqual({
      PACKAGE_NAME: "image-classes",
      PYTHON_VERSION: "3.12",
      STACK: "dev",
      FORCE_REBUILD: "false",
      S3_BUCKET: refTo(S3Bucket, "bucket"),
      EFS_ID: refTo(EfsFileSystem, "id"),
      EFS_ACCESS_POINT_ID: refTo(EfsAccessPoint, "id"),
      EFS_DNS_NAME: refTo(EfsFileSystem, "dns_name"),
      LOCAL_PACKAGES: "image-files",
    });
  });
  it("is not built before its files can be mounted", () => {
    const waitsFor = build().one(SchedulerSchedule).depends_on.join(" ");
    for (const type of ["aws_efs_mount_target", "aws_vpc_security_group_ingress_rule", "aws_efs_file_system_policy"]) {
      expect(waitsFor).toContain(type);
    }
  });
  it("needs no other, and may be needed by others", () => {
    const both = { "image-classes": CLASSES, "image-files": FILES };
    const local = build({ packages: both, supplementaryPackages: { "image-files": FILES } })
      .all(CodebuildProject)
      .map(
        ({ environment }) => environment.environment_variable.find(({ name }: Json) => name === "LOCAL_PACKAGES").value,
      );
    expect(local).toEqual(["image-files", ""]);
  });
  it.each([
    "[project]\nname = 'Image_Classes' # quoted otherwise\n",
    '[[tool.index]]\nname = "pytorch"\n\n[project] # ours\nversion = "1"\nname = "image.classes"\n[tool.x]\nname = "y"\n',
  ])("is known by its normalized name in %j", (toml) => {
    const folder = mkdtempSync(join(tmpdir(), "package-"));
    writeFileSync(join(folder, "pyproject.toml"), toml);
    expect(keyOf({ packages: { "image-classes": folder } })).toContain("source/image-classes/");
  });
  it("is built by a script of bash without references of Terraform", () => {
    const { version, env, phases } = JSON.parse(build().one(CodebuildProject).source.buildspec);
    expect({ version, env }).toEqual({ version: "0.2", env: { shell: "bash" } });
    expect(phases.build.commands).toHaveLength(1);
    expect(phases.build.commands[0]).toMatch(/^set -euo pipefail\n/);
    expect(phases.build.commands[0]).not.toMatch(/[$%]\{/);
  });
  it("may write its own outputs and state, and the files of packages, not as root", () => {
    const statements = build()
      .all(IamRolePolicy)
      .flatMap(({ policy }) => JSON.parse(policy).Statement as Json[]);
    const resources = (action: string) =>
      statements.filter(({ Action }) => [Action].flat().includes(action)).map(({ Resource }) => Resource);
    expect(resources("s3:PutObject")).toEqual([
      expect.stringMatching(/\.arn\}\/state\/image-classes\.json$/),
      expect.stringMatching(/\.arn\}\/output\/image-classes\/\*$/),
    ]);
    expect(resources("s3:DeleteObject")).toEqual([expect.stringMatching(/\/output\/image-classes\/\*$/)]);
    expect(resources("elasticfilesystem:ClientRootAccess")).toEqual([]);
    const [mount] = statements.filter(({ Action }) => [Action].flat().includes("elasticfilesystem:ClientWrite"));
    expect(mount.Condition.ArnEquals).toEqual({ "elasticfilesystem:AccessPointArn": refTo(EfsAccessPoint, "arn") });
  });
});

describe("a change", () => {
  /** A copy of a package with a line more. */
  const changed = (folder: string) => {
    const copy = mkdtempSync(join(tmpdir(), "package-"));
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, "CHANGES"), "one more\n");
    return copy;
  };

  it("of nothing gives the same JSON", () => {
    expect(build().json).toBe(build().json);
    expect(build({ forceRebuild: true }).json).toBe(build({ forceRebuild: true }).json);
  });
  it.each<[string, Given]>([
    ["of a package", { packages: { "image-classes": changed(CLASSES) } }],
    ["of one that it needs", { supplementaryPackages: { "image-files": changed(FILES) } }],
    ["of Python", { pythonVersion: "3.13" }],
    ["of the image", { buildImage: "nvidia/cuda:12.9.1-devel-amzn2023" }],
    ["of the architecture", { architecture: "ARM64" }],
    ["by force", { forceRebuild: true }],
  ])("%s uploads the sources anew and starts a build", (_, props) => {
    const before = build();
    const after = build(props);
    expect(after.one(S3Object).key).not.toBe(before.one(S3Object).key);
    expect(after.one(SchedulerSchedule).name).not.toBe(before.one(SchedulerSchedule).name);
  });
  it("by force is told to the build that it starts", () => {
    expect(keyOf({ forceRebuild: true })).toMatch(/^source\/image-classes\/[0-9a-f]{16}-forced\.zip$/);
    expect(keyOf()).toMatch(/^source\/image-classes\/[0-9a-f]{16}\.zip$/);
    const input = JSON.parse(build({ forceRebuild: true }).one(SchedulerSchedule).target.input);
    expect(input.EnvironmentVariablesOverride).toEqual([{ Name: "FORCE_REBUILD", Value: "true", Type: "PLAINTEXT" }]);
  });
});

describe("an image of the user's", () => {
  const environment = (buildImage: string) => build({ buildImage }).one(CodebuildProject).environment;

  it("is pulled as CodeBuild's own are, if it is public", () => {
    const made = environment("nvidia/cuda:12.9.1-devel-amzn2023");
    expect(made.image).toBe("nvidia/cuda:12.9.1-devel-amzn2023");
    expect(made).not.toHaveProperty("image_pull_credentials_type");
  });
  it("is pulled by the role from a private repository, and from that one only", () => {
    const buildImage = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ml/cuda:12.9.1";
    expect(environment(buildImage)).toMatchObject({
      image: buildImage,
      image_pull_credentials_type: "SERVICE_ROLE",
    });
    const [pull] = build({ buildImage })
      .all(IamRolePolicy)
      .filter(({ name }) => name === "image");
    expect(JSON.parse(pull.policy).Statement[1]).toMatchObject({
      Action: expect.arrayContaining(["ecr:BatchGetImage"]),
      Resource: "arn:aws:ecr:us-east-1:111122223333:repository/ml/cuda",
    });
  });
});

rejects<unknown>(
  "test/builds",
  (
    [
      ["packages.Image", { packages: { Image: CLASSES } }, "lower-case letters"],
      ["packages.image-classes", { packages: { "image-classes": "nowhere" } }, "does not exist", "nowhere"],
      ["packages.other", { packages: { other: CLASSES } }, "project.name is other", "called image-classes"],
      ["packages.modules", { packages: { modules: "modules/training" } }, "pyproject.toml", "got none"],
      ["supplementaryPackages.image-files", { supplementaryPackages: { "image-files": CLASSES } }, "image-files"],
      [
        "supplementaryPackages.image-classes",
        { supplementaryPackages: { "image-classes": FILES } },
        "must be the folder that packages names",
      ],
      ["packages", { packages: Object.fromEntries(many(22)) }, "at most 21 packages", "got 22"],
      ["pythonVersion", { pythonVersion: "3.9" }, "one of 3.11, 3.12, 3.13", "3.9"],
      ["buildImage", { buildImage: "cuda:latest" }, "fixed tag", "latest"],
      ["forceRebuild", { forceRebuild: "yes" }, "of type boolean", "yes"],
      ["codebuild.timeoutMinutes", { codebuild: { timeoutMinutes: 4 } }, "at least 5", "4"],
      ["architecture", { architecture: "arm" }, "one of X86_64, ARM64", "arm"],
      ["name", { name: "Dev" }, "lower-case letters"],
    ] as [string, object, ...string[]][]
  ).map(([key, props, ...words]) => [key, props, ...words]),
  (stack, props) =>
    new PackageBuilds(stack, "builds", {
      ...PROPS,
      packages: { "image-classes": CLASSES },
      ...(props as object),
      files: filesIn(stack),
    }),
);

function many(count: number): [string, string][] {
  return Array.from({ length: count }, (_, i) => [`p${i}`, CLASSES]);
}
