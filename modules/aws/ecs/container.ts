import { z } from "zod";
import { sortedEntries } from "../../common/collections";
import { type Issues, refuse } from "../../common/settings/faults";
import { portSchema } from "../../common/settings/port";
import { orToken, show } from "../../common/settings/props";
import { terraformJson } from "../../common/terraform-json";
import { imageReferenceSchema } from "../ecr/image-reference";

/** Name of an environment variable. */
export const variableName = z
  .string()
  .max(255)
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, "must have letters, digits and _.- only, a letter or underscore first");

/** A secret or one key of it: the full ARN, with Secrets Manager's six-character suffix, and optionally `:key:stage:version`. */
export const valueFromSchema = orToken(
  z
    .string()
    .regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}(:[^:]*:[^:]*:[^:]*)?$/,
      "must be the full ARN of a secret, or that ARN and :key:: for one key of its JSON",
    ),
);

/** ECS's bounds. Source: ECS API reference, HealthCheck. */
const healthCheckSchema = z.strictObject({
  /** Command to run in the container, exit status 0 when healthy: `["CMD-SHELL", "..."]` or `["CMD", "program", "argument", ...]`. */
  command: z
    .array(z.string().min(1))
    .min(2)
    .refine(([how, ...rest]) => how === "CMD" || (how === "CMD-SHELL" && rest.length === 1), {
      error: ({ input }) =>
        `must be CMD and a program with its arguments, or CMD-SHELL and one line for the shell, got ${show(input)}`,
    }),
  /** Seconds between checks, 5 to 300. */
  interval: z.int().min(5).max(300).default(30),
  /** Timeout of a check, seconds, 2 to 60. */
  timeout: z.int().min(2).max(60).default(5),
  /** Consecutive failures before the task is replaced, 1 to 10. */
  retries: z.int().min(1).max(10).default(3),
  /** Grace period after the start, seconds, 0 to 300. */
  startPeriod: z.int().min(0).max(300).default(0),
});

/** Names of variables that hold secrets: passwords, and AWS credentials, which the task role makes unnecessary. */
const SECRET_NAME = /(^|_)(PASS|PASSWD|PASSWORD)$|^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/i;
/** URL with a password. */
const SECRET_VALUE = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

/** Refuses environment variables that hold secrets, which belong elsewhere as `advice` says. */
export function refuseSecrets(environment: Record<string, string>, ctx: Issues, path: string[], advice: string): void {
  for (const [name, value] of Object.entries(environment)) {
    if (SECRET_NAME.test(name)) refuse(ctx, [...path, name], `${advice}, not in environment, got a value`);
    else if (SECRET_VALUE.test(value)) {
      refuse(ctx, [...path, name], `${advice}, as it contains a password, got a URL with one`);
    }
  }
}

/**
 * Rules on the variables of a container; where a user has no `secrets`, the program has to read them itself. `path` leads to the
 * object that holds them.
 */
export function checkVariables(
  { environment, secrets }: { environment: Record<string, string>; secrets?: Record<string, string> },
  ctx: Issues,
  path: string[] = [],
): void {
  const advice = secrets ? "must be in secrets" : "must be read from Secrets Manager by the program";
  refuseSecrets(environment, ctx, [...path, "environment"], advice);
  const seen = new Map<string, string>();
  const named = [
    ...Object.keys(environment).map(placed("environment")),
    ...Object.keys(secrets ?? {}).map(placed("secrets")),
  ];
  for (const { place, name } of named) {
    const other = seen.get(name.toLowerCase());
    if (other) refuse(ctx, [...path, place, name], `must be one variable only, in one spelling, got ${other} too`);
    seen.set(name.toLowerCase(), `${place}.${name}`);
  }
}

/** Source: ECS quotas, task definition size. */
const MAX_BYTES = 65_536;

/** The only container of a task. */
export const containerSchema = z
  .strictObject({
    /** Name: 1 to 255 letters, digits, hyphens and underscores; the service's when absent. */
    name: z
      .string()
      .max(255)
      .regex(/^[A-Za-z0-9_-]+$/, "must have letters, digits, hyphens and underscores only")
      .optional(),
    /** Image by a fixed tag or a digest, so that every task runs what was tested. */
    image: orToken(imageReferenceSchema),
    /** Command in place of the image's, as a list of arguments; not parsed by a shell. */
    command: z.array(z.string()).min(1).optional(),
    /** Listening port, 1 to 65535; none when absent. */
    port: portSchema.optional(),
    /**
     * Environment variables by name. Not for secrets: they are readable in the task definition. Values from other resources
     * must not contain quotes, backslashes or line breaks.
     */
    environment: z.record(variableName, z.string()).default({}),
    /**
     * Environment variables that ECS fills from Secrets Manager when a task starts, by name: the ARN of a secret, or that
     * ARN and `:key::` for one key of its JSON.
     */
    secrets: z.record(variableName, valueFromSchema).default({}),
    /** Health check; ECS replaces unhealthy tasks. Fargate ignores the image's own. None when absent. */
    healthCheck: healthCheckSchema.optional(),
    /** Seconds from SIGTERM to SIGKILL, 1 to 120; Fargate's 30 when absent. */
    stopTimeout: z.int().min(1).max(120).optional(),
    /** User, `name` or `uid`, optionally with `:group`; the image's when absent. */
    user: z
      .string()
      .max(100)
      .regex(/^[A-Za-z0-9_][\w.-]*(:[A-Za-z0-9_][\w.-]*)?$/, "must be a user or uid, maybe with :group")
      .optional(),
    /** Make the root file system read-only, which rules out ECS Exec. */
    readonlyRootFilesystem: z.boolean().default(false),
    /** Run an init process that forwards signals and reaps children. ECS Exec implies it. */
    initProcess: z.boolean().default(false),
    /** Limit of open files, 1024 to 1048576; Fargate's 65535 when absent. */
    openFiles: z.int().min(1024).max(1_048_576).optional(),
  })
  .superRefine((container, ctx) => {
    checkVariables(container, ctx);
    const bytes = Buffer.byteLength(JSON.stringify(container));
    if (bytes > MAX_BYTES) {
      refuse(ctx, [], `must fit into a task definition, which has at most ${MAX_BYTES} bytes, got ${bytes}`);
    }
  });
export type ContainerSettings = z.output<typeof containerSchema>;

const placed = (place: string) => (name: string) => ({ place, name });

/** ARNs of the container's secrets, without keys, sorted and distinct. */
export const secretArns = ({ secrets }: Pick<ContainerSettings, "secrets">): string[] =>
  [...new Set(Object.values(secrets).map(withoutKey))].sort();

/** An ARN has seven parts; a reference to another resource's ARN counts as one. */
function withoutKey(valueFrom: string): string {
  const parts = valueFrom.split(":");
  return parts.slice(0, parts[0] === "arn" ? 7 : 1).join(":");
}

/** What a container gets from its task. */
export interface ContainerPlace {
  name: string;
  mounts: { name: string; containerPath: string; readOnly: boolean }[];
  logGroupName: string;
  logPrefix: string;
  region: string;
  executeCommand: boolean;
}

/** Container definitions of a task as a Terraform string: references are kept, and `${` in the user's text is escaped. */
export function renderContainer(container: ContainerSettings, place: ContainerPlace): string {
  const { healthCheck, port, openFiles, command, stopTimeout, user } = container;
  const init = container.initProcess || place.executeCommand;
  // no defaults: the provider compares this with what ECS returns
  const definition = {
    name: place.name,
    image: container.image,
    essential: true,
    ...(command && { command }),
    ...(port && { portMappings: [{ containerPort: port, hostPort: port, protocol: "tcp" }] }),
    ...list("environment", pairs(container.environment, "value")),
    ...list("secrets", pairs(container.secrets, "valueFrom")),
    ...list(
      "mountPoints",
      place.mounts.map(({ name, containerPath, readOnly }) => ({ sourceVolume: name, containerPath, readOnly })),
    ),
    ...(healthCheck && { healthCheck: { ...healthCheck, startPeriod: healthCheck.startPeriod || undefined } }),
    ...(stopTimeout && { stopTimeout }),
    ...(user && { user }),
    ...(container.readonlyRootFilesystem && { readonlyRootFilesystem: true }),
    ...(init && { linuxParameters: { initProcessEnabled: true } }),
    ...(openFiles && { ulimits: [{ name: "nofile", softLimit: openFiles, hardLimit: openFiles }] }),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": place.logGroupName,
        "awslogs-region": place.region,
        "awslogs-stream-prefix": place.logPrefix,
      },
    },
  };
  return terraformJson([definition]);
}

const pairs = (map: Record<string, string>, field: string) =>
  sortedEntries(map).map(([name, value]) => ({ name, [field]: value }));

const list = (key: string, items: object[]) => (items.length > 0 ? { [key]: items } : {});
