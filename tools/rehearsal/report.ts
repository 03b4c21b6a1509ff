import { render } from "./diagnostic";
import type { StackReport } from "./rehearsal";

/** All that a rehearsal found. */
export interface Report {
  /** Whether every stack passed. */
  passed: boolean;
  /** Program that ran, such as "Terraform 1.11.4". */
  terraform: string;
  /** Wall time of everything, from the synthesis on. */
  seconds: number;
  /** Folder that was kept. */
  kept?: string;
  /** Why no stack was rehearsed: what the app said that did not synthesize. */
  error?: string;
  stacks: StackReport[];
}

const MARKS = { passed: "✓", failed: "✗", skipped: "-" };

/** One line on a stack, and below it what Terraform said where it did not pass. */
export function stackLines({ id, verdict, failedIn, skippedFor, ...report }: StackReport, width: number): string {
  const name = `${MARKS[verdict]} ${id.padEnd(width)}`;
  if (verdict === "skipped") return `${name}  skipped: needs ${skippedFor?.join(", ")}`;
  const counts = [
    `${String(report.resources).padStart(4)} resources`,
    `${String(report.dataSources).padStart(3)} data sources`,
    `${report.seconds.toFixed(1).padStart(5)} s`,
    verdict === "failed" ? `failed in ${failedIn}` : "passed",
  ];
  const diagnostics = report.diagnostics.map((diagnostic) => render(diagnostic).replace(/^/gm, "  "));
  return [[name, ...counts].join("  "), ...diagnostics].join("\n");
}

/** The last line. */
export function summaryLine({ stacks, seconds, terraform }: Report): string {
  const many = (verdict: StackReport["verdict"]) => stacks.filter((stack) => stack.verdict === verdict);
  const [passed, failed, skipped] = [many("passed"), many("failed"), many("skipped")];
  const resources = passed.reduce((sum, stack) => sum + stack.resources, 0);
  const parts = [
    `${passed.length} of ${stacks.length} stacks with ${resources} resources went up and came down again`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ];
  return `${parts.join(", ")}: ${seconds.toFixed(1)} s with ${terraform}`;
}
