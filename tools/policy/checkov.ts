import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Json, STACK_FILE, type StackFolder } from "@cdktf-ml-infra/rehearsal/stacks";
import type { Finding } from "./judge";
import type { Programs } from "./python-tools";
import { resourcesOf } from "./resources";

/** What checkov found in one stack. */
export interface Checked {
  checks: number;
  findings: Finding[];
}

interface CheckovRecord {
  check_id: string;
  check_name: string;
  file_path: string;
  resource: string;
}

/**
 * Runs checkov once over all stacks, offline, with every check of its own for AWS; gives its findings by stack. It reads
 * the Terraform JSON, as a plan shows it nothing more: our resources depend on no variable, loop or module.
 */
export async function runCheckov(
  tools: Programs,
  stacks: readonly StackFolder[],
  scratch: string,
): Promise<Map<string, Checked>> {
  const folder = join(scratch, "checkov");
  for (const { id, json } of stacks) {
    mkdirSync(join(folder, id), { recursive: true });
    writeFileSync(join(folder, id, STACK_FILE), JSON.stringify(readable(json)));
  }
  // --skip-download: else it asks a server for guidelines; --soft-fail: a status other than 0 is a fault of its own
  const args = ["--directory", folder, "--framework", "terraform_json", "--output", "json", "--compact"];
  const said = await tools.run("checkov", [...args, "--skip-download", "--soft-fail"]);
  return readReport(said, stacks);
}

/** What checkov 3.3 reads of a stack: at `terraform`, `output` and `ephemeral` it gives the whole file up. */
export const readable = ({ resource, data, provider }: Json): Json => ({ resource, data, provider });

/** Reads checkov's report. */
export function readReport(said: string, stacks: readonly StackFolder[]): Map<string, Checked> {
  const { results, summary } = JSON.parse(said) as {
    results: Record<"passed_checks" | "failed_checks", CheckovRecord[]>;
    summary: { parsing_errors: number; skipped: number };
  };
  if (summary.parsing_errors > 0) throw new Error(`checkov could not read ${summary.parsing_errors} stacks`);
  if (summary.skipped > 0)
    throw new Error(`checkov left out ${summary.skipped} checks: reasons.ts is the place for that`);
  return new Map(
    stacks.map(({ id, json }) => {
      const resources = new Map(resourcesOf(json, ["resource", "data"]).map((resource) => [resource.name, resource]));
      const ofStack = (records: CheckovRecord[]) => records.filter(({ file_path }) => file_path.split("/")[1] === id);
      const failed = ofStack(results.failed_checks);
      const findings = failed.map(({ check_id: check, check_name: wants, resource }): Finding => {
        const name = resource.split(".").at(-1) as string; // "resource.name", "data.name" or "aws_type.name"
        const found = resources.get(name);
        if (!found) throw new Error(`checkov found ${check} in ${resource}, which ${id} does not have`);
        return { check, wants, stack: id, path: found.path, type: found.type, about: "" };
      });
      return [id, { checks: failed.length + ofStack(results.passed_checks).length, findings }];
    }),
  );
}
