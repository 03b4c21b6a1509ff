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

/** A planned change, as in `terraform show -json`. */
export interface Change {
  actions: ("no-op" | "create" | "read" | "update" | "delete")[];
  /** Values before and after; values known after apply are absent here and true in `after_unknown`. */
  before: Json;
  after: Json;
  after_unknown: Json;
}

/** Planned change of one resource. */
export interface ResourceChange {
  address: string;
  mode: "managed" | "data";
  type: string;
  name: string;
  change: Change;
}

/** A plan as in `terraform show -json`, which has more than these keys. */
export interface Plan {
  resource_changes: ResourceChange[];
  output_changes: Record<string, Change>;
}

/** A deployed stack: its plan and the result of the apply. */
export interface Rehearsed extends Plan {
  /** Outputs, including those that pass values between stacks. */
  outputs: Record<string, { value: Json; sensitive?: boolean }>;
  /** Values of every resource instance, by address. */
  resources: Record<string, Json>;
}

/** Options of a rehearsal in a test. */
export interface TestOptions {
  /** Patterns of stack ids; their dependencies are included. All stacks when absent. */
  stacks?: string[];
  /** Steps of each stack, at least plan and apply; all steps of `npm run rehearse` when absent. */
  steps?: readonly Step[];
  /** Bindings to serve; all that are installed beside cdktf when absent. */
  providers?: ProvidersOptions;
}

/**
 * Deploys and destroys every stack of an app with the real terraform and a simulated AWS, as `npm run rehearse` does, and
 * returns by stack id what was planned and created. Fails with Terraform's diagnostics when a stack fails.
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
    const onDeployed = async (rehearsal: StackRehearsal) => {
      rehearsed[rehearsal.stack.id] = { ...(await rehearsal.plan()), ...madeBy(rehearsal) };
    };
    const reports = await rehearseStacks(stacks, { terraform, onDeployed, steps: options.steps });
    const failures = reports.filter(({ verdict }) => verdict === "failed").map(failure);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    return rehearsed;
  });
}

/**
 * Plans one stack with the real terraform and a simulated AWS, after applying its dependencies. Fails with Terraform's
 * diagnostics.
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

/** Copies of the stacks in the scratch folder, with the same relative paths. */
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
