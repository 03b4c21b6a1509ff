import { type ChildProcess, spawn } from "node:child_process";

/** How a program ended, and what it said. */
export interface Ended {
  /** Exit status; undefined when a signal ended it. */
  status?: number;
  stdout: string;
  stderr: string;
  /** Whether it was stopped because it took longer than it was given. */
  timedOut: boolean;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** After this time the program is interrupted, and killed when that does not end it. */
  timeoutMs?: number;
}

const PATIENCE_MS = 20_000;
/** Programs that this process must not leave behind. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill();
});

/** Runs a program to its end, whatever its status; fails only when it cannot be started. */
export function run(program: string, args: string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, env, timeoutMs = 900_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const timers: NodeJS.Timeout[] = [];
    const ended: Ended = { stdout: "", stderr: "", timedOut: false };
    const stop = () => {
      ended.timedOut = true;
      child.kill("SIGINT");
      timers.push(setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS));
    };
    timers.push(setTimeout(stop, timeoutMs));
    running.add(child);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      ended.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      ended.stderr += text;
    });
    const finish = () => {
      for (const timer of timers) clearTimeout(timer);
      running.delete(child);
    };
    child.once("error", (error) => {
      finish();
      reject(error);
    });
    child.once("close", (status) => {
      finish();
      resolve({ ...ended, status: status ?? undefined });
    });
  });
}
