import { z } from "zod";
import { refuse } from "../modules/common/settings/faults";
import { orToken } from "../modules/common/settings/props";
import { commercialRegionSchema } from "../modules/common/settings/region";
import { MAX_TAGS, tagsSchema } from "../modules/common/settings/tags";

const localStateSchema = z.strictObject({
  /** State files on this machine: for a first try, or for one person. */
  kind: z.literal("local"),
  /** Folder of the state files, relative to the project. */
  directory: z.string().min(1).default("state"),
});

const s3StateSchema = z.strictObject({
  /** State in S3, encrypted and locked. The stack `<environment>-state` creates the bucket. */
  kind: z.literal("s3"),
  /** Bucket name, globally unique. */
  bucket: z
    .string()
    // S3 User Guide, "General purpose bucket naming rules"; no dots, which break TLS on virtual-hosted addresses
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "must have 3 to 63 lower-case letters, digits and hyphens"),
  /** Region of the bucket; the environment's own when absent. */
  region: commercialRegionSchema.optional(),
  /** KMS key that encrypts the state, as ARN or `alias/...`; when absent `alias/<bucket>`, which the state stack creates. */
  kmsKeyId: orToken(
    z.string().regex(/^(arn:[^:]+:kms:|alias\/)/, "must be a KMS key ARN or an alias such as alias/ml-infra-state"),
  ).optional(),
});

/** Tags that every stack sets itself. */
const OWN_TAGS = ["Environment", "System", "Stack", "ManagedBy"];
/** Tags that resources, EKS, Karpenter and drivers of volumes set at most beside those of a stack. */
const FURTHER_TAGS = 10;
/** Tags that a system adds to those of every stack, at most. */
const SYSTEM_TAGS = 3;
/** What is left of the tags that a resource takes. */
const MAX_OWN = MAX_TAGS - FURTHER_TAGS - SYSTEM_TAGS - OWN_TAGS.length;

/** What every stack needs of its environment. */
export const baseShape = {
  /** Short name with which every stack id begins: 2 to 16 lower-case letters, digits and hyphens, a letter first. */
  name: z
    .string()
    .regex(/^[a-z](-?[a-z0-9]){1,15}$/, "must have 2 to 16 lower-case letters, digits and hyphens, a letter first"),
  /** AWS region of every stack. */
  region: commercialRegionSchema,
  /**
   * Instance types and database classes (`db.…`) that the region offers though this project's records, which are older,
   * have them in other regions only: up to 100.
   */
  offeredTypes: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9-]+(\.[a-z0-9-]+){1,2}$/, "must be a type such as m5.xlarge or a class such as db.m5.large"),
    )
    .max(100)
    .default([]),
  /** AWS account of the stacks; the provider refuses credentials of any other. */
  account: z
    .string()
    .regex(/^\d{12}$/, "must be an AWS account number of 12 digits")
    .optional(),
  /** Where Terraform keeps the state. */
  state: z.discriminatedUnion("kind", [localStateSchema, s3StateSchema]).default({ kind: "local", directory: "state" }),
  /**
   * Tags on every resource, at most 33, and 26 with Prefect's workers, in addition to Environment, System, Stack and
   * ManagedBy, which the stacks set. They are also on what is created later from a description of ours: instances, volumes, network interfaces, load balancers,
   * tasks and snapshots. They are not on objects in buckets, of which S3 takes ten tags at most, on the Auto Scaling groups and
   * the security group that EKS creates, nor on nodes of Auto Mode's built-in pools, which take none.
   */
  tags: tagsSchema.superRefine(checkTags).default({}),
};

function checkTags(tags: Record<string, string>, ctx: z.RefinementCtx): void {
  const keys = Object.keys(tags);
  if (keys.length > MAX_OWN) {
    const others = MAX_TAGS - MAX_OWN;
    refuse(
      ctx,
      [],
      `must be at most ${MAX_OWN}, since up to ${others} of ${MAX_TAGS} are set beside, got ${keys.length}`,
    );
  }
  for (const [index, key] of keys.entries()) {
    const same = (other: string) => other.toLowerCase() === key.toLowerCase();
    if (OWN_TAGS.some(same)) refuse(ctx, key, "is set by every stack; choose another key");
    const earlier = keys.slice(0, index).find(same);
    // Source: IAM User Guide, "Tags for AWS Identity and Access Management resources", case sensitivity
    if (earlier) refuse(ctx, key, `must differ from ${earlier} by more than its case, which IAM does not tell apart`);
    // Drivers and controllers in a cluster take tags as lists of key=value
    if (key.includes("=")) refuse(ctx, key, "must have no equals sign, which parts a tag's key from its value");
  }
}

const schema = z.object(baseShape);
/** What every stack needs of its environment, checked and with the defaults filled in. */
export type BaseSettings = z.output<typeof schema>;
/** Where the state is kept. */
export type StateSettings = BaseSettings["state"];
