import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { type ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { denyInsecureTransport, policy, type Statement } from "../../common/iam/policy";
import { boundedName } from "../../common/names";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { checkedBy } from "../../common/settings/checked-by";
import { refuse } from "../../common/settings/faults";
import { orToken, parseProps, show } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";

/** Maximum length of `bucketPrefix`: S3's 63 characters less the provider's suffix of 26. */
const BUCKET_PREFIX_LIMIT = 37;

/** Prefix `<name>-<noun>-` of a bucket's name; a `name` that is too long is cut and hashed. */
export const bucketPrefix = (name: string, noun: string): string =>
  `${boundedName(BUCKET_PREFIX_LIMIT - noun.length - 2, name)}-${noun}-`;

/** Reserved by S3. Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
const RESERVED_PREFIX = /^(xn--|sthree-|amzn-s3-demo-)/;
const RESERVED_SUFFIX = /(-s3alias|--ol-s3|--x-s3|--table-s3)$/;

/** Part of a bucket name. */
export const bucketNamePart = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens, a letter or a digit first")
  .refine(
    (name) => !RESERVED_PREFIX.test(name),
    "must not begin with xn--, sthree- or amzn-s3-demo-, which S3 reserves",
  );

/**
 * Name of a bucket: 3 to 63 lower-case letters, digits and hyphens. S3 also allows dots, but its certificate does not cover
 * such names, and these buckets require TLS.
 */
export const bucketNameSchema = bucketNamePart
  .min(3)
  .max(63)
  .refine((name) => !name.endsWith("-"), "must end with a letter or a digit")
  .refine(
    (name) => !RESERVED_SUFFIX.test(name),
    "must not end with -s3alias, --ol-s3, --x-s3 or --table-s3, which S3 reserves",
  );

/** Retention of noncurrent versions, days: up to 10 years. */
export const noncurrentDaysSchema = z.int().min(1).max(3650);
/** Number of newest noncurrent versions kept beyond their retention; S3's maximum is 100. */
export const noncurrentKeptSchema = z.int().min(1).max(100);

const transitionSchema = z
  .strictObject({
    /** Days after which an object moves. */
    days: z.int().min(1).max(3650),
    /** Target storage class. */
    storageClass: z.enum(["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]),
  })
  .superRefine(({ days, storageClass }, ctx) => {
    // Source: Amazon S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle", constraints
    if (days >= 30 || !storageClass.endsWith("_IA")) return;
    refuse(ctx, "days", `must be at least 30 for ${storageClass}, got ${days}`);
  });

const schema = z
  .strictObject({
    /** Globally unique name. Either this or `bucketPrefix`. */
    bucket: orToken(bucketNameSchema).optional(),
    /** Prefix of a generated name, at most 37 characters. Either this or `bucket`. */
    bucketPrefix: bucketNamePart.max(BUCKET_PREFIX_LIMIT).optional(),
    /** Let Terraform delete the bucket with the objects in it. */
    forceDestroy: z.boolean().default(false),
    /** Make Terraform refuse plans that would delete the bucket. */
    preventDestroy: z.boolean().default(false),
    /**
     * Versioning. `"suspended"` is for buckets that were versioned before: S3 can suspend versioning but never turn it off.
     */
    versioning: z
      .union([z.boolean(), z.literal("suspended")], {
        error: ({ input }) => `must be a boolean or "suspended", got ${show(input)}`,
      })
      .default(true),
    /** KMS key that encrypts the objects, with a bucket key to save KMS calls; S3's own key (AES-256) when absent. */
    kmsKeyArn: kmsKeyArnSchema.optional(),
    /** Retention of noncurrent versions, days, 1 to 3650. */
    noncurrentVersionDays: noncurrentDaysSchema.default(90),
    /** Number of newest noncurrent versions kept beyond that, 1 to 100; none when absent. */
    noncurrentVersionsKept: noncurrentKeptSchema.optional(),
    /** Transition of objects to a cheaper storage class; none when absent. */
    transition: transitionSchema.optional(),
    /** Transition of noncurrent versions to a cheaper storage class; none when absent. */
    noncurrentTransition: transitionSchema.optional(),
    /** Expiration of objects by age; none when absent. */
    expiration: z
      .strictObject({
        /** Days after which an object is deleted. */
        days: z.int().min(1).max(3650),
        /** Keep empty objects, some of which are folder markers. */
        exceptEmpty: z.boolean().default(false),
      })
      .optional(),
    /**
     * Bucket of the same region and account for server access logs, under `<name of this bucket>/`; none when absent. Its
     * policy must let logging.s3.amazonaws.com write: `AccessLogBucket` is one.
     */
    accessLogsBucket: orToken(bucketNameSchema).optional(),
    /** Send an event to EventBridge for each object created, deleted or restored; free of charge. */
    eventBridge: z.boolean().default(false),
    /** Further statements of the bucket policy, as a function of the bucket's ARN. */
    statements: z
      .custom<(bucketArn: string) => Statement[]>((value) => typeof value === "function", {
        error: "must be a function from the bucket's ARN to policy statements",
      })
      .optional(),
    /** AWS provider of the bucket's region; the stack's own when absent. */
    provider: z.custom<TerraformProvider>(isAwsProvider, { error: "must be an AwsProvider" }).optional(),
    /** Tags on the bucket. */
    tags: tagsSchema.optional(),
  })
  .superRefine(({ bucket, bucketPrefix, ...props }, ctx) => {
    if ((bucket === undefined) === (bucketPrefix === undefined)) {
      refuse(
        ctx,
        ["bucket"],
        `or bucketPrefix is required, but not both, got ${bucket === undefined ? "neither" : "both"}`,
      );
    }
    if (props.forceDestroy && props.preventDestroy) {
      refuse(ctx, "forceDestroy", "must be false where preventDestroy is true, got true");
    }
    const { noncurrentTransition: moved, noncurrentVersionDays: days } = props;
    if (moved && moved.days >= days) {
      refuse(
        ctx,
        ["noncurrentTransition", "days"],
        `must be less than noncurrentVersionDays (${days}), got ${moved.days}`,
      );
    }
    const { transition, expiration } = props;
    if (transition && expiration && expiration.days <= transition.days) {
      refuse(
        ctx,
        ["expiration", "days"],
        `must be more than transition.days (${transition.days}), got ${expiration.days}`,
      );
    }
  });
export type PrivateBucketProps = z.input<typeof schema>;
/** Checks the settings of a user; a stack names the bucket where they do not. */
export const privateBucketSettings = checkedBy(schema, ({ bucket }: PrivateBucketProps) => ({
  bucketPrefix: bucket === undefined ? "any" : undefined,
  provider: undefined,
}));

/** S3 bucket without public access, with TLS required, objects encrypted and old versions expired. */
export class PrivateBucket extends Construct {
  readonly bucketName: string;
  readonly bucketId: string;
  readonly bucketArn: string;
  /** Region of the bucket. */
  readonly bucketRegion: string;
  /** Host of the bucket in its region, as CloudFront calls it. */
  readonly regionalDomainName: string;
  /** Customer managed key of its objects, if any. */
  readonly kmsKeyArn: string | undefined;
  /** What must exist before objects are written: access settings, encryption and versioning. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, input: PrivateBucketProps) {
    super(scope, id);
    const props = parseProps(this, schema, input);
    const { kmsKeyArn, versioning, provider } = props;

    const created = new S3Bucket(this, "bucket", {
      bucket: props.bucket,
      bucketPrefix: props.bucketPrefix,
      forceDestroy: props.forceDestroy,
      tags: props.tags,
      lifecycle: props.preventDestroy ? { preventDestroy: true } : undefined,
      provider,
    });
    const bucket = created.id;
    const closed = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      provider,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    // S3 refuses concurrent changes of access: public access block, policy and ownership follow one another.
    const attached = new S3BucketPolicy(this, "policy", {
      bucket,
      provider,
      policy: policy(denyInsecureTransport(created.arn), ...(props.statements?.(created.arn) ?? [])),
      dependsOn: [closed],
    });
    const owned = new S3BucketOwnershipControls(this, "ownership", {
      bucket,
      provider,
      rule: { objectOwnership: "BucketOwnerEnforced" },
      dependsOn: [attached],
    });
    const encrypted = new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      provider,
      rule: [
        kmsKeyArn
          ? {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
              bucketKeyEnabled: true,
            }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ],
    });
    const status = versioning === "suspended" ? "Suspended" : "Enabled";
    const versions = versioning
      ? new S3BucketVersioningA(this, "versioning", { bucket, provider, versioningConfiguration: { status } })
      : undefined;
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      provider,
      rule: lifecycleRules(props),
      dependsOn: versions && [versions],
    });
    if (props.accessLogsBucket) {
      const target = { targetBucket: props.accessLogsBucket, targetPrefix: `${created.bucket}/` };
      new S3BucketLoggingA(this, "access-logs", { bucket, provider, ...target });
    }
    if (props.eventBridge) new S3BucketNotification(this, "events", { bucket, provider, eventbridge: true });

    this.bucketName = created.bucket;
    this.bucketId = created.id;
    this.bucketArn = created.arn;
    this.bucketRegion = created.region;
    this.regionalDomainName = created.bucketRegionalDomainName;
    this.kmsKeyArn = kmsKeyArn;
    this.ready = [owned, encrypted, ...(versions ? [versions] : [])];
  }
}

/** Whether `value` is an AWS provider, aliased or not. */
export function isAwsProvider(value: unknown): value is TerraformProvider {
  return TerraformProvider.isTerraformProvider(value) && value.terraformResourceType === "aws";
}

/** Lifecycle rules. The rule on noncurrent versions stays when versioning is off, to expire leftovers. */
function lifecycleRules(props: z.output<typeof schema>) {
  const { transition, noncurrentTransition: moved, expiration } = props;
  const everything = { status: "Enabled", filter: [{ prefix: "" }] };
  const kept = props.noncurrentVersionsKept;
  const abort = { id: "abort-multipart", ...everything, abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }] };
  const noncurrent = {
    id: "noncurrent",
    ...everything,
    // delete markers outlive the versions that they hid
    expiration: [{ expiredObjectDeleteMarker: true }],
    noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentVersionDays, newerNoncurrentVersions: kept }],
    noncurrentVersionTransition: moved && [{ noncurrentDays: moved.days, storageClass: moved.storageClass }],
  };
  return [
    // The provider keeps a number of versions that is no longer there, by the position of its rule: so that changes with it.
    ...(kept === undefined ? [abort, noncurrent] : [noncurrent, abort]),
    ...(transition ? [{ id: "transition", ...everything, transition: [transition] }] : []),
    ...(expiration ? [{ id: "expiration", ...everything, ...expire(expiration) }] : []),
  ];
}

const expire = ({ days, exceptEmpty }: { days: number; exceptEmpty: boolean }) => ({
  expiration: [{ days }],
  ...(exceptEmpty ? { filter: [{ objectSizeGreaterThan: 0 }] } : {}),
});
