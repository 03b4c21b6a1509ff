import { Construct } from "constructs";
import { z } from "zod";
import { BucketObject } from "../aws/storage/bucket-object";
import { bucketNamePart, bucketNameSchema, bucketPrefix, PrivateBucket } from "../aws/storage/private-bucket";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { DataKey } from "./data-key";

/** Settings of the two buckets. */
export const storageShape = {
  /** Versioning: keep overwritten and deleted objects for 90 more days. */
  s3Versioning: z.boolean().default(true),
  /**
   * Encryption: with `AES256`, S3's own keys, free of charge; with `aws:kms`, a separate KMS key, whose use is recorded
   * and requires permission.
   */
  s3Encryption: z.enum(["AES256", "aws:kms"]).default("AES256"),
  /** Age at which datasets move to Glacier, days, 30 to 3650. They must be restored before use. */
  s3LifecycleDays: z.int().min(30).max(3650).default(90),
  /** Age at which datasets are deleted, days, 31 to 3650 and more than `s3LifecycleDays`; never when absent. */
  s3ExpireDays: z.int().min(31).max(3650).optional(),
  /** Events of the buckets' objects in EventBridge, by which new data can start a training; free of charge. */
  s3Events: z.boolean().default(false),
  /** Bucket of the region for the server access logs of both, whose policy lets logging.s3.amazonaws.com write; none when absent. */
  s3AccessLogsBucket: orToken(bucketNameSchema).optional(),
  /** Let Terraform delete the buckets with their objects. */
  s3ForceDestroy: z.boolean().default(false),
};
const schema = z.object(storageShape);
export type StorageSettings = z.output<typeof schema>;

/** Rules across the settings of the buckets, and on the project's name, which prefixes their names. */
export function checkStorage(settings: StorageSettings & { projectName?: string }, ctx: z.RefinementCtx): void {
  const { s3LifecycleDays, s3ExpireDays, projectName } = settings;
  if (s3ExpireDays !== undefined && s3ExpireDays <= s3LifecycleDays) {
    refuse(ctx, "s3ExpireDays", `must be more than s3LifecycleDays (${s3LifecycleDays}), got ${s3ExpireDays}`);
  }
  const fault = projectName === undefined ? undefined : bucketNamePart.safeParse(projectName).error?.issues[0];
  if (fault) refuse(ctx, "projectName", `${fault.message} (it prefixes the names of buckets), got ${projectName}`);
}

/** Folders of each bucket, which the console shows before there are objects. */
const FOLDERS = {
  datasets: ["raw", "processed", "interim", "external"],
  models: ["trained", "artifacts", "experiments", "production"],
};
/** Days until a noncurrent version leaves the standard class, and until it is deleted. */
const NONCURRENT_MOVE_DAYS = 30;
const NONCURRENT_DAYS = 90;

export interface StorageProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  /** Trail whose records lie under the buckets' key too; none when absent. */
  readonly trailName?: string;
  readonly settings: StorageSettings;
}

/** The two buckets of a project: datasets, which move to Glacier, and models, which stay available. */
export class Storage extends Construct {
  readonly datasets: PrivateBucket;
  readonly models: PrivateBucket;
  /** KMS key of both; undefined with AES256. */
  readonly kmsKeyArn: string | undefined;

  constructor(scope: Construct, id: string, { prefix, trailName, settings }: StorageProps) {
    super(scope, id);
    this.kmsKeyArn =
      settings.s3Encryption === "aws:kms"
        ? new DataKey(this, "key", { name: `${prefix}-data`, trailName }).keyArn
        : undefined;
    const { s3ExpireDays: expire } = settings;
    const common = {
      forceDestroy: settings.s3ForceDestroy,
      versioning: settings.s3Versioning || ("suspended" as const),
      kmsKeyArn: this.kmsKeyArn,
      noncurrentVersionDays: NONCURRENT_DAYS,
      eventBridge: settings.s3Events,
      accessLogsBucket: settings.s3AccessLogsBucket,
    };

    this.datasets = new PrivateBucket(this, "datasets", {
      ...common,
      bucketPrefix: bucketPrefix(prefix, "datasets"),
      transition: { days: settings.s3LifecycleDays, storageClass: "GLACIER" },
      noncurrentTransition: { days: NONCURRENT_MOVE_DAYS, storageClass: "GLACIER" },
      expiration: expire === undefined ? undefined : { days: expire, exceptEmpty: true }, // folders are empty objects
      tags: { Purpose: "datasets" },
    });
    this.models = new PrivateBucket(this, "models", {
      ...common,
      bucketPrefix: bucketPrefix(prefix, "models"),
      noncurrentTransition: { days: NONCURRENT_MOVE_DAYS, storageClass: "STANDARD_IA" },
      tags: { Purpose: "models" },
    });
    this.folders(this.datasets, FOLDERS.datasets);
    this.folders(this.models, FOLDERS.models);
  }

  private folders(bucket: PrivateBucket, names: string[]): void {
    for (const name of names) {
      new BucketObject(this, `${name}-folder`, {
        bucket: bucket.bucketId,
        key: `${name}/`,
        contentType: "application/x-directory",
        dependsOn: bucket.ready,
      });
    }
  }
}
