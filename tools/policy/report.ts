import Table from "cli-table3";
import type { Finding, Judgement } from "./judge";
import type { StackResult } from "./scan";

const HEAD = ["stack", "checks", "failed", "policies", "findings in them", "without a reason"];

/** A table for each system, a row for each of its stacks. */
export function renderTables(results: readonly StackResult[], open: readonly Finding[]): string {
  const systems = [...new Set(results.map(({ system }) => system))];
  return systems
    .map((system) => {
      const table = new Table({
        head: HEAD,
        style: { head: [], border: [] },
        colAligns: ["left", ...HEAD.slice(1).map(() => "right" as const)],
      });
      const rows = results.filter((result) => result.system === system).map((result) => rowOf(result, open));
      table.push(...rows.map(([stack, ...counts]) => [stack, ...counts.map(String)]));
      return `${system || "state"}\n${table}`;
    })
    .join("\n\n");
}

const rowOf = (
  { stack, checks, failed, documents, findings }: StackResult,
  open: readonly Finding[],
): [string, ...number[]] => [
  stack,
  checks,
  failed,
  documents,
  findings.length - failed,
  open.filter((finding) => finding.stack === stack).length,
];

/** One line for each finding. */
export const renderFinding = ({ check, wants, path, type, about }: Finding): string =>
  [check, path, type, about, wants].filter(Boolean).join("  ");

/** Reasons, each with what it is given for. */
export function renderReasons({ accepted }: Judgement): string {
  const reasons = [...new Set(accepted.map(([, reason]) => reason))];
  return reasons
    .map((reason) => {
      const findings = accepted
        .filter(([, given]) => given === reason)
        .map(([finding]) => `  ${renderFinding(finding)}`);
      return [reason.reason, ...findings].join("\n");
    })
    .join("\n");
}
