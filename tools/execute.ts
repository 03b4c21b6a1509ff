import { spawn } from "node:child_process";

export interface ExecuteOptions {
  cwd?: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  input?: string;
}

/** Runs a program to its end, whatever its status; fails only when it cannot be started. */
export function execute(program: string, args: string[], { cwd, env, signal, input }: ExecuteOptions) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((done, fail) => {
    signal?.throwIfAborted();
    const child = spawn(program, args, { cwd, env, signal, stdio: "pipe" });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        said[stream] += text;
      });
    }
    child.once("error", fail);
    child.once("close", (status) => done({ status, ...said }));
    child.stdin.once("error", () => {}); // of a program that ends before it has read
    child.stdin.end(input);
  });
}
