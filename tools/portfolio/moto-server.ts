import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const START_TIMEOUT_MS = 60_000;
/** moto_server, as a Python script, whose large tables are quick. */
export const QUICK_MOTO = join(__dirname, "hosts", "quick_moto.py");

/** A moto_server on a port of this machine that the system chose. */
export interface MotoServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `program`, a moto_server or a script around it, and waits until it answers; it ends with this process. */
export async function startMoto(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<MotoServer> {
  const server = spawn(program, args, {
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = () => server.kill();
  process.once("exit", kill);
  const url = await addressOf(server);
  return {
    url,
    stop: async () => {
      process.off("exit", kill);
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill();
      await ended;
    },
  };
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const timer = setTimeout(() => {
      server.kill();
      fail(`no address after ${START_TIMEOUT_MS / 1000} s`);
    }, START_TIMEOUT_MS);
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new Error(`moto did not start: ${why}\n${said.join("\n")}`));
    };
    server.once("error", (error) => fail(error.message));
    server.once("exit", (code) => fail(`it ended with status ${code}`));
    // read to the end: a pipe that nobody empties would stop the server when it is full
    createInterface({ input: server.stderr as NodeJS.ReadableStream }).on("line", (line) => {
      if (said.length < 50) said.push(line);
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}
