import { BackupPlan as AwsBackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { Construct } from "constructs";
import { z } from "zod";
import { awsPolicyArn, ManagedRole } from "../../common/iam/managed-role";
import { trust } from "../../common/iam/policy";
import { boundedName } from "../../common/names";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { awsCron, cronSchema } from "../../common/settings/cron";
import { refuse } from "../../common/settings/faults";

/** Days for which cold storage is billed at least. Source: AWS Backup API reference, Lifecycle. */
const COLD_DAYS = 90;

/** Backups by a plan of AWS Backup. */
export const backupSchema = z
  .strictObject({
    /** When one is made, UTC: minute, hour, day of month, month, day of week, as `0 5 * * *`. */
    schedule: cronSchema.default("0 5 * * *"),
    /** Days that it is kept, 1 to 36500. */
    retentionDays: z.int().min(1).max(36_500).default(35),
    /** Days until it moves to cold storage, where it stays 90 days at least; never when absent. */
    coldStorageDays: z.int().min(1).max(36_410).optional(),
    /** KMS key of the vault; the key that AWS manages for backups in the account when absent. A change replaces the vault. */
    kmsKeyArn: kmsKeyArnSchema.optional(),
    /** Delete the backups with the vault. Else AWS refuses to delete a vault that has any. */
    deleteWithVault: z.boolean().default(false),
  })
  .superRefine(({ retentionDays, coldStorageDays: cold }, ctx) => {
    if (cold === undefined || retentionDays >= cold + COLD_DAYS) return;
    const message = `must be at least ${COLD_DAYS} days more than coldStorageDays (${cold}), got ${retentionDays}`;
    refuse(ctx, "retentionDays", message);
  });

export interface BackupPlanProps {
  /** Name of the plan and the vault, at most 50 characters; a longer one is cut and hashed. */
  readonly name: string;
  /** What is backed up. */
  readonly resourceArns: string[];
  readonly settings: z.output<typeof backupSchema>;
}

/** Plan of AWS Backup with a vault of its own. */
export class BackupPlan extends Construct {
  readonly vaultArn: string;

  constructor(scope: Construct, id: string, { name, resourceArns, settings }: BackupPlanProps) {
    super(scope, id);
    const bounded = boundedName(50, name.replace(/[^\w-]/g, "-")); // Source: AWS Backup API reference, CreateBackupVault
    const vault = new BackupVault(this, "vault", {
      name: bounded,
      kmsKeyArn: settings.kmsKeyArn,
      forceDestroy: settings.deleteWithVault,
    });
    const { coldStorageDays, retentionDays } = settings;
    const plan = new AwsBackupPlan(this, "plan", {
      name: bounded,
      rule: [
        {
          ruleName: "scheduled",
          targetVaultName: vault.name,
          schedule: awsCron(settings.schedule),
          lifecycle: {
            deleteAfter: retentionDays,
            ...(coldStorageDays !== undefined && { coldStorageAfter: coldStorageDays }),
          },
        },
      ],
    });
    const role = new ManagedRole(this, "role", {
      name: `${name}-backup`,
      assumeRolePolicy: trust("backup.amazonaws.com"),
      policyArns: { backup: awsPolicyArn("service-role/AWSBackupServiceRolePolicyForBackup") },
    });
    new BackupSelection(this, "selection", {
      name: "table",
      planId: plan.id,
      iamRoleArn: role.arn,
      resources: resourceArns,
      dependsOn: role.policies,
    });
    this.vaultArn = vault.arn;
  }
}
