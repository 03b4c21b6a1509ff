import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { bundle } from "../../modules/common/bundling/bundle";
import type { PayloadAnswer, PayloadEvent } from "./payload";

const HOSTS = join(__dirname, "hosts");
/** Folder of the package that functions in Python have as a layer. */
const LAYER = resolve(__dirname, "..", "..", "assets", "receipts-package", "src");

/** A call of a function ended without an answer; the message says how. */
export class CallFailed extends Error {}

export interface HostedFunction {
  /** TypeScript or Python file that exports `handler`. */
  readonly entry: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface HostSettings {
  /** Python interpreter with boto3; empty where no function is in Python. */
  readonly python: string;
  /** What every function finds in its environment, such as the place of AWS. */
  readonly env: NodeJS.ProcessEnv;
}

interface Waiting {
  resolve(answer: PayloadAnswer): void;
  reject(error: Error): void;
}

/** A process, and who waits for it by the numbers of their calls. */
interface Running {
  readonly process: ChildProcess;
  readonly waiting: Map<number, Waiting>;
}

/** A function in a process of its own, which starts with its first call. */
export class FunctionHost {
  #running: Running | undefined;
  #calls = 0;
  #scratch: string | undefined;

  constructor(
    private readonly made: HostedFunction,
    private readonly settings: HostSettings,
  ) {}

  /** Calls it; fails when it does, or when its time is up. */
  async call(event: PayloadEvent): Promise<PayloadAnswer> {
    this.#running ??= this.start();
    const running = this.#running;
    const { process, waiting } = running;
    const id = this.#calls++;
    const timeoutMs = this.made.timeoutSeconds * 1000;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(running, `it took longer than ${this.made.timeoutSeconds} s`), timeoutMs);
      const done =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          waiting.delete(id);
          then(value);
        };
      waiting.set(id, { resolve: done(resolve), reject: done(reject) });
      process.stdin?.write(`${JSON.stringify({ id, event, timeoutMs })}\n`);
    });
  }

  stop(): void {
    if (this.#running) this.end(this.#running, "it was stopped");
    if (this.#scratch) rmSync(this.#scratch, { recursive: true, force: true });
  }

  private start(): Running {
    const [program, ...args] = this.command();
    const host = spawn(program, args, {
      env: { ...this.settings.env, ...this.made.environment },
      stdio: ["pipe", 2, 2, "pipe"], // what it says is its log
    });
    const running = { process: host, waiting: new Map<number, Waiting>() };
    host.stdin?.on("error", () => {}); // of a host that has ended; "exit" tells
    host.once("error", (error) => this.end(running, error.message));
    host.once("exit", (code, signal) => this.end(running, `it ended with ${signal ?? `status ${code}`}`));
    createInterface({ input: host.stdio[3] as NodeJS.ReadableStream }).on("line", (line) => {
      const { id, answer, error } = JSON.parse(line);
      const waiting = running.waiting.get(id);
      if (error === undefined) waiting?.resolve(answer);
      else waiting?.reject(new CallFailed(error));
    });
    return running;
  }

  /** Ends a process, if it has not ended, and the calls that wait for it; the next call starts another. */
  private end(running: Running, why: string): void {
    if (this.#running === running) this.#running = undefined;
    running.process.kill("SIGKILL");
    for (const { reject } of [...running.waiting.values()]) reject(new CallFailed(why));
  }

  private command(): [string, ...string[]] {
    const { entry } = this.made;
    if (entry.endsWith(".py")) {
      return [this.settings.python, join(HOSTS, "python_host.py"), dirname(resolve(entry)), basename(entry, ".py")];
    }
    this.#scratch ??= mkdtempSync(join(tmpdir(), "portfolio-function-"));
    const file = join(this.#scratch, "handler.mjs");
    writeFileSync(file, bundle(entry).code);
    return [process.execPath, join(HOSTS, "node-host.mjs"), file];
  }
}

/** Environment of functions: what AWS SDKs need, and the layer of those in Python. */
export const functionEnv = (own: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...own,
  PYTHONPATH: LAYER,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", // they run on Lambda's Node.js, not on this one
});
