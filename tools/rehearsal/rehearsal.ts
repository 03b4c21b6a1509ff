import { availableParallelism } from "node:os";
import type { Diagnostic } from "./diagnostic";
import { inOrder, type Task } from "./schedule";
import { STEPS, StackRehearsal, type Step } from "./stack-rehearsal";
import type { StackFolder } from "./stacks";
import type { Terraform } from "./terraform";

/** What became of one stack. */
export interface StackReport {
  id: string;
  needs: string[];
  verdict: "passed" | "failed" | "skipped";
  /** The step that failed. */
  failedIn?: Step;
  /** Stacks without which it could not begin. */
  skippedFor?: string[];
  /** Resources and data sources of its configuration. */
  resources: number;
  dataSources: number;
  /** How long it took from init to destroy, and each step of it. */
  seconds: number;
  steps: Partial<Record<Step, number>>;
  diagnostics: Diagnostic[];
}

export type Phase = "goes up" | "is up" | "comes down";

/** What is told while the rehearsal goes on. */
export interface Listener {
  /** A stack goes up or comes down, or waits, being up, for those that need it. */
  turns?(id: string, phase: Phase): void;
  /** There is nothing more to do for a stack. */
  ends?(report: StackReport): void;
}

export interface RehearsalOptions {
  terraform: Terraform;
  /** Most stacks at a time; one for each core when absent. */
  jobs?: number;
  listener?: Listener;
  /** What is done with each stack; all when absent. */
  steps?: readonly Step[];
  /** Called for each stack when it is up. */
  onUp?(rehearsal: StackRehearsal): Promise<void>;
}

/**
 * Takes every stack, of which the state is local, up in the order of their needs and down in reverse. A stack that needs
 * one that failed is skipped, and what was applied is destroyed whatever fails.
 */
export async function rehearseStacks(
  stacks: readonly StackFolder[],
  options: RehearsalOptions,
): Promise<StackReport[]> {
  const { terraform, jobs = availableParallelism(), listener, steps = STEPS, onUp } = options;
  const rehearsals = new Map(stacks.map((stack) => [stack.id, new StackRehearsal(stack, terraform)]));
  const reports = new Map<string, StackReport>();
  const isUp = new Set<string>();

  const up = async (rehearsal: StackRehearsal) => {
    const { id, needs } = rehearsal.stack;
    if (!needs.every((needed) => isUp.has(needed))) return;
    listener?.turns?.(id, "goes up");
    if (!(await rehearsal.go(...steps.filter((step) => step !== "destroy")))) return;
    await onUp?.(rehearsal);
    isUp.add(id);
    listener?.turns?.(id, "is up");
  };
  const down = async (rehearsal: StackRehearsal) => {
    const { id, needs } = rehearsal.stack;
    const failed = rehearsal.failedIn;
    if (rehearsal.applied && steps.includes("destroy")) {
      listener?.turns?.(id, "comes down");
      await rehearsal.go("destroy");
      rehearsal.failedIn = failed ?? rehearsal.failedIn; // the first fault counts
    }
    const report = reportOf(
      rehearsal,
      needs.filter((needed) => !isUp.has(needed)),
    );
    reports.set(id, report);
    listener?.ends?.(report);
  };

  const tasks = [...rehearsals].flatMap(([id, rehearsal]): Task[] => {
    const needing = stacks.filter(({ needs }) => needs.includes(id)).map((stack) => `down ${stack.id}`);
    const needed = rehearsal.stack.needs.map((other) => `up ${other}`);
    return [
      { id: `up ${id}`, after: needed, run: () => up(rehearsal) },
      { id: `down ${id}`, after: [`up ${id}`, ...needing], run: () => down(rehearsal) },
    ];
  });
  await inOrder(
    tasks.sort((a, b) => Number(a.id.startsWith("down")) - Number(b.id.startsWith("down"))),
    jobs,
  );
  return stacks.map(({ id }) => reports.get(id) as StackReport);
}

function reportOf({ stack, seconds, failedIn, diagnostics }: StackRehearsal, missing: string[]): StackReport {
  const { id, needs, json } = stack;
  const skipped = missing.length > 0;
  return {
    id,
    needs,
    verdict: skipped ? "skipped" : failedIn ? "failed" : "passed",
    ...(failedIn && { failedIn }),
    ...(skipped && { skippedFor: missing }),
    resources: count(json.resource),
    dataSources: count(json.data),
    seconds: Object.values(seconds).reduce((sum, own) => sum + own, 0),
    steps: seconds,
    diagnostics,
  };
}

const count = (byType: Record<string, object> = {}): number =>
  Object.values(byType).reduce((sum, named) => sum + Object.keys(named).length, 0);
