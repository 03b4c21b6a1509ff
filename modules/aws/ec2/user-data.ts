import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../common/settings/props";

/** Maximum size of user data before encoding, bytes. Source: EC2 User Guide, "Run commands when you launch an EC2 instance". */
const MAX_BYTES = 16_384;
/** Upper bound of the length of a resolved reference, such as a bucket name or a secret's ARN. */
const REFERENCE_BYTES = 160;
const REFERENCE = /\$\{TfToken\[[^\]]*\]\}/g;

const ASSETS = join(__dirname, "..", "..", "..", "assets");

/** Text of a file in `assets`, without the final newline. */
export const asset = (...path: string[]): string => readFileSync(join(ASSETS, ...path), "utf8").trimEnd();

/** Shell call of the script's function `put`, which writes a file. `mode` follows the path and may hold further arguments. */
export const putFile = (path: string, mode: string, content: string): string =>
  `put ${path} ${mode} <<'EOF'\n${content}\nEOF`;

/**
 * User data of an instance: a Terraform string in which references are kept and shell expansions are escaped. Throws an
 * {@link InputError} if it is too large for EC2, with the setting to change, as `settingText` writes it, and the advice.
 */
export function userData(setting: string, script: string, advice: string): string {
  const bytes = Buffer.byteLength(script.replace(REFERENCE, "x".repeat(REFERENCE_BYTES)));
  if (bytes > MAX_BYTES) {
    throw new InputError(`${setting}: ${advice}: EC2 takes ${MAX_BYTES} bytes of user data, got ${bytes}`);
  }
  return terraformString(script);
}

/** A text as a Terraform string: references stay, and shell expansions are escaped. */
export const terraformString = (text: string): string =>
  text.replace(/\$\{(?!TfToken\[)/g, "$$$${").replace(/%\{/g, "%%{");
