import { render } from "./diagnostic";
import type { StackReport } from "./rehearsal";

/** Result of a rehearsal. */
export interface Report {
  /** Whether every stack passed. */
  passed: boolean;
  /** Program and version, such as "Terraform 1.11.4". */
  terraform: string;
  /** Wall time, including the synthesis. */
  seconds: number;
  /** Scratch folder, if kept. */
  kept?: string;
  /** Why no stack was rehearsed: output of an app that failed to synthesize. */
  error?: string;
  stacks: StackReport[];
}

const MARKS = { passed: "✓", failed: "✗", skipped: "-" };

/** One line on a stack, followed by Terraform's diagnostics. */
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
  const withVerdict = (verdict: StackReport["verdict"]) => stacks.filter((stack) => stack.verdict === verdict);
  const [passed, failed, skipped] = [withVerdict("passed"), withVerdict("failed"), withVerdict("skipped")];
  const resources = passed.reduce((sum, stack) => sum + stack.resources, 0);
  const parts = [
    `${passed.length} of ${stacks.length} stacks with ${resources} resources deployed and destroyed`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ];
  return `${parts.join(", ")}: ${seconds.toFixed(1)} s with ${terraform}`;
}
