import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ProvidedContext } from "vitest";
import { installPython } from "../../tools/policy/python-tools";
import { findTerraform, type Terraform } from "../support/terraform";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder that goes when the run ends. */
    scratch: string;
    terraform: Terraform;
    /** Virtual environment that moto is installed in. */
    motoEnvironment: string;
    /** Why nothing of this level can run; empty when it can. */
    missing: string;
  }
}

type Provide = <K extends keyof ProvidedContext>(key: K, value: ProvidedContext[K]) => void;

/**
 * Finds or installs what the AWS level needs. What is not to be had is a failure in CI; elsewhere it is said aloud and
 * the tests are skipped.
 */
export async function setup({ provide }: { provide: Provide }) {
  const scratch = mkdtempSync(join(tmpdir(), "ml-infra-aws-"));
  const teardown = () => rmSync(scratch, { recursive: true, force: true });
  provide("scratch", scratch);
  try {
    provide("terraform", await findTerraform(scratch));
    provide("motoEnvironment", await installPython("requirements-test.txt", resolve(".venv")));
    provide("missing", "");
  } catch (error) {
    const missing = `npm run test:aws cannot run: ${(error as Error).message}`;
    if (process.env.CI) {
      teardown();
      throw Object.assign(new Error(missing), { stack: missing }); // the sentence alone
    }
    console.warn(`\n${missing}\nALL TESTS AGAINST AWS ARE SKIPPED.\n`);
    provide("missing", missing);
  }
  return teardown;
}
