import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

export interface Exit {
  status: number | null;
  signal: NodeJS.Signals | null;
}

export interface ChildProgramOptions {
  env: Record<string, string>;
  cwd: string;
  /** Whom it runs as; whoever runs the test when absent. */
  uid?: number;
  gid?: number;
}

/** A program that runs beside the test, with whatever it starts in a process group of its own. */
export class ChildProgram {
  /** All that it said, on both of its outputs. */
  output = "";
  readonly ended: Promise<Exit>;
  readonly #child: ChildProcess;

  constructor(
    readonly name: string,
    program: string,
    args: string[],
    options: ChildProgramOptions,
  ) {
    this.#child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        this.output += text;
      });
    }
    process.once("exit", this.killAll);
    this.ended = once(this.#child, "exit").then(([status, signal]) => ({ status, signal }));
    this.ended.catch((error: Error) => {
      this.output += error.message; // it could not be started, and whoever waits for it shows this
    });
  }

  get lives(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Waits until `ready` has an answer, asking a few times a second; fails with what the program said. */
  async until<T>(what: string, ready: () => Promise<T | undefined> | T | undefined, timeoutMs = 120_000): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    while (this.lives && Date.now() < deadline) {
      const answer = await ready();
      if (answer !== undefined && answer !== false) return answer;
      await sleep(200);
    }
    const why = this.lives ? `not within ${timeoutMs / 1000} s` : "it has ended";
    throw new Error(`${this.name}: ${what}: ${why}\n${this.output.slice(-4000)}`);
  }

  /** Asks the program alone to end, as ECS does. */
  terminate(): void {
    this.#child.kill("SIGTERM");
  }

  /** Ends it and all that it started, at once. */
  async kill(): Promise<void> {
    this.killAll();
    process.off("exit", this.killAll);
    if (this.lives) await this.ended;
  }

  private readonly killAll = () => {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // the group has ended
    }
  };
}
