import { BackupPlan as AwsBackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { BackupPlan, backupSchema } from "../../../../modules/aws/backup/backup-plan";
import { refTo, synth } from "../../../support/synth";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/dev-receipts";
const build = (settings: z.input<typeof backupSchema> = {}, name = "dev-receipts") =>
  synth((stack) => {
    const made = new BackupPlan(stack, "backup", {
      name,
      resourceArns: [TABLE],
      settings: backupSchema.parse(settings),
    });
    new TerraformOutput(stack, "vault-arn", { value: made.vaultArn, staticId: true });
  });
const rule = (settings: z.input<typeof backupSchema> = {}) => build(settings).one(AwsBackupPlan).rule[0];

it("backs up what it is told to, daily, to a vault of its own that outlives its backups", () => {
  const { one, outputs } = build();
  expect(one(BackupVault)).toEqual({ name: "dev-receipts", force_destroy: false });
  expect(one(AwsBackupPlan)).toEqual({
    name: "dev-receipts",
    rule: [
      {
        rule_name: "scheduled",
        target_vault_name: refTo(BackupVault, "name"),
        schedule: "cron(0 5 * * ? *)",
        lifecycle: { delete_after: 35 },
      },
    ],
  });
  expect(one(BackupSelection)).toMatchObject({
    plan_id: refTo(AwsBackupPlan, "id"),
    iam_role_arn: refTo(IamRole, "arn"),
    resources: [TABLE],
    depends_on: [expect.stringMatching(/^aws_iam_role_policy_attachment\./)],
  });
  expect(outputs["vault-arn"].value).toEqual(refTo(BackupVault, "arn"));
});
it("has a role that AWS Backup takes, which may make backups and no more", () => {
  const { one } = build();
  expect(JSON.parse(one(IamRole).assume_role_policy).Statement).toEqual([
    { Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: ["sts:AssumeRole"] },
  ]);
  expect(one(IamRole).name_prefix).toBe("dev-receipts-backup-");
  expect(one(IamRolePolicyAttachment).policy_arn).toBe(
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
  );
});
it("takes a schedule, a key and cold storage, and deletes backups with the vault where asked", () => {
  const settings = { schedule: "30 2 * * SUN", retentionDays: 120, coldStorageDays: 30, kmsKeyArn: KEY };
  expect(rule(settings)).toMatchObject({
    schedule: "cron(30 2 ? * SUN *)",
    lifecycle: { delete_after: 120, cold_storage_after: 30 },
  });
  expect(build({ kmsKeyArn: KEY, deleteWithVault: true }).one(BackupVault)).toEqual({
    name: "dev-receipts",
    kms_key_arn: KEY,
    force_destroy: true,
  });
});
it("takes names of tables, which may be longer and have dots", () => {
  expect(build({}, "dev.receipts").one(BackupVault).name).toBe("dev-receipts");
  const long = (end: string) => build({}, `${"x".repeat(60)}${end}`).one(BackupVault).name;
  expect(long("a")).toMatch(/^x+-[0-9a-f]+$/);
  expect(long("a")).toHaveLength(50);
  expect(long("a")).not.toBe(long("b"));
});

describe("its settings", () => {
  it.each([
    [{ retentionDays: 1 }, { delete_after: 1 }],
    [{ retentionDays: 36_500 }, { delete_after: 36_500 }],
    [
      { retentionDays: 91, coldStorageDays: 1 },
      { delete_after: 91, cold_storage_after: 1 },
    ],
    [
      { retentionDays: 36_500, coldStorageDays: 36_410 },
      { delete_after: 36_500, cold_storage_after: 36_410 },
    ],
  ])("may be %j", (settings, lifecycle) => {
    expect(rule(settings).lifecycle).toEqual(lifecycle);
  });
  it.each<[string, object, string]>([
    ["retentionDays", { retentionDays: 0 }, ">=1"],
    ["retentionDays", { retentionDays: 36_501 }, "<=36500"],
    ["retentionDays", { retentionDays: 1.5 }, "int"],
    [
      "retentionDays",
      { retentionDays: 90, coldStorageDays: 1 },
      "must be at least 90 days more than coldStorageDays (1), got 90",
    ],
    // the retention by default
    ["retentionDays", { coldStorageDays: 30 }, "must be at least 90 days more than coldStorageDays (30), got 35"],
    ["coldStorageDays", { retentionDays: 100, coldStorageDays: 0 }, ">=1"],
    ["coldStorageDays", { retentionDays: 36_500, coldStorageDays: 36_411 }, "<=36410"],
    ["schedule", { schedule: "* 5 * * *" }, "must give the minute"],
    ["kmsKeyArn", { kmsKeyArn: "alias/a" }, "ARN of a KMS key"],
    ["deleteWithVault", { deleteWithVault: 1 }, "boolean"],
    ["", { vault: "mine" }, "vault"],
  ])("have no %s of %j", (path, settings, words) => {
    const { success, error } = backupSchema.safeParse(settings);
    expect(success).toBe(false);
    const faults = error?.issues.map((issue) => [issue.path.join("."), issue.message]);
    expect(faults).toContainEqual([path, expect.stringContaining(words)]);
  });
});
