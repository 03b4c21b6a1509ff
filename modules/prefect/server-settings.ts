import { z } from "zod";
import { containerArchitectureSchema } from "../aws/ec2/architecture";
import { imageReferenceSchema } from "../aws/ecr/image-reference";
import { checkVariables, variableName } from "../aws/ecs/container";
import { checkFargateSize, fargateSizeShape } from "../aws/ecs/fargate-size";
import { checkPostgres, postgresShape } from "../aws/rds/postgres-database";
import { secretVersionSchema } from "../common/secrets/generated-secret";
import { kmsKeyArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";

/** Database of the server. */
const databaseSchema = z
  .strictObject({
    ...postgresShape,
    /** Name of the database: 1 to 63 lower-case letters, digits and underscores. */
    dbName: postgresShape.dbName.default("prefect"),
    /** Master user: 1 to 63 lower-case letters, digits and underscores. RDS generates its password and stores it in a secret. */
    dbUsername: postgresShape.dbUsername.default("prefect"),
  })
  .superRefine(checkPostgres);

/** Variables that are not the user's: those of the database and of the API are set by the construct. */
const OWN_VARIABLE =
  /^(PREFECT_SERVER_(API|DATABASE|UI)_.*|PREFECT_(API|UI)_.*|AWS_(REGION|DEFAULT_REGION)|DATABASE_CERTIFICATES)$/i;

/** What a user chooses of a server. */
export const serverShape = {
  /** Image with Prefect, by a fixed tag or a digest. Its migrations run when it starts; a database never goes back to an older one. */
  image: orToken(imageReferenceSchema).default("docker.io/prefecthq/prefect:3.9.1-python3.12"),
  /** CPU units of the server's one task; 1024 are a vCPU. */
  cpu: fargateSizeShape.cpu.default(512),
  /** Memory of the server's one task, MiB. */
  memory: fargateSizeShape.memory.default(1024),
  /** Processor architecture of the image. */
  architecture: containerArchitectureSchema.default("X86_64"),
  /** Ask callers for an auth string, which is generated into a secret. Off, everybody who reaches the server may do everything. */
  authentication: z.boolean().default(true),
  /** Generation of the auth string, from 1; raise it for a new one. Workers take it when ECS replaces them, as they turn unhealthy. */
  authVersion: secretVersionSchema.default(1),
  /**
   * Host, such as `prefect.example.com`, by which the load balancer knows the server; the path `/prefect` is used when absent.
   * Required where the certificate of the load balancer is given by its ARN.
   */
  host: z
    .string()
    .max(128)
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]+$/, "must be a host in lower case such as prefect.example.com")
    .optional(),
  /** PostgreSQL on RDS. `dbMultiAz` keeps a standby in a second zone. */
  database: databaseSchema.prefault({}),
  /** KMS key of the database, its password and the auth string; AWS managed keys when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Environment variables, such as Prefect's own settings. Not for secrets. */
  environment: z.record(variableName, z.string()).default({}),
  /** Allow shells in the server through ECS Exec. */
  executeCommand: z.boolean().default(false),
};
export type ServerSettings = z.output<z.ZodObject<typeof serverShape>>;

/** Rules across the inputs of {@link serverShape}. */
export function checkServer(settings: ServerSettings, ctx: z.RefinementCtx): void {
  checkFargateSize(settings, ctx);
  checkVariables(settings, ctx);
  for (const name of Object.keys(settings.environment).filter((variable) => OWN_VARIABLE.test(variable))) {
    refuse(ctx, ["environment", name], "must be left out, as the construct sets it, got a value");
  }
  if (settings.authVersion > 1 && !settings.authentication) {
    refuse(ctx, "authVersion", `must be left out where authentication is off, got ${settings.authVersion}`);
  }
}
