import { z } from "zod";

const port = (lowest: number) =>
  z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= lowest && Number(text) <= 65_535, {
      error: `must be a port (${lowest} to 65535)`,
    })
    .transform(Number);
const flag = z.enum(["true", "false"], { error: 'must be "true" or "false"' }).transform((text) => text === "true");
const text = (pattern: RegExp, must: string) => z.string({ error: must }).regex(pattern, must);

/** Environment variables of the program. */
const schema = z
  .object({
    /** Region of the clusters and of the secret. */
    AWS_REGION: text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as "eu-west-2"'),
    /** Secret with the password of user `fossa`. */
    PASSWORD_SECRET_ARN: text(
      /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+$/,
      "must be the ARN of a secret in Secrets Manager",
    ),
    /** Listen address; the default is all, for load balancer and browsers. */
    HOST: text(/^[\w.:-]+$/, "must be an address to listen on").default("0.0.0.0"),
    /** Listen port; 0 lets the system choose. */
    PORT: port(0).default(8080),
    /** Port of the workers' API. */
    WORKER_PORT: port(1).default(2345),
    /** Prefix of the ECS group of worker tasks. */
    WORKER_GROUP: text(/^\S+$/, "must be the beginning of an ECS task group, without spaces").default("service:fossa"),
    /** Allow posting tasks from the page; requires TLS. */
    POST_ENABLED: flag.default(false),
    /** Whether a load balancer terminates TLS; required with POST_ENABLED. */
    TLS: flag.optional(),
  })
  .refine(({ POST_ENABLED, TLS }) => !(POST_ENABLED && TLS === false), {
    path: ["POST_ENABLED"],
    error: 'must be "false" where TLS is "false": tasks are posted only over TLS',
  });

export interface Config {
  region: string;
  passwordSecretArn: string;
  host: string;
  port: number;
  workerPort: number;
  workerGroup: string;
  postEnabled: boolean;
  /** Whether a load balancer terminates TLS. */
  tls: boolean;
}

/** Invalid environment variables, in one sentence. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads the environment variables; an empty one counts as absent. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const { success, data, error } = schema.safeParse(given);
  if (!success) {
    const faults = error.issues.map(
      ({ path, message }) => `${path.join(".")} ${message}${got(given[String(path[0])])}`,
    );
    throw new ConfigError(`the gateway's environment is wrong: ${faults.join("; ")}`);
  }
  return {
    region: data.AWS_REGION,
    passwordSecretArn: data.PASSWORD_SECRET_ARN,
    host: data.HOST,
    port: data.PORT,
    workerPort: data.WORKER_PORT,
    workerGroup: data.WORKER_GROUP,
    postEnabled: data.POST_ENABLED,
    tls: data.TLS ?? data.POST_ENABLED,
  };
}

const got = (value: string | undefined) =>
  value === undefined ? ", got nothing" : `, got ${JSON.stringify(value.slice(0, 80))}`;
