import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ProvidedContext } from "vitest";
import { goPrograms } from "../../tools/control-plane/go-programs";
import { kubernetesPrograms } from "../../tools/control-plane/kubernetes";
import { kwok } from "../../tools/control-plane/kwok";
import { installPython } from "../../tools/policy/python-tools";
import { VERSIONS } from "./versions";

type Provide = <K extends keyof ProvidedContext>(key: K, value: ProvidedContext[K]) => void;

/**
 * Builds, or finds in the cache, what the level of the real control plane needs. Programs that the user names
 * spare the control plane's alone: kwok and Karpenter are built by Go in every case. What is not to be had is a failure in CI;
 * elsewhere it is said aloud and the tests are skipped.
 */
export async function setup({ provide }: { provide: Provide }) {
  const scratch = mkdtempSync(join(tmpdir(), "ml-infra-kube-"));
  const teardown = () => rmSync(scratch, { recursive: true, force: true });
  provide("scratch", scratch);
  try {
    const began = Date.now();
    for (const version of VERSIONS) await kubernetesPrograms(version);
    await kwok();
    await goPrograms({ folder: join("tools", "control-plane", "karpenter") });
    console.info(`The programs of the control plane: ${Math.round((Date.now() - began) / 1000)} s`);
    provide("motoEnvironment", await installPython("requirements-test.txt", resolve(".venv")));
    provide("missing", "");
  } catch (error) {
    const missing = `npm run test:kube cannot run: ${(error as Error).message}`;
    if (process.env.CI) {
      teardown();
      throw Object.assign(new Error(missing), { stack: missing }); // the sentence alone
    }
    console.warn(`\n${missing}\nALL TESTS ON A CONTROL PLANE ARE SKIPPED.\n`);
    provide("missing", missing);
  }
  return teardown;
}
