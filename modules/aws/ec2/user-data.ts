import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../common/settings/props";

/** Bytes of user data before its encoding. Source: EC2 User Guide, "Run commands when you launch an EC2 instance". */
const MAX_BYTES = 16_384;
/** What Terraform puts in place of a reference (a bucket's name, a secret's ARN) is not longer than this. */
const REFERENCE_BYTES = 160;
const REFERENCE = /\$\{TfToken\[[^\]]*\]\}/g;

const ASSETS = join(__dirname, "..", "..", "..", "assets");

/** Text of a file in `assets`, without the end of its last line. */
export const asset = (...path: string[]): string => readFileSync(join(ASSETS, ...path), "utf8").trimEnd();

/** Call of a script's function `put` that writes a file; `mode` is what it takes after the path. */
export const putFile = (path: string, mode: string, content: string): string =>
  `put ${path} ${mode} <<'EOF'\n${content}\nEOF`;

/**
 * A shell script as an instance's user data: a Terraform string in which references keep, and what the shell expands is
 * escaped. One that EC2 would not take is an {@link InputError} that begins with `where`, names `key` and gives `advice`.
 */
export function userData(where: string, script: string, key: string, advice: string): string {
  const bytes = Buffer.byteLength(script.replace(REFERENCE, "x".repeat(REFERENCE_BYTES)));
  if (bytes > MAX_BYTES) {
    throw new InputError(`${where}: ${key}: ${advice}: EC2 takes ${MAX_BYTES} bytes of user data, got ${bytes}`);
  }
  return script.replace(/\$\{(?!TfToken\[)/g, "$$$${").replace(/%\{/g, "%%{");
}
