import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeLocal } from "./local-state";
import { type Providers, type ProvidersOptions, startProviders } from "./server";
import { type StackFolder, typesIn } from "./stacks";
import { closedEnvironment, type Terraform } from "./terraform";
import { checkTerraform } from "./terraform-version";

/** Set-up of a rehearsal: running providers, and a Terraform that finds nothing else. */
export interface Stage {
  /** The stacks, rewritten to local state in the scratch folder. */
  stacks: StackFolder[];
  terraform: Terraform;
  close(): void;
}

/** This machine cannot run a rehearsal; the message says what to do. */
export class CannotRehearse extends Error {}

/** The configured Terraform and its version; fails without a supported one. */
export function findTerraform(env: NodeJS.ProcessEnv): { program: string; version: string } {
  const program = env.TERRAFORM_BINARY_NAME || "terraform";
  const checked = checkTerraform(program);
  if ("problem" in checked) throw new CannotRehearse(checked.problem);
  return { program, version: checked.found };
}

/** Rewrites stacks that were synthesized into the folder `scratch` to local state, and starts the providers. */
export async function setStage(
  stacks: readonly StackFolder[],
  scratch: string,
  {
    program,
    env,
    signal,
    providers: options,
  }: { program: string; providers?: ProvidersOptions } & Omit<Terraform, "program">,
): Promise<Stage> {
  const states = join(scratch, "states");
  mkdirSync(states, { recursive: true });
  const local = makeLocal(stacks, states);
  const providers: Providers = await startProviders({ types: typesIn(local), ...options });
  const closed = closedEnvironment(env, scratch, providers.reattach);
  return {
    stacks: local,
    terraform: { program, signal, env: { ...closed, TF_IN_AUTOMATION: "1", TF_INPUT: "0" } },
    close: () => providers.close(),
  };
}
