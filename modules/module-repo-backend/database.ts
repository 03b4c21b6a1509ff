import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { z } from "zod";
import { LogGroup, logGroupShape } from "../aws/cloudwatch/log-group";
import { areDistinct } from "../common/collections";
import { refuse } from "../common/settings/faults";
import { databaseNameSchema, usernameSchema } from "./postgres-names";

/** Classes that run no PostgreSQL from 14 on, though their names are of the right form. */
const OLD_CLASS = /^db\.(m[1-4]|r[34]|t[12])\./;

/** Settings of the database, in the words of the module repository's inputs. Bounds: RDS API reference, CreateDBInstance. */
export const databaseSchema = z.strictObject({
  /** Major version of PostgreSQL, "14" to "18"; RDS chooses the minor version and raises it. */
  postgresVersion: z
    .string()
    .regex(/^(1[4-8])$/, 'must be a major version from "14" to "18", without a minor version')
    .default("17"),
  /** Whether a raised `postgresVersion` may upgrade the instance; needs `applyImmediately`. */
  allowMajorVersionUpgrade: z.boolean().default(false),
  /** Instance class, such as db.m7g.large. */
  dbInstanceClass: z
    .string()
    .regex(
      /^db\.[a-z]+\d[a-z]*\.(micro|small|medium|large|xlarge|\d{1,2}xlarge)$/,
      "must be an RDS instance class such as db.t4g.micro",
    )
    .refine(
      (name) => !OLD_CLASS.test(name),
      "must be of a generation that runs PostgreSQL 14, such as db.t4g or db.m7g",
    )
    .default("db.t4g.micro"),
  /** Disk in GiB, 20 to 65536, of type gp3. It can grow later, never shrink. */
  dbStorage: z.int().min(20).max(65536).default(20),
  /** GiB up to which RDS grows the disk by itself, at least 10 % above `dbStorage`; it does not grow when absent. */
  maxAllocatedStorage: z.int().min(22).max(65536).optional(),
  /** Name of the database: 1 to 63 lower-case letters, digits and underscores. */
  dbName: databaseNameSchema.default("modulerepo"),
  /** Master user: 1 to 63 lower-case letters, digits and underscores. RDS makes its password and keeps it in a secret. */
  dbUsername: usernameSchema.default("postgres"),
  /** TCP port, 1150 to 65535. */
  dbPort: z.int().min(1150).max(65535).default(5432),
  /** Whether a standby in a second zone takes over when the first fails. */
  dbMultiAz: z.boolean().default(false),
  /** Days, 1 to 35, that backups stay, and that the database can be put back to any second of. */
  backupRetentionDays: z.int().min(1).max(35).default(7),
  /** Whether AWS refuses to delete the instance. */
  deletionProtection: z.boolean().default(true),
  /**
   * Whether a snapshot called `<exadeployId>-rds-final` is left when the instance is deleted; off for data that no one
   * will miss. RDS refuses a second one of that name: remove or copy the first before an instance goes once more.
   */
  finalSnapshot: z.boolean().default(true),
  /** Whether the load of the database is recorded by query, seven days long and free of charge. */
  performanceInsights: z.boolean().default(true),
  /** Whether IAM may log users in; which users, the database decides. */
  iamDatabaseAuthentication: z.boolean().default(false),
  /** Whether RDS installs minor versions in the maintenance window. */
  autoMinorVersionUpgrade: z.boolean().default(true),
  /** Whether changes take effect at once, with an outage where one is due, rather than in the maintenance window. */
  applyImmediately: z.boolean().default(false),
  /** Logs that go to CloudWatch; none with []. */
  logExports: z
    .array(z.enum(["postgresql", "upgrade"]))
    .refine(areDistinct, "must not name a log twice")
    .default(["postgresql", "upgrade"]),
  ...logGroupShape(90),
});
type DatabaseSettings = z.output<typeof databaseSchema>;

/** Rules across the settings of the database. */
export function checkDatabase(settings: DatabaseSettings, ctx: z.RefinementCtx): void {
  const { dbStorage, maxAllocatedStorage: most } = settings;
  // Source: RDS User Guide, "Managing capacity automatically with Amazon RDS storage autoscaling"
  const least = Math.ceil((dbStorage * 11) / 10);
  if (most !== undefined && most < least) {
    refuse(ctx, "maxAllocatedStorage", `must be at least ${least}, 10 % above dbStorage (${dbStorage}), got ${most}`);
  }
  if (settings.allowMajorVersionUpgrade && !settings.applyImmediately) {
    // an upgrade that waits keeps the old parameter group in use, and Terraform fails to delete it
    refuse(ctx, "applyImmediately", "must be true where allowMajorVersionUpgrade is true, got false");
  }
}

/** Where the database stands and what it is called, beside its settings. */
export interface DatabaseProps extends DatabaseSettings {
  readonly identifier: string;
  readonly vpcId: string;
  readonly subnetGroupName: string;
  /** Security group whose members reach the database. */
  readonly clientSecurityGroupId: string;
  readonly kmsKeyArn?: string;
}

/** PostgreSQL on RDS, reached by TLS from one security group only. */
export class Database extends Construct {
  readonly instance: DbInstance;
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { identifier, kmsKeyArn, performanceInsights, finalSnapshot } = props;

    this.securityGroupId = this.securityGroup(props);
    const logs = [...props.logExports].sort();
    const logGroups = logs.map(
      (log) =>
        // RDS writes here, and keeps everything forever unless the group exists already
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
      ...(logGroups.length > 0 && { enabledCloudwatchLogsExports: logs, dependsOn: logGroups }),
    });
  }

  /** A group of the instance's own: no one else's rules reach it, and it leads nowhere. */
  private securityGroup({ identifier, vpcId, dbPort, clientSecurityGroupId }: DatabaseProps): string {
    const { id } = new SecurityGroup(this, "security-group", {
      namePrefix: `${identifier}-`,
      description: `PostgreSQL of ${identifier}`,
      vpcId,
      tags: { Name: identifier },
      lifecycle: { createBeforeDestroy: true },
    });
    new VpcSecurityGroupIngressRule(this, "nodes-ingress", {
      securityGroupId: id,
      referencedSecurityGroupId: clientSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: dbPort,
      toPort: dbPort,
      description: "PostgreSQL from the cluster's nodes",
    });
    return id;
  }

  /**
   * Refuses a connection without TLS, which PostgreSQL 14 on RDS would allow. A group of the instance's own for every
   * version: an upgrade has to name a group of the new family, and AWS's own groups exist only after their first use.
   */
  private parameterGroup({ identifier, postgresVersion }: DatabaseProps): string {
    return new DbParameterGroup(this, "parameters", {
      namePrefix: `${identifier}-`,
      family: `postgres${postgresVersion}`,
      parameter: [{ name: "rds.force_ssl", value: "1" }],
      lifecycle: { createBeforeDestroy: true },
    }).name;
  }
}
