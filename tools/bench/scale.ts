import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dev } from "../../environments/dev";
import { buildApp, synthesize } from "../../stacks/app";
import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../stacks/environment";

/** Dev's ExaDeploy alone, whatever other systems dev has. */
const { name, region, exadeploy } = dev as EnvironmentSettings;
const settings: EnvironmentSettings = { name, region, exadeploy };

/** `count` copies of dev's ExaDeploy under different names. */
export const copies = (count: number): Environment[] =>
  Array.from({ length: count }, (_, index) => defineEnvironment({ ...settings, name: `dev${index}` }));

/** Dev's ExaDeploy with `count` GPU pools in its cluster. */
export function pools(count: number): Environment[] {
  const runnerPools = Array.from({ length: count }, (_, index) => ({
    suffix: `gpu-${index}`,
    category: "gpu" as const,
    capacityType: "SPOT" as const,
    instanceTypes: ["g5.xlarge", "g6.xlarge"],
    minSize: 0,
    maxSize: 4,
  }));
  const cluster = { ...exadeploy?.cluster, runnerPools };
  return [defineEnvironment({ ...settings, exadeploy: { ...exadeploy, cluster } })];
}

/** Synthesizes the environments into a temporary folder; returns the number of stacks and the duration. */
export function timeSynth(environments: Environment[]): { stacks: number; seconds: number } {
  const outdir = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const started = process.hrtime.bigint();
    const app = buildApp(environments, { outdir });
    synthesize(app);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    return { stacks: Object.keys(app.manifest.stacks).length, seconds };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** `scale.ts copies 10`: a process per size, for a fresh heap. */
if (require.main === module) {
  const [kind, count] = [process.argv[2], Number(process.argv[3])];
  console.log(JSON.stringify(timeSynth(kind === "pools" ? pools(count) : copies(count))));
}
