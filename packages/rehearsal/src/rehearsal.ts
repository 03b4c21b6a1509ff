import { availableParallelism } from "node:os";
import type { Diagnostic } from "./diagnostic";
import { inOrder, type Task } from "./schedule";
import { STEPS, StackRehearsal, type Step } from "./stack-rehearsal";
import type { StackFolder } from "./stacks";
import type { Terraform } from "./terraform";

/** The result of one stack. */
export interface StackReport {
  id: string;
  needs: string[];
  verdict: "passed" | "failed" | "skipped";
  /** The step that failed. */
  failedIn?: Step;
  /** Dependencies that failed. */
  skippedFor?: string[];
  /** Number of resources and data sources in its configuration. */
  resources: number;
  dataSources: number;
  /** Duration of all steps, and of each one. */
  seconds: number;
  steps: Partial<Record<Step, number>>;
  diagnostics: Diagnostic[];
}

export type Phase = "deploying" | "deployed" | "destroying";

/** Follows the progress of a rehearsal. */
export interface Listener {
  /** A stack enters a phase; a deployed one waits for its dependents. */
  enters?(id: string, phase: Phase): void;
  /** A stack is finished. */
  finished?(report: StackReport): void;
}

export interface RehearsalOptions {
  terraform: Terraform;
  /** Maximum number of parallel stacks; one per core when absent. */
  jobs?: number;
  listener?: Listener;
  /** Steps of each stack; all when absent. */
  steps?: readonly Step[];
  /** Called for each deployed stack. */
  onDeployed?(rehearsal: StackRehearsal): Promise<void>;
}

/**
 * Deploys every stack, with local state, in dependency order and destroys them in reverse. A stack with a failed dependency
 * is skipped; whatever was applied is destroyed in any case.
 */
export async function rehearseStacks(
  stacks: readonly StackFolder[],
  options: RehearsalOptions,
): Promise<StackReport[]> {
  const { terraform, jobs = availableParallelism(), listener, steps = STEPS, onDeployed } = options;
  const rehearsals = new Map(stacks.map((stack) => [stack.id, new StackRehearsal(stack, terraform)]));
  const reports = new Map<string, StackReport>();
  const deployed = new Set<string>();

  const deploy = async (rehearsal: StackRehearsal) => {
    const { id, needs } = rehearsal.stack;
    if (!needs.every((needed) => deployed.has(needed))) return;
    listener?.enters?.(id, "deploying");
    if (!(await rehearsal.go(...steps.filter((step) => step !== "destroy")))) return;
    await onDeployed?.(rehearsal);
    deployed.add(id);
    listener?.enters?.(id, "deployed");
  };
  const destroy = async (rehearsal: StackRehearsal) => {
    const { id, needs } = rehearsal.stack;
    const failed = rehearsal.failedIn;
    if (rehearsal.applied && steps.includes("destroy")) {
      listener?.enters?.(id, "destroying");
      await rehearsal.go("destroy");
      rehearsal.failedIn = failed ?? rehearsal.failedIn; // the first failure counts
    }
    const report = reportOf(
      rehearsal,
      needs.filter((needed) => !deployed.has(needed)),
    );
    reports.set(id, report);
    listener?.finished?.(report);
  };

  const tasks = [...rehearsals].flatMap(([id, rehearsal]): Task[] => {
    const dependents = stacks.filter(({ needs }) => needs.includes(id)).map((stack) => `destroy ${stack.id}`);
    const dependencies = rehearsal.stack.needs.map((other) => `deploy ${other}`);
    return [
      { id: `deploy ${id}`, after: dependencies, run: () => deploy(rehearsal) },
      { id: `destroy ${id}`, after: [`deploy ${id}`, ...dependents], run: () => destroy(rehearsal) },
    ];
  });
  await inOrder(
    tasks.sort((a, b) => Number(a.id.startsWith("destroy")) - Number(b.id.startsWith("destroy"))),
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
