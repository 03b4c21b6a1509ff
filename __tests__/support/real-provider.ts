import { encode, type Value } from "@cdktf-ml-infra/rehearsal/internal/msgpack-cty";
import { providerService } from "@cdktf-ml-infra/rehearsal/internal/protocol";
import { Client, credentials } from "@grpc/grpc-js";
import { ProviderProcess } from "./provider-process";

/** The calls of plugin protocol 5 that protocol 6 has under another name, with the same messages. */
const CALLS = {
  resource: ["ValidateResourceConfig", "/tfplugin5.Provider/ValidateResourceTypeConfig"],
  data: ["ValidateDataResourceConfig", "/tfplugin5.Provider/ValidateDataSourceConfig"],
} as const;

/** The real AWS provider, to be asked what it thinks of single values. */
export class RealProvider {
  private constructor(
    private readonly client: Client,
    private readonly process: ProviderProcess,
  ) {}

  /** Starts the provider that some terraform has installed in `installed`. */
  static async start(installed: string): Promise<RealProvider> {
    const process = await ProviderProcess.start(installed, installed);
    return new RealProvider(new Client(process.address, credentials.createInsecure()), process);
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
    await this.process.stop();
  }
}
