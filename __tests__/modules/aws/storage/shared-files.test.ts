import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { EfsBackupPolicy } from "@cdktf/provider-aws/lib/efs-backup-policy";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsFileSystemPolicy } from "@cdktf/provider-aws/lib/efs-file-system-policy";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Lazy, TerraformOutput, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { SharedFiles, type SharedFilesProps } from "../../../../modules/aws/storage/shared-files";
import { rejects } from "../../../support/bad-input";
import { keeps } from "../../../support/lasting";
import { type Json, refTo, synth } from "../../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const ROLE = "arn:aws:iam::111122223333:role";
const MINIMAL: SharedFilesProps = {
  name: "ml-dev",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  clientSecurityGroupIds: { machine: "sg-1" },
};
const build = (props: Partial<SharedFilesProps> = {}) =>
  synth((stack) => new SharedFiles(stack, "files", { ...MINIMAL, ...props }));

it("is an encrypted file system that is paid by use and moves what nobody opens", () => {
  expect(build().one(EfsFileSystem)).toEqual({
    encrypted: true,
    throughput_mode: "elastic",
    lifecycle_policy: [
      { transition_to_ia: "AFTER_30_DAYS" },
      { transition_to_primary_storage_class: "AFTER_1_ACCESS" },
    ],
    tags: { Name: "ml-dev" },
    lifecycle: keeps("kmsKeyArn"),
  });
});
it("takes a key, a throughput mode, tags and protection of the user's", () => {
  const props = { kmsKeyArn: KEY, throughputMode: "bursting", preventDestroy: true, tags: { Team: "ml" } } as const;
  expect(build(props).one(EfsFileSystem)).toMatchObject({
    encrypted: true,
    kms_key_id: KEY,
    throughput_mode: "bursting",
    tags: { Name: "ml-dev", Team: "ml" },
    lifecycle: { prevent_destroy: true },
  });
});
it.each([
  [1, "AFTER_1_DAY"],
  [7, "AFTER_7_DAYS"],
  [365, "AFTER_365_DAYS"],
] as const)("moves files after %i days where asked", (infrequentAccessDays, words) => {
  expect(build({ infrequentAccessDays }).one(EfsFileSystem).lifecycle_policy[0]).toEqual({ transition_to_ia: words });
});
it("moves files on to the archive where asked", () => {
  expect(build({ archiveDays: 90 }).one(EfsFileSystem).lifecycle_policy).toEqual([
    { transition_to_ia: "AFTER_30_DAYS" },
    { transition_to_archive: "AFTER_90_DAYS" },
    { transition_to_primary_storage_class: "AFTER_1_ACCESS" },
  ]);
});
describe("access points", () => {
  const POINTS = { accessPoints: { training: "/training", checkpoints: "/checkpoints" } };

  it("are one, which is all of it, unless told otherwise", () => {
    expect(build().one(EfsAccessPoint)).toMatchObject({
      root_directory: { path: "/shared" },
      tags: { Name: "ml-dev" },
    });
  });
  it("lead to a folder each, as the same user", () => {
    const made = build({ ...POINTS, userId: 2000 });
    expect(made.all(EfsAccessPoint)).toEqual(
      ["checkpoints", "training"].map((name) => ({
        file_system_id: refTo(EfsFileSystem, "id"),
        posix_user: { uid: 2000, gid: 2000 },
        root_directory: {
          path: `/${name}`,
          creation_info: { owner_uid: 2000, owner_gid: 2000, permissions: "0770" },
        },
        tags: { Name: `ml-dev-${name}` },
      })),
    );
  });
  it("are what roles may mount through, some or all of them, and not as root", () => {
    const { outputs, one } = synth((stack) => {
      const files = new SharedFiles(stack, "files", { ...MINIMAL, ...POINTS, clientRoleArns: [`${ROLE}/a`] });
      const value = { all: files.mountStatement("checkpoints", "training"), one: files.mountStatement("training") };
      new TerraformOutput(stack, "mounts", { value, staticId: true });
    });
    const { all, one: single } = outputs.mounts.value;
    const arn = "elasticfilesystem:AccessPointArn";
    expect(all.Action).toEqual(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]);
    expect(all.Condition.ArnEquals[arn]).toHaveLength(2);
    expect(single.Condition.ArnEquals[arn]).toEqual(refTo(EfsAccessPoint, "arn"));
    const [clients] = JSON.parse(one(EfsFileSystemPolicy).policy).Statement;
    expect(clients.Condition.ArnEquals[arn]).toHaveLength(2);
  });
  it("are named by who asks for one that is not there", () => {
    expect(() => synth((stack) => new SharedFiles(stack, "files", { ...MINIMAL, ...POINTS }).accessPointId)).toThrow(
      "test/files: accessPoints: must have shared",
    );
  });
});
it("is backed up unless told otherwise", () => {
  expect(build().one(EfsBackupPolicy).backup_policy).toEqual({ status: "ENABLED" });
  expect(build({ backup: false }).all(EfsBackupPolicy)).toEqual([]);
});
it("is entered by an access point, as the first user of Amazon Linux or another", () => {
  expect(build().one(EfsAccessPoint)).toMatchObject({
    file_system_id: refTo(EfsFileSystem, "id"),
    posix_user: { uid: 1000, gid: 1000 },
    root_directory: { path: "/shared", creation_info: { owner_uid: 1000, owner_gid: 1000, permissions: "0770" } },
  });
  for (const userId of [1, 65535]) {
    expect(build({ userId }).one(EfsAccessPoint)).toMatchObject({
      posix_user: { uid: userId, gid: userId },
      root_directory: { creation_info: { owner_uid: userId, owner_gid: userId } },
    });
  }
});

describe("network", () => {
  it("has one mount target in each subnet", () => {
    const targets = build().all(EfsMountTarget);
    expect(targets.map(({ subnet_id }) => subnet_id).sort()).toEqual(["subnet-a", "subnet-b"]);
    for (const { file_system_id, security_groups } of targets) {
      expect(file_system_id).toEqual(refTo(EfsFileSystem, "id"));
      expect(security_groups).toEqual([refTo(SecurityGroup, "id")]);
    }
  });
  it("names a mount target by its subnet, whatever its place", () => {
    const ids = (...subnetIds: string[]) => build({ subnetIds }).parsed.resource.aws_efs_mount_target;
    expect(ids("subnet-a", "subnet-b")).toEqual(ids("subnet-b", "subnet-a"));
  });
  it("takes subnets that are not made yet", () => {
    const { all } = synth((stack) => {
      const subnetIds = ["a", "b"].map((key) => new Subnet(stack, key, { vpcId: "vpc-1" }).id);
      new SharedFiles(stack, "files", { ...MINIMAL, subnetIds });
    });
    expect(all(EfsMountTarget).map(({ subnet_id }) => subnet_id)).toEqual([refTo(Subnet, "id"), refTo(Subnet, "id")]);
  });
  it("is open to the clients' groups on the port of NFS, and to nothing else", () => {
    const { all } = build({ clientSecurityGroupIds: { machine: "sg-1", fleet: "sg-2" } });
    const rules = all(VpcSecurityGroupIngressRule);
    expect(rules.map((rule) => rule.referenced_security_group_id).sort()).toEqual(["sg-1", "sg-2"]);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        security_group_id: refTo(SecurityGroup, "id"),
        ip_protocol: "tcp",
        from_port: 2049,
        to_port: 2049,
      });
      expect(rule).not.toHaveProperty("cidr_ipv4");
    }
    expect(all(VpcSecurityGroupEgressRule)).toEqual([]);
    expect(all(SecurityGroup)).toEqual([
      expect.objectContaining({
        name_prefix: "files-ml-dev-",
        vpc_id: "vpc-1",
        lifecycle: { create_before_destroy: true },
      }),
    ]);
  });
});

describe("policy", () => {
  const statements = (props: Partial<SharedFilesProps> = {}): Json[] =>
    JSON.parse(build(props).one(EfsFileSystemPolicy).policy).Statement;
  const deny = {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: "*",
    Resource: refTo(EfsFileSystem, "arn"),
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };

  it("lets nobody in by itself, and nobody without TLS", () => {
    expect(statements()).toEqual([deny]);
    expect(build().one(EfsFileSystemPolicy).file_system_id).toEqual(refTo(EfsFileSystem, "id"));
  });
  it("lets named roles mount through the access point, but not be root", () => {
    expect(statements({ clientRoleArns: [`${ROLE}/b`, `${ROLE}/a`] })).toEqual([
      {
        Sid: "Clients",
        Effect: "Allow",
        Principal: { AWS: [`${ROLE}/a`, `${ROLE}/b`] },
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Resource: refTo(EfsFileSystem, "arn"),
        Condition: {
          Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
          ArnEquals: { "elasticfilesystem:AccessPointArn": refTo(EfsAccessPoint, "arn") },
        },
      },
      deny,
    ]);
  });
});

it("tells what clients need by reference", () => {
  const { outputs } = synth((stack) => {
    const files = new SharedFiles(stack, "files", MINIMAL);
    const { fileSystemId, fileSystemArn, accessPointId, accessPointArn, securityGroupId } = files;
    const told = { fileSystemId, fileSystemArn, accessPointId, accessPointArn, securityGroupId };
    for (const [name, value] of Object.entries({ ...told, fstab: files.fstabEntry("/mnt/shared") })) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
  });
  expect(outputs).toEqual({
    fileSystemId: { value: refTo(EfsFileSystem, "id") },
    fileSystemArn: { value: refTo(EfsFileSystem, "arn") },
    accessPointId: { value: refTo(EfsAccessPoint, "id") },
    accessPointArn: { value: refTo(EfsAccessPoint, "arn") },
    securityGroupId: { value: refTo(SecurityGroup, "id") },
    fstab: {
      value: expect.stringMatching(
        /^\$\{aws_efs_file_system\.\S+\.id\}:\/ \/mnt\/shared efs _netdev,nofail,noresvport,tls,iam,accesspoint=\$\{aws_efs_access_point\.\S+\.id\} 0 0$/,
      ),
    },
  });
});
it("is ready when it can be reached and entered", () => {
  const { one } = synth((stack) => {
    const { ready: dependsOn } = new SharedFiles(stack, "files", MINIMAL);
    new Subnet(stack, "waits", { vpcId: "vpc-1", dependsOn });
  });
  expect(one(Subnet).depends_on.map((address: string) => address.split(".")[0])).toEqual([
    "aws_efs_mount_target",
    "aws_efs_mount_target",
    "aws_vpc_security_group_ingress_rule",
    "aws_efs_file_system_policy",
  ]);
});

rejects<unknown>(
  "test/files",
  (
    [
      ["name", { name: "" }, "letters, digits and hyphens", '""'],
      ["name", { name: "1ml" }, "a letter first", '"1ml"'],
      ["name", { name: "a".repeat(101) }, "at most 100", "got 101"],
      ["vpcId", { vpcId: "" }, "at least 1 characters"],
      ["subnetIds", { subnetIds: [] }, "at least 1 items"],
      ["subnetIds", { subnetIds: ["subnet-a", "subnet-a"] }, "must not name a subnet twice", "subnet-a"],
      ["subnetIds", { subnetIds: Token.asList(Lazy.stringValue({ produce: () => "a" })) }, "an element of its own"],
      ["subnetIds[0]", { subnetIds: [1] }, "of type string", "got 1"],
      ["clientSecurityGroupIds", { clientSecurityGroupIds: {} }, "at least one group"],
      ["clientSecurityGroupIds.My group", { clientSecurityGroupIds: { "My group": "sg-1" } }, "lower-case"],
      ["clientSecurityGroupIds.machine", { clientSecurityGroupIds: { machine: "" } }, "at least 1"],
      ["clientRoleArns[0]", { clientRoleArns: ["role"] }, "ARN of an IAM role", '"role"'],
      ["clientRoleArns", { clientRoleArns: [`${ROLE}/a`, `${ROLE}/a`] }, "must not name a role twice"],
      ["kmsKeyArn", { kmsKeyArn: "alias/files" }, "ARN of a KMS key", '"alias/files"'],
      ["throughputMode", { throughputMode: "provisioned" }, "one of elastic, bursting", '"provisioned"'],
      ["infrequentAccessDays", { infrequentAccessDays: 15 }, "one of 1, 7, 14, 30", "got 15"],
      ["infrequentAccessDays", { infrequentAccessDays: 0 }, "got 0"],
      ["archiveDays", { archiveDays: 30 }, "one of 90, 180, 270, 365", "got 30"],
      ["archiveDays", { archiveDays: 90, infrequentAccessDays: 90 }, "more than infrequentAccessDays (90)", "got 90"],
      ["archiveDays", { archiveDays: 90, throughputMode: "bursting" }, "throughputMode is bursting", "got 90"],
      ["accessPoints", { accessPoints: {} }, "at least one access point"],
      ["accessPoints", { accessPoints: { a: "/a", b: "/a" } }, "a folder of its own each"],
      ["accessPoints.a", { accessPoints: { a: "a" } }, "must be a folder of the file system"],
      ["accessPoints.A", { accessPoints: { A: "/a" } }, "lower-case letters"],
      ["backup", { backup: "daily" }, "of type boolean", '"daily"'],
      ["userId", { userId: 0 }, "at least 1", "got 0"],
      ["userId", { userId: 65536 }, "at most 65535", "got 65536"],
      ["preventDestroy", { preventDestroy: 1 }, "of type boolean", "got 1"],
      ["tags.aws:x", { tags: { "aws:x": "1" } }, "must not begin with aws:"],
      ["encrypted", { encrypted: false }, "unknown key"],
    ] as [string, object, ...string[]][]
  ).map(([key, props, ...words]) => [key, { ...MINIMAL, ...props }, ...words]),
  (stack, props) => new SharedFiles(stack, "files", props as SharedFilesProps),
);
