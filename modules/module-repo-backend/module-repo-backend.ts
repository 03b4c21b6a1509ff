import { Construct } from "constructs";
import { z } from "zod";
import { checkPostgres, PostgresDatabase, postgresShape } from "../aws/rds/postgres-database";
import { PrivateBucket } from "../aws/storage/private-bucket";
import { boundedName } from "../common/names";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { checkedBy } from "../common/settings/checked-by";
import { parseProps, reference } from "../common/settings/props";
import { Identity, identitySchema, type ModuleRepoCredentials } from "./identity";

/** Cluster of a backend; `Cluster` is one. */
interface BackendCluster {
  readonly clusterName: string;
  readonly nodeSecurityGroupId: string;
  /** Security groups of the pods by name, where it is not that of the nodes alone. */
  readonly podSecurityGroupIds?: Readonly<Record<string, string>>;
}

const schema = z
  .strictObject({
    /**
     * Name of this ExaDeploy, and prefix of all resources' names: at most 42 lower-case letters, digits and single hyphens, a
     * letter first and no hyphen last (the rules of RDS and S3 combined). Unique in an account and region.
     */
    exadeployId: z
      .string()
      .max(42)
      .regex(
        /^[a-z](-?[a-z0-9])*$/,
        "must be lower-case letters, digits and single hyphens, a letter first, no hyphen last",
      ),
    /** Network whose database subnets hold the database. */
    network: reference<{ vpcId: string; databaseSubnetGroupName: string }>(
      "a Network",
      "vpcId",
      "databaseSubnetGroupName",
    ),
    /** Cluster whose nodes connect to the database and whose pods access the bucket. */
    cluster: reference<BackendCluster>("a Cluster", "clusterName", "nodeSecurityGroupId"),
    ...postgresShape,
    /** Name of the database: 1 to 63 lower-case letters, digits and underscores. */
    dbName: postgresShape.dbName.default("modulerepo"),
    ...identitySchema.shape,
    /** KMS key of the database, its password and the bucket; AWS managed keys when absent. */
    kmsKeyArn: kmsKeyArnSchema.optional(),
    /** Let Terraform delete the bucket with the modules in it. */
    s3ForceDestroy: z.boolean().default(false),
  })
  .superRefine(checkPostgres);
export type ModuleRepoBackendProps = z.input<typeof schema>;
/** The settings without the wiring. */
export type ModuleRepoBackendSettings = Omit<ModuleRepoBackendProps, "exadeployId" | "network" | "cluster">;
/** Checks these settings. */
export const moduleRepoBackendSettings = checkedBy(schema, {
  exadeployId: "any",
  network: { vpcId: "any", databaseSubnetGroupName: "any" },
  cluster: { clusterName: "any", nodeSecurityGroupId: "any" },
});

/** Database and bucket that store the metadata and modules of ExaDeploy's module repository. */
export class ModuleRepoBackend extends Construct {
  readonly rdsAddress: string;
  readonly rdsPort: number;
  readonly rdsUsername: string;
  readonly rdsDatabase: string;
  /** Secret created by RDS, with keys `username` and `password`. */
  readonly masterUserSecretArn: string;
  /** Customer managed key of that secret, of the database and the bucket, if any. */
  readonly kmsKeyArn: string | undefined;
  readonly databaseSecurityGroupId: string;
  readonly s3BucketId: string;
  readonly s3BucketArn: string;
  readonly s3Region: string;
  readonly credentials: ModuleRepoCredentials;

  constructor(scope: Construct, id: string, props: ModuleRepoBackendProps) {
    super(scope, id);
    const { exadeployId, network, cluster, s3ForceDestroy, kmsKeyArn, ...settings } = parseProps(this, schema, props);

    const { instance, securityGroupId } = new PostgresDatabase(this, "database", {
      ...settings,
      identifier: `${exadeployId}-rds`,
      vpcId: network.vpcId,
      subnetGroupName: network.databaseSubnetGroupName,
      clientSecurityGroupIds: cluster.podSecurityGroupIds ?? { nodes: cluster.nodeSecurityGroupId },
      clients: "the cluster's nodes",
      kmsKeyArn,
    });
    const bucket = new PrivateBucket(this, "bucket", {
      bucketPrefix: `${boundedName(36, "module-repo", exadeployId)}-`,
      forceDestroy: s3ForceDestroy,
      kmsKeyArn,
    });
    const { credentials } = new Identity(this, "identity", {
      ...settings,
      exadeployId,
      clusterName: cluster.clusterName,
      bucketArn: bucket.bucketArn,
      kmsKeyArn,
    });

    this.rdsAddress = instance.address;
    this.rdsPort = instance.port;
    this.rdsUsername = instance.username;
    this.rdsDatabase = instance.dbName;
    this.masterUserSecretArn = instance.masterUserSecret.get(0).secretArn;
    this.kmsKeyArn = kmsKeyArn;
    this.databaseSecurityGroupId = securityGroupId;
    this.s3BucketId = bucket.bucketId;
    this.s3BucketArn = bucket.bucketArn;
    this.s3Region = bucket.bucketRegion;
    this.credentials = credentials;
  }
}
