import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installPython } from "../../tools/policy/python-tools";
import { ChildProgram } from "./child-program";
import { freePorts } from "./free-ports";
import { type Ended, run } from "./process";

/** How long a server may take to start on a busy machine. */
const START_MS = 300_000;

/** A folder for Prefect's files, and its Python. */
export class Prefect {
  readonly python: string;

  private constructor(
    environment: string,
    private readonly home: string,
  ) {
    this.python = join(environment, "bin", "python");
  }

  static async in(scratch: string): Promise<Prefect> {
    const environment = await installPython("requirements-prefect.txt", ".venv-prefect");
    return new Prefect(environment, mkdtempSync(join(scratch, "prefect-")));
  }

  /** What a container has in its environment, and nothing of ours. */
  environment(own: Record<string, string>): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "",
      HOME: this.home,
      PREFECT_HOME: this.home,
      PREFECT_SERVER_ANALYTICS_ENABLED: "false",
      DO_NOT_TRACK: "1",
      PYTHONUNBUFFERED: "1",
      ...own,
    };
  }

  /** Starts a command of a container, which begins with `prefect`. */
  start(name: string, [, ...args]: string[], env: Record<string, string>): ChildProgram {
    return new ChildProgram(name, this.python, ["-m", "prefect", ...args], {
      env: this.environment(env),
      cwd: this.home,
    });
  }

  /** Runs a command of Prefect to its end; gives what it said. */
  async command(args: string[], env: Record<string, string>): Promise<string> {
    return said("prefect", await run(this.python, ["-m", "prefect", ...args], this.options(env)));
  }

  /** Runs a Python program; gives what it said. */
  async run(program: string, env: Record<string, string>): Promise<string> {
    return said("python", await run(this.python, ["-c", program], this.options(env)));
  }

  private options(env: Record<string, string>) {
    return { env: this.environment(env), cwd: this.home, timeoutMs: 240_000 };
  }
}

function said(name: string, { status, stdout, stderr }: Ended): string {
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
  return stdout;
}

/** A server on a port of this machine, on SQLite unless `env` says otherwise. */
export class PrefectServerProgram {
  private constructor(
    readonly apiUrl: string,
    readonly program: ChildProgram,
    private readonly auth: string | undefined,
  ) {}

  static async start(
    prefect: Prefect,
    env: Record<string, string> = {},
    command = ["prefect", "server", "start"],
  ): Promise<PrefectServerProgram> {
    const [free = 0] = await freePorts(1);
    const port = env.PREFECT_SERVER_API_PORT ?? String(free);
    const base = env.PREFECT_SERVER_API_BASE_PATH ?? "/api";
    const apiUrl = `http://127.0.0.1:${port}${base}`;
    const program = prefect.start("server", command, {
      ...env,
      PREFECT_SERVER_API_HOST: "127.0.0.1",
      PREFECT_SERVER_API_PORT: port,
    });
    const server = new PrefectServerProgram(apiUrl, program, env.PREFECT_SERVER_API_AUTH_STRING);
    const answers = () =>
      fetch(`${apiUrl}/ready`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    await program.until("answers", answers, START_MS);
    return server;
  }

  /** Posts to the API, or gets without a body. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are read by the keys that a test names
  async ask(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<any> {
    const response = await this.fetch(path, {
      method,
      headers: {
        "Content-Type": "application/json",
        ...(this.auth && { Authorization: `Basic ${Buffer.from(this.auth).toString("base64")}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 1000)}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Asks once more while the server is too busy for its database, as Prefect's own client does. */
  private async fetch(path: string, init: RequestInit): Promise<Response> {
    for (let left = 10; ; left--) {
      const response = await fetch(`${this.apiUrl}${path}`, init);
      if (response.status !== 503 || left === 0) return response;
      await sleep(1000);
    }
  }
}
