import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { LeanProvider } from "./lean-provider";

const START_TIMEOUT_MS = 180_000; // it has 700 MB, and the machine may be busy

/**
 * The real AWS provider as a process of our own, to which one terraform after another attaches: a start of it for each
 * would take more time than all the rest. It serves one at a time, since each configures it anew.
 */
export class ProviderProcess {
  private constructor(
    readonly folder: string,
    private readonly child: ChildProcess,
    private readonly attachment: Attachment,
    private readonly lean: LeanProvider,
  ) {}

  /**
   * Starts the provider that some terraform has installed in `installed`, and waits until it says where it listens. It
   * opens the files of a stack in `folder`, not where terraform runs.
   */
  static async start(installed: string, folder: string, env = process.env): Promise<ProviderProcess> {
    const [program] = filesIn(installed).filter((file) => basename(file).startsWith("terraform-provider-aws"));
    if (!program) throw new Error(`no AWS provider is installed in ${installed}`);
    const child = spawn(program, ["-debug"], { cwd: folder, env, stdio: ["ignore", "pipe", "ignore"] });
    process.once("exit", () => child.kill("SIGKILL"));
    const attachment = await attachmentOf(child);
    return new ProviderProcess(folder, child, attachment, await LeanProvider.before(addressIn(attachment)));
  }

  /** Where it listens, as gRPC names it. */
  get address(): string {
    return addressIn(this.attachment);
  }

  /**
   * `TF_REATTACH_PROVIDERS` of a terraform that uses it, beside the providers of `others`. It tells of `types` and of those
   * that were asked for before, since these may be in a state still; of all when undefined.
   */
  reattach(types: Iterable<string> | undefined, others = "{}"): string {
    if (types) this.lean.tell(types);
    const Addr = { Network: "tcp", String: this.lean.address };
    const own = Object.entries(this.attachment).map(([source, attach]) => [
      source,
      types ? { ...attach, Addr } : attach,
    ]);
    return JSON.stringify({ ...Object.fromEntries(own), ...JSON.parse(others) });
  }

  async stop(): Promise<void> {
    this.lean.stop();
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
  }
}

/** What the provider tells of itself, by its source address. */
type Attachment = Record<string, { Addr: { Network: string; String: string } }>;

function addressIn(attachment: Attachment): string {
  const [{ Addr }] = Object.values(attachment) as [Attachment[string]];
  return Addr.Network === "unix" ? `unix:${Addr.String}` : Addr.String;
}

/** Every file below a folder, through links too: terraform links what a mirror holds. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesIn(path) : [path]));

function attachmentOf(child: ChildProcess): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail("it told no address in time"), START_TIMEOUT_MS);
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`the AWS provider did not start: ${why}`));
    };
    child.once("error", (error) => fail(error.message));
    child.once("exit", (status) => fail(`it ended with status ${status}`));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const [, told] = /TF_REATTACH_PROVIDERS='(.*)'/.exec(line) ?? [];
      if (!told) return;
      clearTimeout(timer);
      resolve(JSON.parse(told));
    });
  });
}
