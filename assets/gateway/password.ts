import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AWS_TIMEOUT_MS, awsFault } from "./aws-fault";
import { Fault } from "./fault";

/** Minimum length of the password; a shorter one is not accepted. */
export const SHORTEST_PASSWORD = 12;
/** Cache lifetime of the password. */
const REMEMBER_MS = 300_000;
/** Minimum interval between two reads of the secret, successful or not, however many requests there are. */
const REST_MS = 5_000;

/** Source of the password of user `fossa`. Both methods throw a {@link Fault} if there is none. */
export interface PasswordSource {
  /** The cached password, at most some minutes old. */
  current(): Promise<string>;
  /** The current password, for a mismatch: it may have been changed. */
  latest(): Promise<string>;
}

/** Reads the password from Secrets Manager and keeps it in memory only. */
export class SecretPassword implements PasswordSource {
  #read?: { at: number; password: Promise<string> };

  constructor(
    private readonly client: SecretsManagerClient,
    private readonly arn: string,
    private readonly now: () => number,
  ) {}

  async current(): Promise<string> {
    const age = this.#age();
    if (age < REST_MS) return this.#again();
    if (age >= REMEMBER_MS) return this.#fetch();
    return this.#again().catch(() => this.latest()); // failures are cached briefly only
  }

  latest(): Promise<string> {
    return this.#age() < REST_MS ? this.#again() : this.#fetch();
  }

  #age(): number {
    return this.#read ? this.now() - this.#read.at : Number.POSITIVE_INFINITY;
  }

  #again(): Promise<string> {
    return this.#read?.password ?? this.#fetch();
  }

  #fetch(): Promise<string> {
    const password = this.#ask();
    password.catch(() => {}); // the callers handle the failure
    this.#read = { at: this.now(), password };
    return password;
  }

  async #ask(): Promise<string> {
    const abortSignal = AbortSignal.timeout(AWS_TIMEOUT_MS);
    const answer = await this.client
      .send(new GetSecretValueCommand({ SecretId: this.arn }), { abortSignal })
      .catch((error: Error) => {
        if (error.name === "ResourceNotFoundException") throw closed(`the secret ${this.arn} does not exist`, error);
        const fault = awsFault(error, "secretsmanager:GetSecretValue", this.arn);
        throw closed(`${fault.page.title}: ${fault.page.what} ${fault.page.detail}`, error);
      });
    const password = passwordIn(answer.SecretString ?? "");
    if (password === undefined) throw closed(`the secret ${this.arn} is JSON without a text "password"`);
    if (password.length < SHORTEST_PASSWORD)
      throw closed(`the password in ${this.arn} has ${password.length} characters, and needs ${SHORTEST_PASSWORD}`);
    return password;
  }
}

/** The secret is the password itself, or JSON with a key `password`, as the AWS console writes it. */
function passwordIn(secret: string): string | undefined {
  const text = secret.replace(/\r?\n$/, "");
  if (!text.startsWith("{")) return text;
  try {
    const { password } = JSON.parse(text);
    return typeof password === "string" ? password : undefined;
  } catch {
    return text;
  }
}

/** Fault when nobody can sign in. The page is public, so the reason is in the log only. */
const closed = (why: string, cause?: Error) =>
  new Fault(
    {
      status: 503,
      title: "Nobody can sign in at the moment",
      what: `The gateway has no password: its secret is missing, cannot be read, or has fewer than ${SHORTEST_PASSWORD} characters.`,
      remedy: "Put a long password into the gateway's secret in Secrets Manager. The gateway's log has the cause.",
      retryAfter: REST_MS / 1000,
    },
    { cause: new Error(why, { cause }) },
  );
