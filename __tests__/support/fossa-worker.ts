import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { ChildProgram } from "./child-program";
import { type Ended, run } from "./process";

export const WORKER_FOLDER = resolve("assets", "containers", "fossa-worker");
const REQUIREMENTS = join(WORKER_FOLDER, "requirements.txt");
const CACHE = resolve("node_modules", ".cache", "ml-infra");

export interface Task {
  task_id: string;
  method: string;
  status: string;
  results: { type: string; payload: { return_value?: unknown } };
}
export interface NodeInfo {
  node_info: Record<"available_processing_capacity" | "max_concurrent_tasks", number> &
    Record<"node_ident" | "broker", string>;
  running_tasks: Omit<Task, "results">[];
  recent_completed_tasks: Task[];
}

/** Python with what the worker's image installs, in the same way: by hash, and from wheels alone. */
export async function installFossa(): Promise<string> {
  const digest = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 16);
  const folder = join(CACHE, `fossa-worker-${digest}`);
  const python = join(folder, "bin", "python");
  if (existsSync(folder)) return python;
  mkdirSync(CACHE, { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--require-hashes",
    "--only-binary=:all:",
    "--requirement",
    REQUIREMENTS,
  ];
  await succeed(process.env.PYTHON ?? "python3", ["-m", "venv", scratch]);
  await succeed(join(scratch, "bin", "python"), pip);
  // at once, as another test may install it too; only scripts in bin, which nobody uses, know the folder's old name
  if (existsSync(folder)) rmSync(scratch, { recursive: true });
  else renameSync(scratch, folder);
  return python;
}

async function succeed(program: string, args: string[]): Promise<void> {
  const { status, stderr } = await run(program, args);
  if (status !== 0) throw new Error(`Fossa could not be installed by ${program} ${args.join(" ")}:\n${stderr.trim()}`);
}

/** What a container of the image has in its environment, and of the file system only a place for temporary files. */
function containerEnvironment(scratch: string): Record<string, string> {
  const temporary = mkdtempSync(join(scratch, "tmp-"));
  return {
    PATH: process.env.PATH ?? "",
    TMPDIR: temporary,
    HOME: "/nonexistent",
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** Runs the image's program with settings that let it not start, or some Python beside its modules. */
export async function runInWorker(
  scratch: string,
  env: Record<string, string>,
  args = ["fossa_node.py"],
): Promise<Ended> {
  const options = { cwd: WORKER_FOLDER, env: { ...containerEnvironment(scratch), ...env }, timeoutMs: 60_000 };
  return run(await installFossa(), args, options);
}

export interface FossaWorkerOptions {
  scratch: string;
  /** An address of this machine; all of 127.0.0.0/8 is. */
  host?: string;
  port: number;
  env: Record<string, string>;
}

/** A worker that runs the very files of the image. */
export class FossaWorker {
  private constructor(
    readonly url: string,
    readonly program: ChildProgram,
  ) {}

  /** Starts a worker and waits until it answers. */
  static async start({ scratch, host = "127.0.0.1", port, env }: FossaWorkerOptions): Promise<FossaWorker> {
    const own = { ...containerEnvironment(scratch), FOSSA_HTTP_HOST: host, FOSSA_HTTP_PORT: `${port}`, ...env };
    const program = new ChildProgram(`worker at ${host}:${port}`, await installFossa(), ["fossa_node.py"], {
      env: own,
      cwd: WORKER_FOLDER,
    });
    const worker = new FossaWorker(`http://${host}:${port}`, program);
    await program.until("answers", () => worker.ask("/api/0.01/").catch(() => undefined));
    return worker;
  }

  get output(): string {
    return this.program.output;
  }

  ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${this.url}${path}`, { ...init, signal: AbortSignal.timeout(30_000) });

  async nodeInfo(): Promise<NodeInfo> {
    return (await (await this.ask("/api/0.01/node_info")).json()) as NodeInfo;
  }

  /** Waits until node_info is as `wanted`. */
  untilNode(what: string, wanted: (info: NodeInfo) => boolean, timeoutMs?: number): Promise<NodeInfo> {
    const look = async () => {
      const info = await this.nodeInfo();
      return wanted(info) ? info : undefined;
    };
    return this.program.until(what, look, timeoutMs);
  }

  /** Posts a task; gives status and answer. */
  async post(task: unknown): Promise<{ status: number; body: unknown }> {
    const headers = { "Content-Type": "application/json" };
    const answer = await this.ask("/api/0.01/task", { method: "POST", headers, body: JSON.stringify(task) });
    return { status: answer.status, body: await answer.json() };
  }

  /**
   * Posts a task until the node accepts it, and gives the task's id: Fossa counts its free slots only between two
   * messages, so that for a moment after a task it refuses the next one, whatever its node_info says.
   */
  accept(task: unknown): Promise<string> {
    return this.program.until("accepts a task", async () => {
      const { status, body } = await this.post(task);
      if (status === 503) return undefined;
      if (status !== 200) throw new Error(`${this.program.name} refuses a task: ${status} ${JSON.stringify(body)}`);
      return (body as { task_id: string }).task_id;
    });
  }
}
