import { join } from "node:path";
import { inject } from "vitest";
import { type MotoServer, QUICK_MOTO, startMoto } from "../../tools/portfolio/moto-server";

/** moto_server that writes down who called what. */
const RECORDING = join("__tests__", "support", "python", "recording_moto.py");
/** moto_server that runs state machines, and functions in Python. */
const WORKFLOWS = join("__tests__", "support", "python", "workflow_moto.py");

/** An AWS of our own on a port of this machine, empty when it starts. */
export class Moto {
  private constructor(
    readonly url: string,
    private readonly server: MotoServer,
  ) {}

  /**
   * Starts a server on a port that the system chooses, and waits until it answers. With `calls`, a file, it writes each call
   * there, and its ECS tasks have loopback addresses. With `workflows` it runs state machines, and functions in Python;
   * with `builds`, a folder for their logs, builds of CodeBuild too. With `quick` its large tables are.
   */
  static async start({
    calls,
    workflows,
    builds,
    quick,
  }: {
    calls?: string;
    workflows?: boolean;
    builds?: string;
    quick?: boolean;
  } = {}): Promise<Moto> {
    const bin = join(inject("motoEnvironment"), "bin");
    const script = workflows ? WORKFLOWS : calls ? RECORDING : quick && QUICK_MOTO;
    const [program, args] = script ? [join(bin, "python"), [script]] : [join(bin, "moto_server"), []];
    const where = ["-H", "127.0.0.1", ...(workflows ? [] : ["-p", "0"])];
    const server = await startMoto(program, [...args, ...where], {
      ...(calls && { CALLS: calls }),
      ...(builds && { BUILDS: builds }),
    });
    return new Moto(server.url, server);
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

  stop(): Promise<void> {
    return this.server.stop();
  }
}
