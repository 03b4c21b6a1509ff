import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dev } from "../../environments/dev";
import { buildApp, synthesize } from "../../stacks/app";
import type { Environment } from "../../stacks/environment";
import { type SystemKey, systemKeys } from "../../stacks/systems";
import { median } from "./measure";

/** What a system adds to a synth of dev. */
export interface SystemCost {
  readonly system: SystemKey;
  readonly resources: number;
  /** Milliseconds of a synth of dev with all systems, less those of one without this. */
  readonly added: number;
  readonly msPerResource: number;
}

/** Times a synth of dev with all systems and without each of them, in turn and in this process, and tells the difference. */
export function timeSystems(rounds: number): SystemCost[] {
  synthesized(dev); // what is loaded and compiled once
  const all: number[] = [];
  const without = new Map(systemKeys.map((key) => [key, [] as number[]]));
  const resources = new Map<SystemKey, number>();
  for (let round = 0; round < rounds; round++) {
    const whole = synthesized(dev);
    all.push(whole.milliseconds);
    for (const key of systemKeys) {
      const rest = synthesized({ ...dev, [key]: undefined });
      without.get(key)?.push(rest.milliseconds);
      resources.set(key, whole.resources - rest.resources);
    }
  }
  return systemKeys.map((system) => {
    const added = median(all) - median(without.get(system) ?? []);
    const count = resources.get(system) ?? 0;
    return {
      system,
      resources: count,
      added: Number(added.toFixed(1)),
      msPerResource: Number((added / count).toFixed(3)),
    };
  });
}

/** Added time per resource of one system, by the mean of the others. */
export function againstOthers(costs: readonly SystemCost[], system: SystemKey): number {
  const perResource = (some: readonly SystemCost[]) =>
    some.reduce((sum, { added }) => sum + added, 0) / some.reduce((sum, { resources }) => sum + resources, 0);
  const own = costs.filter((cost) => cost.system === system);
  return Number((perResource(own) / perResource(costs.filter((cost) => cost.system !== system))).toFixed(2));
}

function synthesized(environment: Environment): { resources: number; milliseconds: number } {
  const outdir = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const started = process.hrtime.bigint();
    synthesize(buildApp([environment], { outdir }));
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    const count = (id: string) => {
      const { resource = {} } = JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8"));
      return Object.values<object>(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
    };
    const resources = readdirSync(join(outdir, "stacks")).reduce((sum, id) => sum + count(id), 0);
    return { resources, milliseconds };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** `systems.ts 5`: a process of its own, for a fresh heap. */
if (require.main === module) console.log(JSON.stringify(timeSystems(Number(process.argv[2]))));
