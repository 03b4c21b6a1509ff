import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Construct } from "constructs";
import { z } from "zod";
import { bucketNamePart, bucketPrefix, PrivateBucket } from "../aws/storage/private-bucket";
import { refuse } from "../common/settings/faults";
import { DataKey } from "./data-key";

/** Inputs that concern the two buckets. */
export const storageShape = {
  /** Whether an overwritten or deleted object stays, as a noncurrent version, for 90 days more. */
  s3Versioning: z.boolean().default(true),
  /**
   * `AES256`: S3's own keys, free of charge. `aws:kms`: a key of the buckets' own, whose every use is recorded, and
   * which is closed to all who may not use it.
   */
  s3Encryption: z.enum(["AES256", "aws:kms"]).default("AES256"),
  /** Days, 30 to 3650, after which datasets move to Glacier, from which they have to be restored before use. */
  s3LifecycleDays: z.int().min(30).max(3650).default(90),
  /** Days, 31 to 3650 and more than `s3LifecycleDays`, after which datasets are deleted; never when absent. */
  s3ExpireDays: z.int().min(31).max(3650).optional(),
  /** Whether Terraform may delete the buckets with the objects in them. */
  s3ForceDestroy: z.boolean().default(false),
};
const schema = z.object(storageShape);
export type StorageSettings = z.output<typeof schema>;

/** Rules across the settings of the buckets, and on the project's name, with which the names of the buckets begin. */
export function checkStorage(settings: StorageSettings & { projectName?: string }, ctx: z.RefinementCtx): void {
  const { s3LifecycleDays, s3ExpireDays, projectName } = settings;
  if (s3ExpireDays !== undefined && s3ExpireDays <= s3LifecycleDays) {
    refuse(ctx, "s3ExpireDays", `must be more than s3LifecycleDays (${s3LifecycleDays}), got ${s3ExpireDays}`);
  }
  const fault = projectName === undefined ? undefined : bucketNamePart.safeParse(projectName).error?.issues[0];
  if (fault) refuse(ctx, "projectName", `${fault.message} (it begins the names of buckets), got ${projectName}`);
}

/** Folders of each bucket, which people see in the console before the first object is there. */
const FOLDERS = {
  datasets: ["raw", "processed", "interim", "external"],
  models: ["trained", "artifacts", "experiments", "production"],
};
/** Days after which an old version leaves the standard class, and after which it is deleted. */
const NONCURRENT_MOVE_DAYS = 30;
const NONCURRENT_DAYS = 90;

export interface StorageProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  readonly settings: StorageSettings;
}

/** The two buckets of a machine-learning project: datasets, which age into Glacier, and models, which stay at hand. */
export class Storage extends Construct {
  readonly datasets: PrivateBucket;
  readonly models: PrivateBucket;
  /** Key that encrypts both; none with AES256. */
  readonly kmsKeyArn: string | undefined;

  constructor(scope: Construct, id: string, { prefix, settings }: StorageProps) {
    super(scope, id);
    this.kmsKeyArn =
      settings.s3Encryption === "aws:kms" ? new DataKey(this, "key", { name: `${prefix}-data` }).keyArn : undefined;
    const { s3ExpireDays: expire } = settings;
    const common = {
      forceDestroy: settings.s3ForceDestroy,
      versioning: settings.s3Versioning || ("suspended" as const),
      kmsKeyArn: this.kmsKeyArn,
      noncurrentVersionDays: NONCURRENT_DAYS,
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
      new S3Object(this, `${name}-folder`, {
        bucket: bucket.bucketId,
        key: `${name}/`,
        contentType: "application/x-directory",
        // an object takes ten tags at most, and a stack may put more on everything
        overrideProvider: { defaultTags: { tags: {} } },
        dependsOn: bucket.ready,
      });
    }
  }
}
