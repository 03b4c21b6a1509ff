import { z } from "zod";
import { orToken, parseInput } from "../modules/common/settings/props";
import { regionSchema } from "../modules/common/settings/region";
import { tagsSchema } from "../modules/common/settings/tags";
import { exadeploySchema } from "./exadeploy/settings";
import { fossaSchema } from "./fossa/settings";
import { mlEc2Schema } from "./ml-ec2/settings";

/** An AWS account's number. */
const accountSchema = z.string().regex(/^\d{12}$/, "must be an AWS account number of 12 digits");

const localStateSchema = z.strictObject({
  /** State files on this machine: for a first try, and for one person. */
  kind: z.literal("local"),
  /** Folder of the state files, relative to the project. */
  directory: z.string().min(1).default("state"),
});

const s3StateSchema = z.strictObject({
  /** State in S3, encrypted and locked; `<environment>-state` is the stack that makes the bucket. */
  kind: z.literal("s3"),
  /** Name of the bucket; S3 bucket names are unique over all of AWS. */
  bucket: z
    .string()
    // S3 User Guide, "General purpose bucket naming rules"; no dots, which break TLS on virtual-hosted addresses
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "must have 3 to 63 lower-case letters, digits and hyphens"),
  /** Region of the bucket; the environment's own when absent. */
  region: regionSchema.optional(),
  /** Key that encrypts the state: ARN or `alias/...`; the alias that the state stack makes, `alias/<bucket>`, when absent. */
  kmsKeyId: orToken(
    z.string().regex(/^(arn:[^:]+:kms:|alias\/)/, "must be a KMS key ARN or an alias such as alias/ml-infra-state"),
  ).optional(),
});

const environmentSchema = z.strictObject({
  /** Short name that begins every stack id: lower-case letters, digits and hyphens, 2 to 16, letter first. */
  name: z
    .string()
    .regex(/^[a-z](-?[a-z0-9]){1,15}$/, "must have 2 to 16 lower-case letters, digits and hyphens, a letter first"),
  /** AWS region of every stack. */
  region: regionSchema,
  /** Account that the stacks belong to; the provider refuses credentials of any other. */
  account: accountSchema.optional(),
  /** Where Terraform keeps the state. */
  state: z.discriminatedUnion("kind", [localStateSchema, s3StateSchema]).default({ kind: "local", directory: "state" }),
  /** Tags on every resource, beside Environment, System, Stack and ManagedBy, which the stacks set. */
  tags: tagsSchema
    .superRefine((tags, ctx) => {
      for (const key of ["Environment", "System", "Stack", "ManagedBy"].filter((name) => name in tags)) {
        ctx.addIssue({
          code: "custom",
          path: [key],
          message: "is set by every stack; choose another key",
          input: tags,
        });
      }
    })
    .default({}),
  /** ExaDeploy's cloud: network, EKS cluster, module repository backend and peerings. */
  exadeploy: exadeploySchema.optional(),
  /** ML EC2: a training box with its buckets, or a fleet of them. */
  mlEc2: mlEc2Schema.optional(),
  /** Fossa: a farm of workers on Fargate with its gateway. */
  fossa: fossaSchema.optional(),
});

/** Settings of an environment as its file writes them. */
export type EnvironmentSettings = z.input<typeof environmentSchema>;
/** Settings of an environment, checked and with the defaults filled in. */
export type Environment = z.output<typeof environmentSchema>;

/**
 * Checks the settings of one environment; each file in `environments/` is one call of it.
 *
 * @throws InputError that names the environment, every bad key, its bound and its value. Settings below a construct's
 * key (such as `exadeploy.cluster`) are checked by that construct when its stack is made.
 */
export const defineEnvironment = (settings: EnvironmentSettings): Environment =>
  parseInput(`environment ${settings?.name ?? "without a name"}`, environmentSchema, settings);
