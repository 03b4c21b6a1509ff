import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { leanSchemas } from "./lean-schemas";

/** Calls of plugin protocol 5, all of them with one message each way. Source: terraform-plugin-go, tfplugin5.proto. */
const CALLS = [
  "GetMetadata",
  "GetSchema",
  "GetResourceIdentitySchemas",
  "PrepareProviderConfig",
  "ValidateResourceTypeConfig",
  "ValidateDataSourceConfig",
  "ValidateEphemeralResourceConfig",
  "UpgradeResourceState",
  "UpgradeResourceIdentity",
  "Configure",
  "ReadResource",
  "PlanResourceChange",
  "ApplyResourceChange",
  "ImportResourceState",
  "MoveResourceState",
  "ReadDataSource",
  "OpenEphemeralResource",
  "RenewEphemeralResource",
  "CloseEphemeralResource",
  "GetFunctions",
  "CallFunction",
  "Stop",
];
const NO_LIMIT = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
const asItIs = (bytes: Buffer) => bytes;

/** What stands before a provider and hands on every call, but tells terraform of those types alone that it asks for. */
export class LeanProvider {
  readonly #types = new Set<string>();
  readonly #server = new Server(NO_LIMIT);
  readonly #client: Client;
  #port = 0;
  #schemas: Promise<Buffer> | undefined;

  private constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), NO_LIMIT);
    for (const name of CALLS) {
      const path = `/tfplugin5.Provider/${name}`;
      const answer = name === "GetSchema" ? () => this.schemas(path) : (request: Buffer) => this.call(path, request);
      const handle = ({ request }: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
        answer(request).then((bytes) => done(null, bytes), done);
      };
      this.#server.register(path, handle, asItIs, asItIs, "unary");
    }
  }

  /** Stands before the provider that listens at `address`. */
  static async before(address: string): Promise<LeanProvider> {
    const provider = new LeanProvider(address);
    await new Promise<void>((resolve, reject) =>
      provider.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        provider.#port = port;
        error ? reject(error) : resolve();
      }),
    );
    return provider;
  }

  /** Where it listens. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Tells of these types too from now on. */
  tell(types: Iterable<string>): void {
    for (const type of types) this.#types.add(type);
  }

  stop(): void {
    this.#server.forceShutdown();
    this.#client.close();
  }

  private async schemas(path: string): Promise<Buffer> {
    this.#schemas ??= this.call(path, Buffer.alloc(0));
    return leanSchemas(await this.#schemas, this.#types);
  }

  private call(path: string, request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) =>
      this.#client.makeUnaryRequest(path, asItIs, asItIs, request, (error, answer) =>
        error ? reject(error) : resolve(answer as Buffer),
      ),
    );
  }
}
