import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import {
  type Diagnostic,
  diagnosticsIn,
  located,
  messagesIn,
  pathOf,
  placeOfAddress,
  plainDiagnostic,
  render,
} from "./diagnostic";
import type { Json, StackFolder } from "./stacks";
import { type Ended, runTerraform, type Terraform } from "./terraform";

/** Steps of a rehearsal, in order. */
export const STEPS = ["init", "validate", "plan", "apply", "second plan", "destroy"] as const;
export type Step = (typeof STEPS)[number];

/** Names of plan files in the stack's folder. */
const PLAN = "first.tfplan";
const SECOND_PLAN = "second.tfplan";

/** Deployment and destruction of a stack with local state. */
export class StackRehearsal {
  /** Duration of each started step, in seconds. */
  readonly seconds: Partial<Record<Step, number>> = {};
  readonly diagnostics: Diagnostic[] = [];
  /** The step that failed. */
  failedIn?: Step;

  constructor(
    readonly stack: StackFolder,
    private readonly terraform: Terraform,
  ) {}

  /** Runs the steps up to the first failure; true when all succeed. */
  async go(...steps: Step[]): Promise<boolean> {
    for (const step of steps) {
      if (!(await this.do(step))) return false;
    }
    return true;
  }

  /** Whether there is anything to destroy. */
  get applied(): boolean {
    return this.seconds.apply !== undefined;
  }

  /** The first plan as JSON. */
  async plan(): Promise<Json> {
    return this.shown(PLAN);
  }

  /** The state as Terraform keeps it. */
  state(): { outputs: Json; resources: Json[] } {
    const file = this.stack.json.terraform.backend.local.path;
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { outputs: {}, resources: [] };
  }

  /** Runs one step; records its diagnostics, duration and failure. */
  private async do(step: Step): Promise<boolean> {
    const start = performance.now();
    const found = await this.faults(step);
    this.seconds[step] = (performance.now() - start) / 1000;
    const known = new Set(this.diagnostics.map(render)); // each step repeats the warnings of the previous one
    const own = found.map((diagnostic) => located(diagnostic, this.stack));
    this.diagnostics.push(...own.filter((diagnostic) => !known.has(render(diagnostic))));
    if (!found.some(({ severity }) => severity === "error")) return true;
    this.failedIn = step;
    return false;
  }

  private async faults(step: Step): Promise<Diagnostic[]> {
    switch (step) {
      case "init":
        return this.initFaults(await this.run(["init", "-input=false", "-no-color"]));
      case "validate":
        return judged(step, await this.run(["validate", "-json"]));
      case "plan":
        return judged(step, await this.run(["plan", "-json", "-input=false", `-out=${PLAN}`]));
      case "apply":
        return judged(step, await this.run(["apply", "-json", "-input=false", PLAN]));
      case "second plan": {
        const args = ["plan", "-json", "-input=false", "-detailed-exitcode", `-out=${SECOND_PLAN}`];
        const ended = await this.run(args);
        return ended.status === 2 ? this.changes() : judged(step, ended);
      }
      case "destroy":
        return [...judged(step, await this.run(["destroy", "-json", "-auto-approve", "-input=false"])), ...this.left()];
    }
  }

  /** Prefers the errors of validate, which have a location; those of init have none. */
  private async initFaults({ status, stderr }: Ended): Promise<Diagnostic[]> {
    if (status === 0) return [];
    const { stdout } = await this.run(["validate", "-json"]);
    const message = stderr.replace(/\s+/g, " ");
    const placed = diagnosticsIn(messagesIn(stdout)).filter(({ range, summary }) => range && message.includes(summary));
    if (placed.length > 0) return placed;
    const [, provider] = /provider \S+\/([\w-]+) was not found in any of the search locations/.exec(message) ?? [];
    const fault = plainDiagnostic(stderr, `init ended with status ${status}`);
    const advice = `A rehearsal serves the providers whose bindings are installed: npm install --save-dev @cdktf/provider-${provider}`;
    return [provider ? { ...fault, detail: `${fault.detail}\n\n${advice}` } : fault];
  }

  /** Changes in the second plan, which should be empty. */
  private async changes(): Promise<Diagnostic[]> {
    const { resource_changes = [], output_changes = {} } = await this.shown(SECOND_PLAN);
    const { json, id } = this.stack;
    const resources = resource_changes
      .filter(({ change }: Json) => !isDeepStrictEqual(change.actions, ["no-op"]) && change.actions[0] !== "read")
      .map(({ address, change }: Json) => {
        const construct = pathOf(placeOfAddress(address), json);
        return notEmpty(`would ${change.actions.join(" and ")} it again`, change, {
          address,
          ...(construct && { constructs: [construct] }),
        });
      });
    const outputs = Object.entries<Json>(output_changes)
      .filter(([, change]) => !isDeepStrictEqual(change.actions, ["no-op"]))
      .map(([name, change]) => notEmpty(`would change the output ${name} of ${id}`, change, {}));
    return [...resources, ...outputs];
  }

  /** Resources in the state after destroy. */
  private left(): Diagnostic[] {
    const left = this.state().resources.filter(({ mode }) => mode === "managed");
    if (left.length === 0) return [];
    const detail = left.map(({ type, name }) => `${type}.${name}`).join("\n");
    return [{ severity: "error", summary: "Not everything was destroyed", detail }];
  }

  private async shown(plan: string): Promise<Json> {
    const ended = await this.run(["show", "-json", plan]);
    if (ended.status === 0) return JSON.parse(ended.stdout);
    throw new Error(`${this.stack.id}: the plan could not be shown: ${ended.stderr}`);
  }

  private run(args: string[]): Promise<Ended> {
    return runTerraform(this.terraform, this.stack.folder, args);
  }
}

/** Diagnostics of a command; at least one if it failed. */
function judged(step: Step, { status, stdout, stderr }: Ended): Diagnostic[] {
  const found = diagnosticsIn(messagesIn(stdout));
  if (status === 0 || found.some(({ severity }) => severity === "error")) return found;
  return [...found, plainDiagnostic(stderr || stdout.slice(-2000), `${step} ended with status ${status}`)];
}

const notEmpty = (what: string, change: Json, more: Partial<Diagnostic>): Diagnostic => ({
  severity: "error",
  summary: "Second plan is not empty",
  detail: [`Right after the apply, a plan ${what}:`, ...differences(change)].join("\n"),
  ...more,
});

/** A change of a value in a plan, with marks for unknown and sensitive parts. */
interface Difference {
  before: Json;
  after: Json;
  after_unknown?: Json;
  before_sensitive?: Json;
  after_sensitive?: Json;
}

/** Every value that differs, with its path; lists are shown as a whole, as are values that exist on one side only. */
function differences(change: Difference, path: string[] = []): string[] {
  const { before, after, after_unknown, before_sensitive, after_sensitive } = change;
  if (after_unknown !== true && isDeepStrictEqual(before, after) && !hasTrue(after_unknown)) return [];
  const secret = before_sensitive === true || after_sensitive === true;
  if (isRecord(before) && isRecord(after) && !secret) {
    const names = new Set([before, after, after_unknown ?? {}].flatMap(Object.keys));
    return [...names].flatMap((name) => {
      const of = (value: Json) => (isRecord(value) ? value[name] : undefined);
      const inner: Difference = {
        before: before[name] ?? null,
        after: after[name] ?? null,
        after_unknown: of(after_unknown),
        before_sensitive: of(before_sensitive),
        after_sensitive: of(after_sensitive),
      };
      return differences(inner, [...path, name]);
    });
  }
  const hidden = hasTrue(before_sensitive) || hasTrue(after_sensitive);
  const to = after_unknown === true ? "(known after apply)" : show(after);
  return [`  ${path.join(".")}${path.length > 0 ? ": " : ""}${hidden ? "(sensitive)" : `${show(before)} -> ${to}`}`];
}

const LONGEST = 80;

/** A value as JSON, shortened to stay on one line. */
function show(value: Json): string {
  const text = JSON.stringify(value ?? null);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

const isRecord = (value: Json) => typeof value === "object" && value !== null && !Array.isArray(value);

const hasTrue = (marks: Json): boolean =>
  marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(hasTrue));
