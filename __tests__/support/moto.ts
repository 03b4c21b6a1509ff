import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inject } from "vitest";

/** moto_server that writes down who called what. */
const RECORDING = join("__tests__", "support", "python", "recording_moto.py");
/** moto_server that runs state machines, and functions in Python. */
const WORKFLOWS = join("__tests__", "support", "python", "workflow_moto.py");
const START_TIMEOUT_MS = 60_000;

/** An AWS of our own on a port of this machine, empty when it starts. */
export class Moto {
  private constructor(
    readonly url: string,
    private readonly server: ChildProcess,
  ) {}

  /**
   * Starts a server on a port that the system chooses, and waits until it answers. With `calls`, a file, it writes each call
   * there, and its ECS tasks have loopback addresses. With `workflows` it runs state machines, and functions in Python;
   * with `builds`, a folder for their logs, builds of CodeBuild too.
   */
  static async start({
    calls,
    workflows,
    builds,
  }: {
    calls?: string;
    workflows?: boolean;
    builds?: string;
  } = {}): Promise<Moto> {
    const bin = join(inject("motoEnvironment"), "bin");
    const script = workflows ? WORKFLOWS : calls && RECORDING;
    const [program, args] = script ? [join(bin, "python"), [script]] : [join(bin, "moto_server"), []];
    const server = spawn(program, [...args, "-H", "127.0.0.1", ...(workflows ? [] : ["-p", "0"])], {
      env: {
        ...process.env,
        MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
        ...(calls && { CALLS: calls }),
        ...(builds && { BUILDS: builds }),
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    process.once("exit", () => server.kill());
    return new Moto(await addressOf(server), server);
  }

  /** What AWS SDKs, and through them the AWS provider, read from the environment to talk to this server. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_MAX_ATTEMPTS: "2",
    };
  }

  /** Leaves ECS tasks as they are; else moto moves one on, towards its end, whenever somebody looks at it. */
  async holdTasks(): Promise<void> {
    const transition = { model_name: "ecs::task", transition: { progression: "manual", times: 1_000_000 } };
    const path = `${this.url}/moto-api/state-manager/set-transition`;
    const response = await fetch(path, { method: "POST", body: JSON.stringify(transition) });
    if (!response.ok) throw new Error(`moto did not take the transition: ${response.status}`);
  }

  /** Empties every account. */
  async reset(): Promise<void> {
    const response = await fetch(`${this.url}/moto-api/reset`, { method: "POST" });
    if (!response.ok) throw new Error(`moto did not reset: ${response.status} ${await response.text()}`);
  }

  async stop(): Promise<void> {
    if (this.server.exitCode !== null) return;
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill();
    await ended;
  }
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
