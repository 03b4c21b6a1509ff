import { z } from "zod";
import { sortedEntries } from "../../common/collections";
import { refuse } from "../../common/settings/faults";
import { portSchema } from "../../common/settings/port";
import { orToken, show } from "../../common/settings/props";
import { imageReferenceSchema } from "../ecr/image-reference";

const variableName = z
  .string()
  .max(255)
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, "must have letters, digits and _.- only, a letter or underscore first");

/** Secret, or one key of it: its full ARN, which ends in six characters of Secrets Manager's, and maybe `:key:stage:version`. */
const valueFromSchema = orToken(
  z
    .string()
    .regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}(:[^:]*:[^:]*:[^:]*)?$/,
      "must be the full ARN of a secret, or that ARN and :key:: for one key of its JSON",
    ),
);

/** ECS's bounds. Source: ECS API reference, HealthCheck. */
const healthCheckSchema = z.strictObject({
  /** What is run in the container, 0 when it is well: `["CMD-SHELL", "..."]` by its shell, or `["CMD", "program", "argument", ...]`. */
  command: z
    .array(z.string().min(1))
    .min(2)
    .refine(([how, ...rest]) => how === "CMD" || (how === "CMD-SHELL" && rest.length === 1), {
      error: ({ input }) =>
        `must be CMD and a program with its arguments, or CMD-SHELL and one line for the shell, got ${show(input)}`,
    }),
  /** Seconds between two checks, 5 to 300; 30 by default. */
  interval: z.int().min(5).max(300).default(30),
  /** Seconds that a check may take, 2 to 60; 5 by default. */
  timeout: z.int().min(2).max(60).default(5),
  /** Failures in a row, 1 to 10, after which the task is replaced; 3 by default. */
  retries: z.int().min(1).max(10).default(3),
  /** Seconds after the start, 0 to 300, in which failures do not count; 0 by default. */
  startPeriod: z.int().min(0).max(300).default(0),
});

/** Variables whose value would be a secret: passwords, and credentials of AWS, which the task's role makes needless. */
const SECRET_NAME = /(^|_)(PASS|PASSWD|PASSWORD)$|^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/i;
/** URL with a password in it. */
const SECRET_VALUE = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

/** Source: ECS quotas, task definition size. */
const MAX_BYTES = 65_536;

/** The one container of a task. */
export const containerSchema = z
  .strictObject({
    /** Name, 1 to 255 letters, digits, hyphens and underscores; that of the service when absent. */
    name: z
      .string()
      .max(255)
      .regex(/^[A-Za-z0-9_-]+$/, "must have letters, digits, hyphens and underscores only")
      .optional(),
    /** Image with a tag that never moves, or with a digest: what is tested is what runs, on each task. */
    image: orToken(imageReferenceSchema),
    /** Command in place of the image's own, a list of words; nothing splits or expands them. */
    command: z.array(z.string()).min(1).optional(),
    /** Port that it listens on, 1 to 65535; none when absent. */
    port: portSchema.optional(),
    /**
     * Variables, by name; none by default. Not for secrets, which everybody who sees the task definition would see too. A
     * value that another resource gives must hold no quotes, backslashes or line breaks.
     */
    environment: z.record(variableName, z.string()).default({}),
    /**
     * Variables that ECS fills from Secrets Manager as a task starts, by name; none by default. A value is the ARN of a
     * secret, or that ARN and `:key::` for one key of its JSON.
     */
    secrets: z.record(variableName, valueFromSchema).default({}),
    /** Check by which ECS replaces a task that is not well; those of the image do not count on Fargate. None when absent. */
    healthCheck: healthCheckSchema.optional(),
    /** Seconds from SIGTERM to SIGKILL, 1 to 120; Fargate's 30 when absent. */
    stopTimeout: z.int().min(1).max(120).optional(),
    /** User that it runs as, `name` or `uid`, maybe with `:group`; that of the image when absent. */
    user: z
      .string()
      .max(100)
      .regex(/^[A-Za-z0-9_][\w.-]*(:[A-Za-z0-9_][\w.-]*)?$/, "must be a user or uid, maybe with :group")
      .optional(),
    /** Whether it can write into its volumes only. ECS Exec does not work then. */
    readonlyRootFilesystem: z.boolean().default(false),
    /** Whether an init process forwards signals and reaps children; ECS Exec turns it on too. */
    initProcess: z.boolean().default(false),
    /** Files that it may have open, 1024 to 1048576; Fargate's 65535 when absent. */
    openFiles: z.int().min(1024).max(1_048_576).optional(),
  })
  .superRefine((container, ctx) => {
    const { environment, secrets } = container;
    for (const [name, value] of Object.entries(environment)) {
      if (SECRET_NAME.test(name))
        refuse(ctx, ["environment", name], "must stand in secrets, not in environment, got a value");
      else if (SECRET_VALUE.test(value)) {
        refuse(ctx, ["environment", name], "must stand in secrets, as it holds a password, got a URL with one");
      }
    }
    const seen = new Map<string, string>();
    const named = [
      ...Object.keys(environment).map(placed("environment")),
      ...Object.keys(secrets).map(placed("secrets")),
    ];
    for (const { place, name } of named) {
      const other = seen.get(name.toLowerCase());
      if (other) refuse(ctx, [place, name], `must be one variable only, in one spelling, got ${other} too`);
      seen.set(name.toLowerCase(), `${place}.${name}`);
    }
    const bytes = Buffer.byteLength(JSON.stringify(container));
    if (bytes > MAX_BYTES) {
      refuse(ctx, [], `must fit into a task definition, which has at most ${MAX_BYTES} bytes, got ${bytes}`);
    }
  });
export type ContainerSettings = z.output<typeof containerSchema>;

const placed = (place: string) => (name: string) => ({ place, name });

/** ARNs of the secrets that a container is given, without the keys in them; each once, in order. */
export const secretArns = ({ secrets }: Pick<ContainerSettings, "secrets">): string[] =>
  [...new Set(Object.values(secrets).map(withoutKey))].sort();

/** An ARN has seven parts; the reference to one, as another resource gives it, is a single part here. */
function withoutKey(valueFrom: string): string {
  const parts = valueFrom.split(":");
  return parts.slice(0, parts[0] === "arn" ? 7 : 1).join(":");
}

/** What a container gets from its task, its name included. */
export interface ContainerPlace {
  name: string;
  mounts: { name: string; containerPath: string; readOnly: boolean }[];
  logGroupName: string;
  logPrefix: string;
  region: string;
  executeCommand: boolean;
}

/** Container definitions of a task, a Terraform string: references keep, and `${` in the user's own text is escaped. */
export function renderContainer(container: ContainerSettings, place: ContainerPlace): string {
  const { healthCheck, port, openFiles, command, stopTimeout, user } = container;
  const init = container.initProcess || place.executeCommand;
  // what is not asked for stays out: the provider compares the rest with what ECS answers
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
  return JSON.stringify([definition])
    .replace(/\$\{(?!TfToken\[)/g, "$$$${")
    .replace(/%\{/g, "%%{");
}

const pairs = (map: Record<string, string>, field: string) =>
  sortedEntries(map).map(([name, value]) => ({ name, [field]: value }));

const list = (key: string, items: object[]) => (items.length > 0 ? { [key]: items } : {});
