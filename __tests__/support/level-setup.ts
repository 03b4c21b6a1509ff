import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProvidedContext } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder that goes when the run ends. */
    scratch: string;
    /** Virtual environment that moto is installed in. */
    motoEnvironment: string;
    /** Why nothing of the level can run; empty when it can. */
    missing: string;
  }
}

export type Provide = <K extends keyof ProvidedContext>(key: K, value: ProvidedContext[K]) => void;

/**
 * Prepares a level of the tests. What is not to be had is a failure in CI; elsewhere it is said aloud, with what is `skipped`.
 * Gives what is to be done at the end.
 */
export async function prepareLevel(
  { level, skipped, provide }: { level: "aws" | "kube"; skipped: string; provide: Provide },
  prepare: (scratch: string) => Promise<void>,
): Promise<() => void> {
  const scratch = mkdtempSync(join(tmpdir(), `ml-infra-${level}-`));
  const teardown = () => rmSync(scratch, { recursive: true, force: true });
  provide("scratch", scratch);
  try {
    await prepare(scratch);
    provide("missing", "");
  } catch (error) {
    const missing = `npm run test:${level} cannot run: ${(error as Error).message}`;
    if (process.env.CI) {
      teardown();
      throw Object.assign(new Error(missing), { stack: missing }); // the sentence alone
    }
    console.warn(`\n${missing}\n${skipped}\n`);
    provide("missing", missing);
  }
  return teardown;
}
