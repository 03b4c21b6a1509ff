import type { StackFolder } from "@cdktf-ml-infra/rehearsal/stacks";
import { auditPolicies } from "./audit";
import { runCheckov } from "./checkov";
import { documentsIn } from "./documents";
import type { Finding } from "./judge";
import { Plausible } from "./plausible";
import type { Programs } from "./python-tools";

/** What the scanners made of one stack. */
export interface StackResult {
  stack: string;
  system: string;
  /** Checks of checkov's, and how many of them failed. */
  checks: number;
  failed: number;
  /** IAM policy documents that were read. */
  documents: number;
  findings: Finding[];
}

/** Has every scanner look at every stack; `all` are those that they read outputs of too. */
export async function scan(
  stacks: readonly StackFolder[],
  tools: Programs,
  scratch: string,
  all: readonly StackFolder[] = stacks,
): Promise<StackResult[]> {
  const plausible = new Plausible(all);
  const documents = stacks.flatMap((stack) => documentsIn(stack, plausible));
  const [checked, audited] = await Promise.all([runCheckov(tools, stacks, scratch), auditPolicies(tools, documents)]);
  return stacks.map(({ id, json }) => {
    const { checks = 0, findings = [] } = checked.get(id) ?? {};
    return {
      stack: id,
      system: json.provider?.aws?.[0]?.default_tags?.[0]?.tags?.System ?? "",
      checks,
      failed: findings.length,
      documents: documents.filter(({ stack }) => stack === id).length,
      findings: [...findings, ...audited.filter(({ stack }) => stack === id)],
    };
  });
}
