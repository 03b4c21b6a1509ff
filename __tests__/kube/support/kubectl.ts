import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Ended, run } from "../../support/process";
import type { Json } from "../../support/synth";

/** The real kubectl, as an administrator of a cluster. */
export class Kubectl {
  constructor(
    private readonly program: string,
    private readonly kubeconfig: string,
    private readonly folder: string,
  ) {}

  /** Runs it, however it ends. */
  try(...args: string[]): Promise<Ended> {
    const env = { PATH: process.env.PATH, HOME: this.folder, KUBECONFIG: this.kubeconfig };
    return run(this.program, args, { env, timeoutMs: 120_000 });
  }

  /** What it says; fails with what it says when it does not succeed. */
  async do(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.try(...args);
    if (status === 0) return stdout;
    throw new Error(`kubectl ${args.join(" ")} ended with status ${status}:\n${stderr}`);
  }

  async get(kind: string, ...args: string[]): Promise<Json[]> {
    const answer = JSON.parse(await this.do("get", kind, ...args, "--output=json"));
    return answer.items ?? [answer];
  }

  /** Applies objects on the server's side, as the only manager of their fields; an unknown or repeated field is an error. */
  apply(objects: readonly Json[], ...args: string[]): Promise<string> {
    return this.do("apply", "--server-side", "--validate=strict", ...this.#from(objects), ...args);
  }

  /** The same of a file, of which it gives the objects as the server then holds them. */
  async applyFile(file: string): Promise<Json[]> {
    await this.do("apply", "--server-side", "--validate=strict", "--filename", file);
    const answer = JSON.parse(await this.do("get", "--filename", file, "--output=json"));
    return answer.items ?? [answer];
  }

  /** Creates objects, and fails with what the server says of any. */
  create(objects: readonly Json[]): Promise<string> {
    return this.do("create", "--validate=strict", ...this.#from(objects));
  }

  /** The same, whatever the server says. */
  tryCreate(objects: readonly Json[]): Promise<Ended> {
    return this.try("create", "--validate=strict", ...this.#from(objects));
  }

  /** Deletes objects, and waits until they are gone; fails when they are not within the time. */
  delete(objects: readonly Json[], seconds = 60): Promise<string> {
    return this.do("delete", `--timeout=${seconds}s`, "--ignore-not-found", ...this.#from(objects));
  }

  /** What an apply of these objects would change, as the server sees it; empty when nothing. */
  async diff(objects: readonly Json[]): Promise<string> {
    const { status, stdout, stderr } = await this.try("diff", "--server-side", ...this.#from(objects));
    if (status === 0 || status === 1) return stdout; // 1 for a difference
    throw new Error(`kubectl diff ended with status ${status}:\n${stderr}`);
  }

  /** Waits until `ready` has an answer; fails with what is there instead. */
  async until<T>(what: string, ready: () => Promise<T | undefined>, seconds = 60): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const answer = await ready();
      if (answer !== undefined) return answer;
      if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
      await sleep(200);
    }
  }

  #from(objects: readonly Json[]): string[] {
    const file = join(mkdtempSync(join(this.folder, "objects-")), "objects.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    return ["--filename", file];
  }
}
