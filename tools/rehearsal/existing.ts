import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError, parseInput } from "../../modules/common/settings/props";

export const EXISTING_FILE = "rehearsal.json";

const schema = z.strictObject({
  /** Texts of secrets by their ARN: made up ones of the right form, never the real ones. */
  secrets: z.record(z.string().startsWith("arn:", "must be the ARN of a secret"), z.string()).default({}),
});

/** What a rehearsal is to find in the account, since stacks look into it and nothing says of what form it is. */
export type Existing = z.output<typeof schema>;

/** Reads `rehearsal.json` of a project; nothing exists where there is none. */
export function existingIn(project: string): Existing {
  const file = join(project, EXISTING_FILE);
  return parseInput(EXISTING_FILE, schema, existsSync(file) ? parsed(file) : {});
}

function parsed(file: string): z.input<typeof schema> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError(`${EXISTING_FILE}: must be JSON: ${(error as Error).message}`);
  }
}
