import { isRecord, type Value } from "./msgpack-cty";
import { text } from "./simulated/facts";

/** Resource type that writes a secret; the ephemeral resource of the same name reads it. */
export const SECRET_TYPE = "aws_secretsmanager_secret_version";

/** Text of a secret that no stack has written, with the fields of RDS. */
export const DEFAULT_SECRET = JSON.stringify({ username: "somebody", password: "simulated" });

/**
 * Secrets that were written during the life of this process. They are all that the simulated AWS remembers, since the state
 * has no write-only arguments and readers parse the text.
 */
export class Secrets {
  private readonly written = new Map<string, string>();

  /** @param existing texts of existing secrets by ARN */
  constructor(private readonly existing: Readonly<Record<string, string>> = {}) {}

  /** Stores the text that `config` writes into the secret version in `state`. */
  write(config: Value, state: Value): void {
    if (!isRecord(config) || !isRecord(state)) return;
    const value = text(config.secret_string_wo) ?? text(config.secret_string);
    const secret = text(state.secret_id);
    if (value === undefined || secret === undefined) return;
    this.written.set(secret, value);
    this.written.set(key(secret, text(state.version_id)), value);
  }

  /** Text of the secret in the requested version, by default the latest. */
  read(config: Record<string, Value>): string {
    const secret = text(config.secret_id) ?? "";
    const version = text(config.version_id);
    return (
      this.written.get(version === undefined ? secret : key(secret, version)) ?? this.existing[secret] ?? DEFAULT_SECRET
    );
  }
}

const key = (secret: string, version = "") => `${secret}|${version}`;
