import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { FargateService } from "../../../../modules/aws/ecs/fargate-service";
import { ServiceSecurityGroup } from "../../../../modules/aws/ecs/service-security-group";
import { SharedFiles } from "../../../../modules/aws/storage/shared-files";
import { refTo, synth } from "../../../support/synth";
import { build, containerOf, rejectsSettings, type Settings, settings } from "./fargate-service.fixture";

const FILES = { fileSystemId: "fs-1", accessPointId: "fsap-1" };
const data = { name: "data", containerPath: "/var/lib/rabbitmq", files: FILES };
const definition = (some: Settings = {}) => build(some).one(EcsTaskDefinition);

it("is a family of Fargate tasks, sized by strings, with two roles, whose revisions stay for a way back", () => {
  expect(definition()).toEqual({
    family: "fossa",
    requires_compatibilities: ["FARGATE"],
    network_mode: "awsvpc",
    cpu: "256",
    memory: "512",
    runtime_platform: { cpu_architecture: "X86_64", operating_system_family: "LINUX" },
    execution_role_arn: refTo(IamRole, "arn"),
    task_role_arn: refTo(IamRole, "arn"),
    container_definitions: expect.any(String),
    skip_destroy: true,
  });
  const { execution_role_arn, task_role_arn } = definition();
  expect(execution_role_arn).not.toBe(task_role_arn);
});
it.each<[Settings, object]>([
  [
    { cpu: 16384, memory: 122_880 },
    { cpu: "16384", memory: "122880" },
  ],
  [{ architecture: "ARM64" }, { runtime_platform: { cpu_architecture: "ARM64", operating_system_family: "LINUX" } }],
  [{ ephemeralStorageGib: 21 }, { ephemeral_storage: { size_in_gib: 21 } }],
  [{ ephemeralStorageGib: 200 }, { ephemeral_storage: { size_in_gib: 200 } }],
])("is made as %j asks", (some, expected) => {
  expect(definition(some)).toMatchObject(expected);
});
it.each(["f", "fossa/worker_1.x-y", "x".repeat(128)])("begins its log streams with %s", (logPrefix) => {
  const { options } = containerOf(build({ logPrefix })).logConfiguration;
  expect(options["awslogs-stream-prefix"]).toBe(logPrefix);
});
it("turns on an init process for ECS Exec, which leaves processes behind", () => {
  expect(containerOf(build({ executeCommand: true })).linuxParameters).toEqual({ initProcessEnabled: true });
});

it("mounts files by TLS, through their access point, as the task's role", () => {
  const stack = build({ volumes: [data] });
  expect(stack.one(EcsTaskDefinition).volume).toEqual([
    {
      name: "data",
      efs_volume_configuration: {
        file_system_id: "fs-1",
        transit_encryption: "ENABLED",
        authorization_config: { access_point_id: "fsap-1", iam: "ENABLED" },
      },
    },
  ]);
  expect(containerOf(stack).mountPoints).toEqual([
    { sourceVolume: "data", containerPath: "/var/lib/rabbitmq", readOnly: false },
  ]);
});
it("has volumes of its own, read only where asked, in the order of their names", () => {
  const scratch = { name: "a-scratch", containerPath: "/tmp" };
  const volumes = [{ ...data, readOnly: true }, scratch];
  const stack = build({ volumes });
  expect(stack.one(EcsTaskDefinition).volume).toEqual([
    { name: "a-scratch" },
    expect.objectContaining({ name: "data" }),
  ]);
  expect(containerOf(stack).mountPoints).toEqual([
    { sourceVolume: "a-scratch", containerPath: "/tmp", readOnly: false },
    { sourceVolume: "data", containerPath: "/var/lib/rabbitmq", readOnly: true },
  ]);
  expect(build({ volumes: [...volumes].reverse() }).json).toBe(stack.json);
});
it("mounts shared files of the project, whose firewall lets the tasks in and which are there first", () => {
  const { one, all } = synth((stack) => {
    const securityGroup = new ServiceSecurityGroup(stack, "access", { name: "rabbitmq", vpcId: "vpc-1" });
    const files = new SharedFiles(stack, "files", {
      name: "rabbitmq",
      vpcId: "vpc-1",
      subnetIds: ["subnet-a"],
      clientSecurityGroupIds: { broker: securityGroup.securityGroupId },
    });
    const volumes = [{ name: "data", containerPath: "/data", files }];
    new FargateService(stack, "service", { ...settings({ securityGroup, volumes }), vpcId: undefined });
  });
  expect(one(EfsFileSystem).encrypted).toBe(true);
  expect(one(EcsTaskDefinition).volume[0].efs_volume_configuration).toMatchObject({
    file_system_id: refTo(EfsFileSystem, "id"),
    authorization_config: { access_point_id: refTo(EfsAccessPoint, "id") },
  });
  expect(one(VpcSecurityGroupIngressRule)).toMatchObject({
    from_port: 2049,
    to_port: 2049,
    referenced_security_group_id: one(EcsService).network_configuration.security_groups[0],
  });
  expect(all(SecurityGroup)).toHaveLength(2);
  const types = one(EcsService).depends_on.map((address: string) => address.split(".")[0]);
  expect(types).toEqual(expect.arrayContaining(["aws_efs_mount_target", "aws_efs_file_system_policy"]));
});

const volume = (some: object) => ({ volumes: [{ ...data, ...some }] });
rejectsSettings(
  ["memory", { memory: 4096 }, "one of 512, 1024, 2048 MiB for a cpu of 256", "got 4096"],
  ["memory", { cpu: 512 }, "for a cpu of 512", "got 512"],
  ["cpu", { cpu: 300 }, "one of 256, 512", "got 300"],
  ["cpu", { cpu: undefined }, "got nothing"],
  ["architecture", { architecture: "arm64" }, "one of X86_64, ARM64", '"arm64"'],
  ["logPrefix", { logPrefix: undefined }, "is required"],
  ["logPrefix", { logPrefix: "" }, "letters, digits"],
  ["logPrefix", { logPrefix: "/a" }, '"/a"'],
  ["logPrefix", { logPrefix: "a:b" }, '"a:b"'],
  ["logPrefix", { logPrefix: "x".repeat(129) }, "at most 128", "got 129"],
  ["ephemeralStorageGib", { ephemeralStorageGib: 20 }, "at least 21", "got 20"],
  ["ephemeralStorageGib", { ephemeralStorageGib: 201 }, "at most 200", "got 201"],
  ["executeCommand", { executeCommand: 1 }, "of type boolean"],
  [
    "executeCommand",
    { executeCommand: true, container: { readonlyRootFilesystem: true } },
    "root file system",
    "got true",
  ],
  ["volumes[0].name", volume({ name: "a b" }), '"a b"'],
  ["volumes[0].name", volume({ name: "x".repeat(256) }), "at most 255"],
  ["volumes[0].containerPath", volume({ containerPath: "/" }), "other than /", '"/"'],
  ["volumes[0].containerPath", volume({ containerPath: "data" }), "absolute path"],
  ["volumes[0].containerPath", volume({ containerPath: "/a//b" }), "absolute path"],
  ["volumes[0].containerPath", volume({ containerPath: `/${"x".repeat(255)}` }), "at most 255", "got 256"],
  ["volumes[0].files", volume({ files: "fs-1" }), "SharedFiles", '"fs-1"'],
  ["volumes[0].files", volume({ files: { fileSystemId: "fs-1" } }), "accessPointId"],
  ["volumes[0].readOnly", volume({ readOnly: "yes" }), "of type boolean"],
  ["volumes[1].name", { volumes: [data, { ...data, containerPath: "/b" }] }, "got data again"],
  ["volumes[1].containerPath", { volumes: [data, { ...data, name: "b" }] }, "got /var/lib/rabbitmq again"],
  [
    "volumes",
    { volumes: Array.from({ length: 21 }, (_, i) => ({ name: `v${i}`, containerPath: `/v${i}` })) },
    "at most 20",
    "got 21",
  ],
);
it("accepts twenty volumes", () => {
  const volumes = Array.from({ length: 20 }, (_, i) => ({ name: `v${i}`, containerPath: `/v${i}` }));
  expect(definition({ volumes }).volume).toHaveLength(20);
});
it.each(["/a", `/${"x".repeat(254)}`, "/var/lib/.x-y_z"])("accepts the path %s", (containerPath) => {
  expect(containerOf(build({ volumes: [{ name: "v", containerPath }] })).mountPoints[0].containerPath).toBe(
    containerPath,
  );
});
