import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const EXISTING_FILE = "rehearsal.json";

const schema = z.strictObject(
  {
    /** Placeholder texts of secrets by ARN, in the format of the real ones. */
    secrets: z
      .record(z.string().startsWith("arn:", "must be the ARN of a secret"), z.string("must be a string"))
      .default({}),
  },
  { error: ({ code }) => (code === "unrecognized_keys" ? "unknown key; known keys: secrets" : undefined) },
);

/** What exists in the simulated account before a rehearsal, for stacks that read it. */
export type Existing = z.output<typeof schema>;

/** A `rehearsal.json` that cannot be used; the message names each wrong key. */
export class InvalidExisting extends Error {
  override readonly name = "InvalidExisting";
}

/** Reads `rehearsal.json` of a project; without the file nothing exists. */
export function existingIn(project: string): Existing {
  const file = join(project, EXISTING_FILE);
  const { data, error } = schema.safeParse(existsSync(file) ? parsed(file) : {}, { reportInput: true });
  if (error) throw new InvalidExisting(`${EXISTING_FILE}: ${error.issues.flatMap(faults).join("; ")}`);
  return data;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InvalidExisting(`${EXISTING_FILE}: must be JSON: ${(error as Error).message}`);
  }
}

/** What is wrong, as `path: rule, got value`; zod reports a wrong key of a record without its value. */
function faults(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${[...issue.path, key].join(".")}: ${issue.message}`);
  }
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => `${path}: ${message}`);
  return [`${path || "the file"}: ${issue.message}, got ${JSON.stringify(issue.input)}`];
}
