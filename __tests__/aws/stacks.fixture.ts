import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { type StackFolder, stacksIn } from "@cdktf-ml-infra/rehearsal/stacks";
import { afterAll, describe, inject } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { buildApp, synthesize } from "../../stacks/app";
import type { Environment } from "../../stacks/environment";
import { awsConfigurations } from "../stacks/configurations.fixture";
import { stopProviders } from "../support/terraform";

/** A group of tests that need terraform and moto; the global setup reports when they are skipped. */
export const onAws = (name: string, tests: () => void) =>
  describe.skipIf(inject("missing") !== "")(name, () => {
    afterAll(stopProviders);
    tests();
  });

/** Every environment of the project, and the configurations of its systems. */
export const ENVIRONMENTS: readonly Environment[] = [dev, prod, ...awsConfigurations];

/** Synthesizes the stacks of `environments` into a folder of their own, and reads them in the order of deployment. */
export function stacksOf(...environments: Environment[]): StackFolder[] {
  const outdir = mkdtempSync(join(inject("scratch"), "out-"));
  synthesize(buildApp(environments, { outdir }));
  return stacksIn(outdir);
}
