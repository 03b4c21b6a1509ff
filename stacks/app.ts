import { App, type AppConfig, TerraformStack } from "cdktf";
import { InputError, nearest } from "../modules/common/settings/props";
import { Attempts } from "./base-attempts";
import { type Environment, reviewOf } from "./environment";
import { namesTwice } from "./names-twice";
import { defaultsNotOffered, typesNotOffered } from "./offered-types";
import { StateStack } from "./state-stack";
import { addSystems, systemKeys } from "./systems";

/**
 * Adds the stacks of every environment to a new app: those of each system whose key the environment has.
 *
 * @throws InputError that lists all that is wrong in all environments, each by its path.
 */
export function buildApp(environments: readonly Environment[], config: AppConfig = {}): App {
  const attempts = new Attempts();
  const names = environments.map(({ name }) => name);
  const app = new App(config);
  for (const [index, environment] of environments.entries()) {
    const { lines, sound } = reviewOf(environment);
    attempts.add(...lines);
    if (names.indexOf(environment.name) < index) {
      attempts.add(`${environment.name}: name: must be that of one environment, got it twice; rename one`);
    } else if (sound) addStacks(attempts, app, sound, lines.length === 0);
  }
  attempts.add(...namesTwice(app));
  attempts.end();
  return app;
}

function addStacks(attempts: Attempts, app: App, environment: Environment, complete: boolean): void {
  const { name, state } = environment;
  if (state.kind === "s3") attempts.of(() => new StateStack(app, environment, state));
  else if (complete && systemKeys.every((key) => environment[key] === undefined)) {
    attempts.add(`${name}: must have at least one of ${systemKeys.join(", ")}, got none of them`);
  }
  attempts.add(...typesNotOffered(environment));
  addSystems(app, environment, attempts);
  attempts.add(...defaultsNotOffered(app, environment));
}

/** Selected environments: all of them, or the one that `name` names. */
export function selectEnvironments(environments: readonly Environment[], name: string | undefined): Environment[] {
  if (!name) return [...environments];
  const chosen = environments.filter((environment) => environment.name === name);
  if (chosen.length > 0) return chosen;
  const known = environments.map((environment) => environment.name);
  const near = nearest(name, known);
  throw new InputError(
    `ENVIRONMENT: must be one of ${known.join(", ")}, got ${name}${near ? `; did you mean ${near}?` : ""}`,
  );
}

/** Program of `main.ts`: writes the stacks of the environments, or with the command `check` says whether their settings are right. */
export function run(
  environments: readonly Environment[],
  { only, command }: { only?: string | undefined; command?: string | undefined },
): void {
  if (command !== undefined && command !== "check")
    throw new InputError(`main.ts: must be called with check or nothing, got ${command}`);
  const selected = selectEnvironments(environments, only);
  if (command === "check") console.log(check(selected));
  else synthesize(buildApp(selected));
}

/** Builds the stacks of the environments in memory, which finds all that is wrong; says how much is right. */
export function check(environments: readonly Environment[]): string {
  const app = withoutTraces(() => buildApp(environments));
  validate(app);
  const stacks = app.node.children.filter(TerraformStack.isStack);
  return `${environments.map(({ name }) => name).join(", ")}: the settings of ${stacks.length} stacks are right`;
}

/** cdktf keeps a stack trace for every reference, which takes a fifth of the time and nobody reads here. */
function withoutTraces<T>(work: () => T): T {
  const { captureStackTrace } = Error;
  Error.captureStackTrace = () => {};
  try {
    return work();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}

/** Writes the stacks of `app` to its output folder, or nothing if one of them is invalid. */
export function synthesize(app: App): void {
  validate(app);
  app.synth();
}

// App.synth validates and writes stack by stack, so a fault in the last one would leave the others behind
function validate(app: App): void {
  const attempts = new Attempts();
  for (const construct of app.node.findAll()) {
    attempts.add(...construct.node.validate().map((message) => `${construct.node.path}: ${message}`));
  }
  attempts.end();
}
