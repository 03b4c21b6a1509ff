import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { render } from "./diagnostic";
import { rehearseStacks, type StackReport } from "./rehearsal";
import type { ProvidersOptions } from "./server";
import { StackRehearsal, type Step } from "./stack-rehearsal";
import { chooseStacks, type Json, type StackFolder, stacksIn } from "./stacks";
import { findTerraform, type Stage, setStage } from "./stage";

/** A change as Terraform plans it, in the words of `terraform show -json`. */
export interface Change {
  actions: ("no-op" | "create" | "read" | "update" | "delete")[];
  /** Values before and after; what only the apply will tell is missing here and true in `after_unknown`. */
  before: Json;
  after: Json;
  after_unknown: Json;
}

/** What would become of one resource. */
export interface ResourceChange {
  address: string;
  mode: "managed" | "data";
  type: string;
  name: string;
  change: Change;
}

/** A plan as `terraform show -json` gives it; more is in it than is listed here. */
export interface Plan {
  resource_changes: ResourceChange[];
  output_changes: Record<string, Change>;
}

/** A stack that went up: its plan, and what the apply made of it. */
export interface Rehearsed extends Plan {
  /** Outputs, those that only pass values from stack to stack included. */
  outputs: Record<string, { value: Json; sensitive?: boolean }>;
  /** Values of every resource, by address; of those with several instances, each by its own. */
  resources: Record<string, Json>;
}

/** What a rehearsal in a test may be told. */
export interface TestOptions {
  /** Patterns of the stacks that matter; those that they need come along. All of them when absent. */
  stacks?: string[];
  /** What is done with each stack; all that `npm run rehearse` does when absent. A plan and an apply are the least. */
  steps?: readonly Step[];
  /** Which bindings to serve, and from where; all that are installed beside cdktf when absent. */
  providers?: ProvidersOptions;
}

/**
 * Takes every stack of an app up and down again with the real terraform and a made-up AWS, as `npm run rehearse` does,
 * and gives by stack id what was planned and made. Fails with what terraform says when a stack does not pass.
 *
 * @example
 * ```ts
 * const app = new App({ outdir: mkdtempSync(join(tmpdir(), "app-")) });
 * new MyStack(app, "my-stack");
 * const { "my-stack": mine } = await rehearse(app);
 * expect(mine.resource_changes.map(({ type }) => type)).toContain("aws_vpc");
 * expect(mine.outputs.vpc_id.value).toMatch(/^vpc-/);
 * ```
 */
export async function rehearse(app: App, options: TestOptions = {}): Promise<Record<string, Rehearsed>> {
  return onStage(app, options.stacks ?? [], options, async ({ stacks, terraform }) => {
    const rehearsed: Record<string, Rehearsed> = {};
    const onUp = async (rehearsal: StackRehearsal) => {
      rehearsed[rehearsal.stack.id] = { ...(await rehearsal.plan()), ...madeBy(rehearsal) };
    };
    const reports = await rehearseStacks(stacks, { terraform, onUp, steps: options.steps });
    const failures = reports.filter(({ verdict }) => verdict === "failed").map(failure);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    return rehearsed;
  });
}

/**
 * Plans one stack with the real terraform and a made-up AWS, after it has applied the stacks that this one needs. Fails
 * with what terraform says.
 *
 * @example
 * ```ts
 * const { resource_changes } = await plan(stack);
 * const [vpc] = resource_changes.filter(({ type }) => type === "aws_vpc");
 * expect(vpc?.change.after).toMatchObject({ cidr_block: "10.0.0.0/16" });
 * ```
 */
export async function plan(stack: TerraformStack, options: Pick<TestOptions, "providers"> = {}): Promise<Plan> {
  const id = stack.node.path;
  return onStage(App.of(stack), [id], options, async ({ stacks, terraform }) => {
    const rehearsals = stacks.map((folder) => new StackRehearsal(folder, terraform)); // the last is the stack itself
    for (const rehearsal of rehearsals) {
      const isLast = rehearsal === rehearsals.at(-1);
      const steps: Step[] = isLast ? ["init", "validate", "plan"] : ["init", "plan", "apply"];
      if (!(await rehearsal.go(...steps))) {
        throw new Error(failure({ ...rehearsal, id: rehearsal.stack.id }));
      }
    }
    return (rehearsals.at(-1) as StackRehearsal).plan() as Promise<Plan>;
  });
}

async function onStage<T>(
  app: App,
  patterns: string[],
  { providers }: TestOptions,
  act: (stage: Stage) => Promise<T>,
): Promise<T> {
  const { program } = findTerraform(process.env);
  app.synth();
  const scratch = mkdtempSync(join(tmpdir(), "rehearsal-"));
  try {
    const chosen = chooseStacks(stacksIn(app.outdir), patterns);
    const stage = await setStage(copied(chosen, scratch), scratch, { program, env: process.env, providers });
    try {
      return await act(stage);
    } finally {
      stage.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The stacks in the scratch folder, each as far from the others as before; the app's own folder stays as it is. */
const copied = (stacks: StackFolder[], scratch: string): StackFolder[] =>
  stacks.map((stack) => {
    const folder = join(scratch, "stacks", basename(stack.folder));
    cpSync(stack.folder, folder, { recursive: true, filter: (file) => !/^\.terraform|\.tfstate/.test(basename(file)) });
    return { ...stack, folder };
  });

const failure = ({ id, failedIn, diagnostics }: Pick<StackReport, "id" | "failedIn" | "diagnostics">): string =>
  [`${id} failed in ${failedIn}:`, ...diagnostics.map(render)].join("\n");

function madeBy(rehearsal: StackRehearsal): Pick<Rehearsed, "outputs" | "resources"> {
  const { outputs, resources } = rehearsal.state();
  const values = resources.flatMap(({ module, mode, type, name, instances }) => {
    const address = [module, mode === "data" && "data", type, name].filter(Boolean).join(".");
    return instances.map(({ index_key: key, attributes }: Json) => [
      key === undefined ? address : `${address}[${JSON.stringify(key)}]`,
      attributes,
    ]);
  });
  return { outputs, resources: Object.fromEntries(values) };
}
