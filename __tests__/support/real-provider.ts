import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { encode, type Value } from "@cdktf-ml-infra/rehearsal/internal/msgpack-cty";
import { providerService } from "@cdktf-ml-infra/rehearsal/internal/protocol";
import { Client, credentials } from "@grpc/grpc-js";

/** The calls of plugin protocol 5 that protocol 6 has under another name, with the same messages. */
const CALLS = {
  resource: ["ValidateResourceConfig", "/tfplugin5.Provider/ValidateResourceTypeConfig"],
  data: ["ValidateDataResourceConfig", "/tfplugin5.Provider/ValidateDataSourceConfig"],
} as const;
const START_TIMEOUT_MS = 60_000;

/** The real AWS provider as a process of our own, to be asked what it thinks of single values. */
export class RealProvider {
  private constructor(
    private readonly client: Client,
    private readonly process: ChildProcess,
  ) {}

  /** Starts the provider that some terraform has installed in `folder`, and waits until it says where it listens. */
  static async start(folder: string): Promise<RealProvider> {
    const [program] = filesIn(folder).filter((file) => basename(file).startsWith("terraform-provider-aws"));
    if (!program) throw new Error(`no AWS provider is installed in ${folder}`);
    const child = spawn(program, ["-debug"], { stdio: ["ignore", "pipe", "ignore"] });
    process.once("exit", () => child.kill());
    const address = await addressOf(child);
    return new RealProvider(new Client(address, credentials.createInsecure()), child);
  }

  /** Complaints about a configuration: what `terraform validate` would show. */
  validate(kind: keyof typeof CALLS, type: string, config: Value): Promise<string[]> {
    const [name, path] = CALLS[kind];
    const { requestSerialize, responseDeserialize } = providerService()[name] as ReturnType<
      typeof providerService
    >[string];
    return new Promise((resolve, reject) =>
      this.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { type_name: type, config: { msgpack: Buffer.from(encode(config)) } },
        // biome-ignore lint/suspicious/noExplicitAny: messages have the fields that the protocol's definition gives them
        (error, answer: any) =>
          error
            ? reject(error)
            : resolve(
                (answer.diagnostics ?? [])
                  .filter(({ severity }: { severity: string }) => severity === "ERROR")
                  .map(({ summary, detail }: Record<string, string>) => [summary, detail].filter(Boolean).join(": ")),
              ),
      ),
    );
  }

  async stop(): Promise<void> {
    this.client.close();
    if (this.process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await ended;
  }
}

/** Every file below a folder, through links too: terraform links what a mirror holds. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesIn(path) : [path]));

function addressOf(child: ChildProcess): Promise<string> {
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
      const [, address] = /TF_REATTACH_PROVIDERS='.*"String":"([^"]+)"/.exec(line) ?? [];
      if (!address) return;
      clearTimeout(timer);
      resolve(address.startsWith("/") ? `unix:${address}` : address);
    });
  });
}
