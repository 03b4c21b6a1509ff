import { App, type AppConfig } from "cdktf";
import { z } from "zod";
import { InputError, nearest } from "../modules/common/settings/props";
import type { Environment } from "./environment";
import { StateStack } from "./state-stack";
import { addSystems, systemKeys } from "./systems";

// every schema parses few values, which does not pay for compiling it
z.config({ jitless: true });

/** Adds the stacks of every environment to a new app: those of each system whose key the environment has. */
export function buildApp(environments: readonly Environment[], config: AppConfig = {}): App {
  const names = environments.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new InputError(`environments: name: two environments are called ${twice}; rename one`);

  const app = new App(config);
  for (const environment of environments) {
    if (environment.state.kind === "local" && systemKeys.every((key) => environment[key] === undefined)) {
      const known = systemKeys.join(", ");
      throw new InputError(`environment ${environment.name}: must have at least one of ${known}, got none of them`);
    }
    if (environment.state.kind === "s3") new StateStack(app, environment, environment.state);
    addSystems(app, environment);
  }
  return app;
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

/** Writes the stacks of `app` to its output folder, or nothing if one of them is invalid. */
export function synthesize(app: App): void {
  // App.synth validates and writes stack by stack, so a fault in the last one would leave the others behind
  const faults = app.node
    .findAll()
    .flatMap((construct) => construct.node.validate().map((message) => `${construct.node.path}: ${message}`));
  if (faults.length > 0) throw new InputError(faults.join("\n"));
  app.synth();
}
