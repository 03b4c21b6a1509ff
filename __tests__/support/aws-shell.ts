import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { inject } from "vitest";
import type { Json } from "./synth";

const SHELL = join("__tests__", "support", "python", "aws_shell.py");

/** A Python that calls AWS by boto3, and the handlers of functions as Lambda does. */
export class AwsShell {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  /** What handlers printed. */
  log = "";

  constructor(env: Record<string, string>) {
    this.#child = spawn(join(inject("motoEnvironment"), "bin", "python"), [SHELL], {
      env: { PATH: process.env.PATH, AWS_DEFAULT_REGION: "us-east-1", ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text) => {
      this.log += text;
    });
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    process.once("exit", this.end);
  }

  /** Answer of an operation of AWS, in boto3's spelling. */
  call(client: string, call: string, args: object = {}): Promise<Json> {
    return this.ask({ client, call, arguments: args });
  }

  /** What a function of a Python file gives. */
  run(file: string, call: string, args: unknown[], env: Record<string, string> = {}): Promise<Json> {
    return this.ask({ file, call, arguments: args, env });
  }

  readonly end = (): void => {
    process.off("exit", this.end);
    this.#child.kill();
  };

  private ask(line: object): Promise<Json> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`the shell has ended:\n${this.log}`));
      this.#child.once("exit", ended);
      this.#lines.once("line", (text) => {
        this.#child.off("exit", ended);
        const { answer, error } = JSON.parse(text);
        if (error === undefined) resolve(answer);
        else reject(new Error(error));
      });
      this.#child.stdin?.write(`${JSON.stringify(line)}\n`);
    });
  }
}
