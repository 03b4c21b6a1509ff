import { z } from "zod";
import { refuse } from "../modules/common/settings/faults";
import { orToken } from "../modules/common/settings/props";
import { commercialRegionSchema } from "../modules/common/settings/region";
import { tagsSchema } from "../modules/common/settings/tags";

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

/** What every stack needs of its environment. */
export const baseShape = {
  /** Short name with which every stack id begins: 2 to 16 lower-case letters, digits and hyphens, a letter first. */
  name: z
    .string()
    .regex(/^[a-z](-?[a-z0-9]){1,15}$/, "must have 2 to 16 lower-case letters, digits and hyphens, a letter first"),
  /** AWS region of every stack. */
  region: commercialRegionSchema,
  /** AWS account of the stacks; the provider refuses credentials of any other. */
  account: z
    .string()
    .regex(/^\d{12}$/, "must be an AWS account number of 12 digits")
    .optional(),
  /** Where Terraform keeps the state. */
  state: z.discriminatedUnion("kind", [localStateSchema, s3StateSchema]).default({ kind: "local", directory: "state" }),
  /** Tags on every resource, in addition to Environment, System, Stack and ManagedBy, which the stacks set. */
  tags: tagsSchema
    .superRefine((tags, ctx) => {
      for (const key of OWN_TAGS.filter((name) => name in tags)) {
        refuse(ctx, key, "is set by every stack; choose another key");
      }
    })
    .default({}),
};

const schema = z.object(baseShape);
/** What every stack needs of its environment, checked and with the defaults filled in. */
export type BaseSettings = z.output<typeof schema>;
/** Where the state is kept. */
export type StateSettings = BaseSettings["state"];
