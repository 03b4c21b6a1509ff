import { text } from "./made-up/facts";
import { isRecord, type Value } from "./msgpack-cty";

/** Resource type that writes a secret; the ephemeral resource of the same name reads it. */
export const SECRET_TYPE = "aws_secretsmanager_secret_version";

/** What is read of a secret that somebody else has written: the fields that RDS and most others use. */
export const SOMEBODYS_SECRET = JSON.stringify({ username: "somebody", password: "made-up" });

/**
 * Secrets that were written, for as long as this process runs. It is the only thing that the rehearsal's AWS remembers:
 * of a write-only argument the state holds nothing, and who reads the secret back takes it apart.
 */
export class Secrets {
  private readonly written = new Map<string, string>();

  /** `existing`: what secrets hold that were there before, by ARN. */
  constructor(private readonly existing: Readonly<Record<string, string>> = {}) {}

  /** Remembers what `config` writes into the version of a secret that is then in `state`. */
  wrote(config: Value, state: Value): void {
    if (!isRecord(config) || !isRecord(state)) return;
    const value = text(config.secret_string_wo) ?? text(config.secret_string);
    const secret = text(state.secret_id);
    if (value === undefined || secret === undefined) return;
    this.written.set(secret, value);
    this.written.set(key(secret, text(state.version_id)), value);
  }

  /** What the question's secret holds, of the version asked for or else the latest. */
  read(question: Record<string, Value>): string {
    const secret = text(question.secret_id) ?? "";
    const version = text(question.version_id);
    return (
      this.written.get(version === undefined ? secret : key(secret, version)) ??
      this.existing[secret] ??
      SOMEBODYS_SECRET
    );
  }
}

const key = (secret: string, version = "") => `${secret}|${version}`;
