import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import { type TerraformProvider, TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { bucketPrefix, isAwsProvider, PrivateBucket } from "../aws/storage/private-bucket";
import { ManagedRole } from "../common/iam/managed-role";
import { policy, type Statement, trust } from "../common/iam/policy";
import { refuse } from "../common/settings/faults";
import { regionSchema } from "../common/settings/region";
import { DataKey } from "./data-key";
import type { Storage, StorageSettings } from "./storage";

/** Settings of the bucket replication. */
export const replicationShape = {
  /** Replication of every new object to a second region. Older objects are not replicated. */
  replication: z
    .strictObject({
      /** Region of the replicas, different from that of the stack. */
      region: regionSchema,
      /** Storage class of the replicas; that of the object when absent. */
      storageClass: z
        .enum(["STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"])
        .optional(),
      /**
       * Replicate deletions. Otherwise replicas survive an accidental deletion, and an object has to be deleted in both
       * regions.
       */
      deleteMarkers: z.boolean().default(false),
    })
    .optional(),
  /** AWS provider with an alias, in the region of `replication`. */
  replicaProvider: z
    .custom<TerraformProvider>((value) => isAwsProvider(value) && Boolean(value.alias), {
      error: "must be an AwsProvider with an alias, in replication.region",
    })
    .optional(),
};
const schema = z.object(replicationShape);
type Settings = z.output<typeof schema>;
type Replicas = NonNullable<Settings["replication"]>;

/** Rules across the settings of replication and of the buckets. */
export function checkReplication(settings: Settings & Pick<StorageSettings, "s3Versioning">, ctx: z.RefinementCtx) {
  const { replication, replicaProvider, s3Versioning } = settings;
  if (!replication) {
    if (replicaProvider) refuse(ctx, "replicaProvider", "must be left out without replication, got a provider");
    return;
  }
  // Source: Amazon S3 User Guide, "Requirements and considerations for replication"
  if (!s3Versioning) refuse(ctx, "s3Versioning", "must be true where replication is set, got false");
  if (!replicaProvider) return refuse(ctx, "replicaProvider", "is required where replication is set, got nothing");
  const region = regionOf(replicaProvider);
  if (region !== undefined && region !== replication.region) {
    refuse(ctx, "replicaProvider", `must be in replication.region (${replication.region}), got one in ${region}`);
  }
  if (region !== undefined && region === ownRegion(replicaProvider)) {
    // a replica in the same region would be lost with it
    const message = `must not be the stack's own region, got ${region}`;
    refuse(ctx, ["replication", "region"], message);
  }
}

export interface ReplicationProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  readonly storage: Storage;
  /** Provider of the replicas' region. */
  readonly provider: TerraformProvider;
  readonly settings: Replicas & Pick<StorageSettings, "s3ForceDestroy" | "s3ExpireDays">;
}

/** Replicas of the two buckets in a second region, and the role of S3 to replicate. */
export class Replication extends Construct {
  readonly datasets: PrivateBucket;
  readonly models: PrivateBucket;
  /** KMS key of both replicas; undefined if the buckets have none. */
  readonly kmsKeyArn: string | undefined;

  constructor(scope: Construct, id: string, { prefix, storage, provider, settings }: ReplicationProps) {
    super(scope, id);
    this.kmsKeyArn = storage.kmsKeyArn && new DataKey(this, "key", { name: `${prefix}-data-copy`, provider }).keyArn;
    const { s3ExpireDays: expire } = settings;
    const common = { forceDestroy: settings.s3ForceDestroy, kmsKeyArn: this.kmsKeyArn, provider };
    this.datasets = new PrivateBucket(this, "datasets", {
      ...common,
      bucketPrefix: bucketPrefix(prefix, "datasets-copy"),
      expiration: expire === undefined ? undefined : { days: expire }, // S3 does not replicate deletions by lifecycle rules
      tags: { Purpose: "copy of datasets" },
    });
    this.models = new PrivateBucket(this, "models", {
      ...common,
      bucketPrefix: bucketPrefix(prefix, "models-copy"),
      tags: { Purpose: "copy of models" },
    });

    const pairs = [
      { name: "datasets", from: storage.datasets, to: this.datasets },
      { name: "models", from: storage.models, to: this.models },
    ];
    const statements = pairs.flatMap(({ from, to }) => copy(from, to));
    const keys = storage.kmsKeyArn && this.kmsKeyArn ? { from: storage.kmsKeyArn, to: this.kmsKeyArn } : undefined;
    const role = new ManagedRole(this, "role", {
      name: `${prefix}-replication`,
      assumeRolePolicy: trust("s3.amazonaws.com"),
      policyArns: {},
      policies: { replicate: policy(...statements, ...(keys ? recrypt(keys, pairs) : [])) },
    });
    for (const { name, from, to } of pairs) {
      new S3BucketReplicationConfigurationA(this, `${name}-replication`, {
        bucket: from.bucketId,
        role: role.arn,
        rule: [
          {
            id: "everything",
            status: "Enabled",
            priority: 0,
            filter: { prefix: "" },
            deleteMarkerReplication: { status: settings.deleteMarkers ? "Enabled" : "Disabled" },
            sourceSelectionCriteria: keys && { sseKmsEncryptedObjects: { status: "Enabled" } },
            destination: {
              bucket: to.bucketArn,
              storageClass: settings.storageClass,
              encryptionConfiguration: keys && { replicaKmsKeyId: keys.to },
            },
          },
        ],
        dependsOn: [...from.ready, ...to.ready, ...role.policies],
      });
    }
  }
}

/** Region of an AWS provider, if known at synth time. */
function regionOf(provider: unknown): string | undefined {
  const region = provider instanceof AwsProvider ? provider.region : undefined;
  return Token.isUnresolved(region) ? undefined : region;
}

/** Region of the stack's provider without an alias. */
const ownRegion = (provider: TerraformProvider): string | undefined =>
  regionOf(
    TerraformStack.of(provider)
      .node.findAll()
      .find((node) => isAwsProvider(node) && !node.alias),
  );

/** Source: Amazon S3 User Guide, "Setting up permissions for live replication". */
const copy = (from: PrivateBucket, to: PrivateBucket): Statement[] => [
  { Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: from.bucketArn },
  {
    Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
    Resource: `${from.bucketArn}/*`,
  },
  { Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], Resource: `${to.bucketArn}/*` },
];

/**
 * Use of the keys through S3 for these buckets only; with a bucket key, the bucket is the encryption context. Source: Amazon
 * S3 User Guide, "Replicating encrypted objects".
 */
function recrypt(keys: { from: string; to: string }, pairs: { from: PrivateBucket; to: PrivateBucket }[]): Statement[] {
  const statement = (action: string, key: string, buckets: PrivateBucket[]): Statement => ({
    Action: action,
    Resource: key,
    Condition: {
      StringLike: {
        "kms:ViaService": [...new Set(buckets.map(({ bucketRegion }) => `s3.${bucketRegion}.amazonaws.com`))],
        "kms:EncryptionContext:aws:s3:arn": buckets.map(({ bucketArn }) => bucketArn),
      },
    },
  });
  return [
    statement(
      "kms:Decrypt",
      keys.from,
      pairs.map(({ from }) => from),
    ),
    statement(
      "kms:Encrypt",
      keys.to,
      pairs.map(({ to }) => to),
    ),
  ];
}
