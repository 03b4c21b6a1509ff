import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import {
  ModuleRepoBackend,
  type ModuleRepoBackendSettings,
} from "../../../../modules/module-repo-backend/module-repo-backend";
import { rejects } from "../../../support/bad-input";
import { keeps } from "../../../support/lasting";
import { refTo, synth } from "../../../support/synth";

const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const given = {
  exadeployId: "demo",
  network: { vpcId: "vpc-1", databaseSubnetGroupName: "db-subnets" },
  cluster: { clusterName: "demo", nodeSecurityGroupId: "sg-nodes" },
};
const build = (settings: ModuleRepoBackendSettings = {}) =>
  synth((stack) => new ModuleRepoBackend(stack, "repo", { ...given, ...settings }));
const instance = (settings: ModuleRepoBackendSettings = {}) => build(settings).one(DbInstance);

it("is by default a small PostgreSQL 17: encrypted, backed up, protected and private", () => {
  const { "//": _metadata, depends_on: _logs, ...found } = instance();
  expect(found).toEqual({
    identifier: "demo-rds",
    engine: "postgres",
    engine_version: "17",
    auto_minor_version_upgrade: true,
    parameter_group_name: refTo(DbParameterGroup, "name"),
    instance_class: "db.t4g.micro",
    storage_type: "gp3",
    allocated_storage: 20,
    storage_encrypted: true,
    db_name: "modulerepo",
    username: "postgres",
    manage_master_user_password: true,
    db_subnet_group_name: "db-subnets",
    vpc_security_group_ids: [refTo(SecurityGroup, "id")],
    port: 5432,
    publicly_accessible: false,
    multi_az: false,
    backup_retention_period: 7,
    copy_tags_to_snapshot: true,
    deletion_protection: true,
    skip_final_snapshot: false,
    final_snapshot_identifier: "demo-rds-final",
    performance_insights_enabled: true,
    performance_insights_retention_period: 7,
    enabled_cloudwatch_logs_exports: ["postgresql", "upgrade"],
    lifecycle: keeps("dbName", "dbUsername", "kmsKeyArn"),
  });
});
it.each<[ModuleRepoBackendSettings, Record<string, unknown>]>([
  [{ postgresVersion: "14" }, { engine_version: "14" }],
  [{ postgresVersion: "18" }, { engine_version: "18" }],
  [{ dbInstanceClass: "db.m7g.16xlarge" }, { instance_class: "db.m7g.16xlarge" }],
  [{ dbInstanceClass: "db.t4g.2xlarge" }, { instance_class: "db.t4g.2xlarge" }],
  [{ dbInstanceClass: "db.m12g.large" }, { instance_class: "db.m12g.large" }],
  [{ dbStorage: 65536 }, { allocated_storage: 65536 }],
  [{ maxAllocatedStorage: 22 }, { allocated_storage: 20, max_allocated_storage: 22 }],
  [
    { dbStorage: 101, maxAllocatedStorage: 112 },
    { allocated_storage: 101, max_allocated_storage: 112 },
  ],
  [{ maxAllocatedStorage: 65536 }, { max_allocated_storage: 65536 }],
  [{ dbName: "repo_1" }, { db_name: "repo_1" }],
  [{ dbUsername: "exafunction" }, { username: "exafunction" }],
  [{ dbPort: 1150 }, { port: 1150 }],
  [{ dbPort: 65535 }, { port: 65535 }],
  [{ dbMultiAz: true }, { multi_az: true }],
  [{ backupRetentionDays: 1 }, { backup_retention_period: 1 }],
  [{ backupRetentionDays: 35 }, { backup_retention_period: 35 }],
  [{ deletionProtection: false }, { deletion_protection: false }],
  [{ iamDatabaseAuthentication: true }, { iam_database_authentication_enabled: true }],
  [{ autoMinorVersionUpgrade: false }, { auto_minor_version_upgrade: false }],
  [{ applyImmediately: true }, { apply_immediately: true }],
  [
    { allowMajorVersionUpgrade: true, applyImmediately: true },
    { allow_major_version_upgrade: true, apply_immediately: true },
  ],
])("takes %o", (settings, expected) => {
  expect(instance(settings)).toMatchObject(expected);
});
it("leaves a final snapshot unless asked not to", () => {
  expect(instance({ finalSnapshot: false }).skip_final_snapshot).toBe(true);
  expect(instance({ finalSnapshot: false })).not.toHaveProperty("final_snapshot_identifier");
});
it("records the load unless asked not to", () => {
  const keys = Object.keys(instance({ performanceInsights: false, kmsKeyArn }));
  expect(keys.filter((key) => key.startsWith("performance"))).toEqual([]);
});
it("encrypts disk, password and load records with the key given", () => {
  expect(instance({ kmsKeyArn })).toMatchObject({
    kms_key_id: kmsKeyArn,
    master_user_secret_kms_key_id: kmsKeyArn,
    performance_insights_kms_key_id: kmsKeyArn,
  });
});
it.each(["14", "15", "16", "17", "18"])("refuses connections without TLS on PostgreSQL %s", (postgresVersion) => {
  const { one } = build({ postgresVersion });
  expect(one(DbParameterGroup)).toMatchObject({
    family: `postgres${postgresVersion}`,
    name_prefix: "demo-rds-",
    parameter: [{ name: "rds.force_ssl", value: "1" }],
    lifecycle: { create_before_destroy: true },
  });
});

describe("security group", () => {
  it("is the database's own, and the only one it wears", () => {
    const { one } = build();
    expect(one(SecurityGroup)).toMatchObject({
      name_prefix: "demo-rds-",
      vpc_id: "vpc-1",
      description: "PostgreSQL of demo-rds",
      tags: { Name: "demo-rds" },
      lifecycle: { create_before_destroy: true },
    });
    expect(one(SecurityGroup)).not.toHaveProperty("ingress");
    expect(one(SecurityGroup)).not.toHaveProperty("egress");
    expect(one(DbInstance).vpc_security_group_ids).toEqual([refTo(SecurityGroup, "id")]);
  });
  it.each([5432, 6432])("lets the nodes in on port %i, and no one out", (dbPort) => {
    const { one, all } = build({ dbPort });
    const { "//": _metadata, ...rule } = one(VpcSecurityGroupIngressRule);
    expect(rule).toEqual({
      security_group_id: refTo(SecurityGroup, "id"),
      referenced_security_group_id: "sg-nodes",
      ip_protocol: "tcp",
      from_port: dbPort,
      to_port: dbPort,
      description: "PostgreSQL from the cluster's nodes",
    });
    expect(all(VpcSecurityGroupEgressRule)).toEqual([]);
  });
});

describe("logs", () => {
  const groups = (settings: ModuleRepoBackendSettings = {}) => build(settings).all(CloudwatchLogGroup);

  it("go where RDS writes them and stay 90 days, in groups that are there before the database", () => {
    const { byId, one } = build();
    expect(groups()).toEqual([
      expect.objectContaining({ name: "/aws/rds/instance/demo-rds/postgresql", retention_in_days: 90 }),
      expect.objectContaining({ name: "/aws/rds/instance/demo-rds/upgrade", retention_in_days: 90 }),
    ]);
    const addresses = Object.keys(byId(CloudwatchLogGroup)).map((id) => `aws_cloudwatch_log_group.${id}`);
    expect(one(DbInstance).depends_on.sort()).toEqual(addresses.sort());
  });
  it("stay as long as asked", () => {
    for (const logRetentionDays of [1, 3653] as const) {
      expect(groups({ logRetentionDays })[0].retention_in_days).toBe(logRetentionDays);
    }
  });
  it("are the same in either order", () => {
    const [one, other] = [
      build({ logExports: ["postgresql", "upgrade"] }),
      build({ logExports: ["upgrade", "postgresql"] }),
    ];
    expect(one.json).toBe(other.json);
  });
  it("leave no trace where none is asked", () => {
    const { one, all } = build({ logExports: [] });
    expect(all(CloudwatchLogGroup)).toEqual([]);
    expect(one(DbInstance)).not.toHaveProperty("enabled_cloudwatch_logs_exports");
    expect(one(DbInstance)).not.toHaveProperty("depends_on");
  });
});

rejects<unknown>(
  "test/repo",
  [
    ["postgresVersion", { postgresVersion: "13.4" }, "major version", '"13.4"'],
    ["postgresVersion", { postgresVersion: "13" }, '"14" to "18"', '"13"'],
    ["postgresVersion", { postgresVersion: "19" }, '"14" to "18"', '"19"'],
    ["postgresVersion", { postgresVersion: "17.2" }, "without a minor version", '"17.2"'],
    ["postgresVersion", { postgresVersion: 17 }, "string", "got 17"],
    ["allowMajorVersionUpgrade", { allowMajorVersionUpgrade: "yes" }, "boolean"],
    ["applyImmediately", { allowMajorVersionUpgrade: true }, "allowMajorVersionUpgrade", "got false"],
    ["dbInstanceClass", { dbInstanceClass: "t4g.micro" }, "such as db.t4g.micro", '"t4g.micro"'],
    ["dbInstanceClass", { dbInstanceClass: "db.t4g.8xlarge" }, "must be a class that RDS has", "db.t4g.8xlarge"],
    ["dbInstanceClass", { dbInstanceClass: "db.serverless" }, "such as db.t4g.micro", '"db.serverless"'],
    ["dbInstanceClass", { dbInstanceClass: "db.m7g.huge" }, "such as db.t4g.micro", '"db.m7g.huge"'],
    ["dbInstanceClass", { dbInstanceClass: "db.t2.micro" }, "runs PostgreSQL 14", '"db.t2.micro"'],
    ["dbInstanceClass", { dbInstanceClass: "db.m4.large" }, "runs PostgreSQL 14", '"db.m4.large"'],
    ["dbInstanceClass", { dbInstanceClass: "db.r4.large" }, "runs PostgreSQL 14", '"db.r4.large"'],
    ["dbStorage", { dbStorage: 19 }, "at least 20", "got 19"],
    ["dbStorage", { dbStorage: 65537 }, "at most 65536", "got 65537"],
    ["dbStorage", { dbStorage: 20.5 }, "whole number", "got 20.5"],
    ["maxAllocatedStorage", { maxAllocatedStorage: 21 }, "at least 22", "got 21"],
    ["maxAllocatedStorage", { maxAllocatedStorage: 65537 }, "at most 65536", "got 65537"],
    ["maxAllocatedStorage", { dbStorage: 101, maxAllocatedStorage: 111 }, "at least 112", "(101)", "got 111"],
    ["dbName", { dbName: "postgres" }, "must not be postgres", '"postgres"'],
    ["dbUsername", { dbUsername: "rdsadmin" }, "must not be", '"rdsadmin"'],
    ["dbPort", { dbPort: 1149 }, "at least 1150", "got 1149"],
    ["dbPort", { dbPort: 65536 }, "at most 65535", "got 65536"],
    ["dbMultiAz", { dbMultiAz: 2 }, "boolean", "got 2"],
    ["backupRetentionDays", { backupRetentionDays: 0 }, "at least 1", "got 0"],
    ["backupRetentionDays", { backupRetentionDays: 36 }, "at most 35", "got 36"],
    ["deletionProtection", { deletionProtection: "false" }, "boolean", '"false"'],
    ["finalSnapshot", { finalSnapshot: "demo" }, "boolean", '"demo"'],
    ["performanceInsights", { performanceInsights: 7 }, "boolean", "got 7"],
    ["iamDatabaseAuthentication", { iamDatabaseAuthentication: null }, "boolean", "got null"],
    ["autoMinorVersionUpgrade", { autoMinorVersionUpgrade: "no" }, "boolean"],
    ["logExports[0]", { logExports: ["audit"] }, "postgresql, upgrade", '"audit"'],
    ["logExports", { logExports: ["upgrade", "upgrade"] }, "must not name a log twice"],
    ["logExports", { logExports: "upgrade" }, "array", '"upgrade"'],
    ["logRetentionDays", { logRetentionDays: 2 }, "one of 0, 1, 3, 5", "got 2"],
    ["logRetentionDays", { logRetentionDays: 91 }, "one of 0, 1, 3, 5", "got 91"],
    ["password", { password: "hunter2hunter2" }, "unknown key"],
  ],
  (stack, props) => new ModuleRepoBackend(stack, "repo", { ...given, ...(props as object) }),
);
