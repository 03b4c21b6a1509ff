import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct, sortedEntries } from "../../common/collections";
import { allowReplacementShape, lastingSettings } from "../../common/lasting-settings";
import { refuse } from "../../common/settings/faults";
import { LogGroup, logGroupShape } from "../cloudwatch/log-group";
import { impossibleClass } from "./instance-classes";
import { databaseNameSchema, usernameSchema } from "./postgres-names";

/** Well-formed classes that do not support PostgreSQL 14 and later. */
const OLD_CLASS = /^db\.(m[1-4]|r[34]|t[12])\./;

/** Settings of the database. Bounds: RDS API reference, CreateDBInstance. */
export const postgresShape = {
  /** Major version of PostgreSQL, "14" to "18"; RDS chooses and upgrades the minor version. */
  postgresVersion: z
    .string()
    .regex(/^(1[4-8])$/, 'must be a major version from "14" to "18", without a minor version')
    .default("17"),
  /** Allow upgrading the instance to a new `postgresVersion`; needs `applyImmediately`. */
  allowMajorVersionUpgrade: z.boolean().default(false),
  /** Instance class, such as db.m7g.large: a size that its family has; a family that is newer than the record is accepted. */
  dbInstanceClass: z
    .string()
    .regex(/^db\.[a-z]+\d+[a-z]*\.(micro|small|medium|large|xlarge|\d{1,2}xlarge)$/, {
      abort: true,
      error: "must be an RDS instance class such as db.t4g.micro",
    })
    .refine((name) => !OLD_CLASS.test(name), {
      abort: true,
      error: "must be of a generation that runs PostgreSQL 14, such as db.t4g or db.m7g",
    })
    .superRefine((name, ctx) => {
      const fault = impossibleClass(name);
      if (fault) refuse(ctx, [], fault);
    })
    .default("db.t4g.micro"),
  /** Storage (gp3), GiB, 20 to 65536. It can grow later, never shrink. */
  dbStorage: z.int().min(20).max(65536).default(20),
  /** Limit of storage autoscaling, GiB, at least 10 % above `dbStorage`; no autoscaling when absent. */
  maxAllocatedStorage: z.int().min(22).max(65536).optional(),
  /** Name of the database: 1 to 63 lower-case letters, digits and underscores. Users of the shape add a default. */
  dbName: databaseNameSchema,
  /** Master user: 1 to 63 lower-case letters, digits and underscores. RDS generates its password and stores it in a secret. */
  dbUsername: usernameSchema.default("postgres"),
  /** TCP port, 1150 to 65535. */
  dbPort: z.int().min(1150).max(65535).default(5432),
  /** Multi-AZ deployment: a standby in a second zone. */
  dbMultiAz: z.boolean().default(false),
  /** Retention of backups for point-in-time recovery, days, 1 to 35. */
  backupRetentionDays: z.int().min(1).max(35).default(7),
  /** Protect the instance from deletion. */
  deletionProtection: z.boolean().default(true),
  /**
   * Keep a snapshot `<identifier>-final` when the instance is deleted. RDS refuses a second one of that name: remove or
   * copy the first before deleting an instance again.
   */
  finalSnapshot: z.boolean().default(true),
  /** Performance Insights, with the free retention of seven days. */
  performanceInsights: z.boolean().default(true),
  /** Allow IAM database authentication; the users are granted it in the database. */
  iamDatabaseAuthentication: z.boolean().default(false),
  /** Upgrade minor versions automatically in the maintenance window. */
  autoMinorVersionUpgrade: z.boolean().default(true),
  /** Apply changes immediately, with downtime if needed, rather than in the maintenance window. */
  applyImmediately: z.boolean().default(false),
  /** Logs to send to CloudWatch; an empty list for none. */
  logExports: z
    .array(z.enum(["postgresql", "upgrade"]))
    .refine(areDistinct, "must not name a log twice")
    .default(["postgresql", "upgrade"]),
  ...logGroupShape(90),
  ...allowReplacementShape,
};
export type PostgresSettings = z.output<z.ZodObject<typeof postgresShape>>;

/** Rules across the settings of the database. */
export function checkPostgres(settings: PostgresSettings, ctx: z.RefinementCtx): void {
  const { dbStorage, maxAllocatedStorage: most } = settings;
  // Source: RDS User Guide, "Managing capacity automatically with Amazon RDS storage autoscaling"
  const least = Math.ceil((dbStorage * 11) / 10);
  if (most !== undefined && most < least) {
    refuse(ctx, "maxAllocatedStorage", `must be at least ${least}, 10 % above dbStorage (${dbStorage}), got ${most}`);
  }
  if (settings.allowMajorVersionUpgrade && !settings.applyImmediately) {
    // a pending upgrade keeps the old parameter group in use, and Terraform fails to delete it
    refuse(ctx, "applyImmediately", "must be true where allowMajorVersionUpgrade is true, got false");
  }
}

/** Settings of the database, with its name and network. */
export interface PostgresDatabaseProps extends PostgresSettings {
  readonly identifier: string;
  readonly vpcId: string;
  readonly subnetGroupName: string;
  /** Security groups of the clients, by name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, string>>;
  /** Who the clients are, such as `the cluster's nodes`. */
  readonly clients: string;
  readonly kmsKeyArn?: string;
}

/** PostgreSQL on RDS, reachable by TLS from certain security groups only. */
export class PostgresDatabase extends Construct {
  readonly instance: DbInstance;
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: PostgresDatabaseProps) {
    super(scope, id);
    const { identifier, kmsKeyArn, performanceInsights, finalSnapshot } = props;

    this.securityGroupId = this.securityGroup(props);
    const logs = [...props.logExports].sort();
    const logGroups = logs.map(
      (log) =>
        // RDS writes here, and would create a log group that never expires
        new LogGroup(this, `${log}-logs`, { ...props, name: `/aws/rds/instance/${identifier}/${log}` }),
    );
    this.instance = new DbInstance(this, "instance", {
      identifier,
      engine: "postgres",
      engineVersion: props.postgresVersion,
      allowMajorVersionUpgrade: props.allowMajorVersionUpgrade || undefined,
      autoMinorVersionUpgrade: props.autoMinorVersionUpgrade,
      parameterGroupName: this.parameterGroup(props),
      instanceClass: props.dbInstanceClass,
      storageType: "gp3",
      allocatedStorage: props.dbStorage,
      maxAllocatedStorage: props.maxAllocatedStorage,
      storageEncrypted: true,
      kmsKeyId: kmsKeyArn,
      dbName: props.dbName,
      username: props.dbUsername,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: kmsKeyArn,
      iamDatabaseAuthenticationEnabled: props.iamDatabaseAuthentication || undefined,
      dbSubnetGroupName: props.subnetGroupName,
      vpcSecurityGroupIds: [this.securityGroupId],
      port: props.dbPort,
      publiclyAccessible: false,
      multiAz: props.dbMultiAz,
      backupRetentionPeriod: props.backupRetentionDays,
      copyTagsToSnapshot: true,
      deletionProtection: props.deletionProtection,
      skipFinalSnapshot: !finalSnapshot,
      finalSnapshotIdentifier: finalSnapshot ? `${identifier}-final` : undefined,
      ...(performanceInsights && {
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: kmsKeyArn,
        performanceInsightsRetentionPeriod: 7,
      }),
      applyImmediately: props.applyImmediately || undefined,
      lifecycle: lastingSettings(this, "lasting", {
        what: "the database",
        settings: { dbName: props.dbName, dbUsername: props.dbUsername, kmsKeyArn },
        allowReplacement: props.allowReplacement,
      }),
      ...(logGroups.length > 0 && { enabledCloudwatchLogsExports: logs, dependsOn: logGroups }),
    });
  }

  /** Security group of the instance, without egress. */
  private securityGroup({ identifier, vpcId, dbPort, clientSecurityGroupIds, clients }: PostgresDatabaseProps): string {
    const { id } = new SecurityGroup(this, "security-group", {
      namePrefix: `${identifier}-`,
      description: `PostgreSQL of ${identifier}`,
      vpcId,
      tags: { Name: identifier },
      lifecycle: { createBeforeDestroy: true },
    });
    for (const [name, referencedSecurityGroupId] of sortedEntries(clientSecurityGroupIds)) {
      new VpcSecurityGroupIngressRule(this, `${name}-ingress`, {
        securityGroupId: id,
        referencedSecurityGroupId,
        ipProtocol: "tcp",
        fromPort: dbPort,
        toPort: dbPort,
        description: `PostgreSQL from ${clients}`,
      });
    }
    return id;
  }

  /**
   * Requires TLS, which PostgreSQL 14 on RDS does not by default. Always a parameter group of the instance's own: an upgrade
   * must name a group of the new family, and AWS's default groups exist only after their first use.
   */
  private parameterGroup({ identifier, postgresVersion }: PostgresDatabaseProps): string {
    return new DbParameterGroup(this, "parameters", {
      namePrefix: `${identifier}-`,
      family: `postgres${postgresVersion}`,
      parameter: [{ name: "rds.force_ssl", value: "1" }],
      lifecycle: { createBeforeDestroy: true },
    }).name;
  }
}
