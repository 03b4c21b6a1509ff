import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A command to measure. */
export interface Command {
  name: string;
  argv: [command: string, ...args: string[]];
  cwd: string;
  env?: Record<string, string>;
}

/** One run of a command. */
export interface Run {
  /** Wall time in seconds. */
  seconds: number;
  /** Peak resident memory in MiB of the largest Node.js process of the command. */
  peakMiB: number;
}

/** Runs `command` once; a failure throws its output. */
export async function run({ name, argv: [file, ...args], cwd, env = {} }: Command): Promise<Run> {
  const notes = mkdtempSync(join(tmpdir(), "bench-"));
  const meter = `--require=${resolve(__dirname, "memory-meter.js")}`;
  const started = process.hrtime.bigint();
  try {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env, NODE_OPTIONS: meter, BENCH_MEMORY_NOTES: notes },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    const status = await new Promise<number | null>((done, fail) => child.on("error", fail).on("close", done));
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (status !== 0) throw new Error(`${name} ended with status ${status}:\n${Buffer.concat(output)}`);
    const peaks = readdirSync(notes).map((note) => Number(readFileSync(join(notes, note), "utf8")));
    return { seconds, peakMiB: Math.max(...peaks) / 1024 };
  } finally {
    rmSync(notes, { recursive: true });
  }
}

/** Runs the commands alternately, `rounds` times each, so that other load affects them equally. */
export async function alternately(commands: readonly Command[], rounds: number): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>(commands.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const command of commands) runs.get(command.name)?.push(await run(command));
  }
  return runs;
}

/** Median. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError("no values to take the median of");
  return (upper + lower) / 2;
}

/** Median time and memory of several runs, rounded. */
export const summarize = (runs: readonly Run[]) => ({
  seconds: Number(median(runs.map(({ seconds }) => seconds)).toFixed(3)),
  peakMiB: Math.round(median(runs.map(({ peakMiB }) => peakMiB))),
});
