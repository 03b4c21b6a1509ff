import { Server, ServerCredentials, type ServerUnaryCall, type ServiceDefinition } from "@grpc/grpc-js";
import { type Bindings, findBindings, installedModules } from "./bindings";
import { cacheFolder, DerivedSchemas } from "./cache";
import { encode, type Value } from "./msgpack-cty";
import {
  type Diagnostic,
  type DynamicValue,
  PROTOCOL_VERSION,
  pathOf,
  providerService,
  schemaMessage,
} from "./protocol";
import { RehearsalProvider } from "./provider";
import type { Kind } from "./schema";
import { type Facts, factsOf } from "./simulated/facts";
import type { Finding } from "./unconfigurable";
import { awsValues, type Checks } from "./values/check";

export interface ProvidersOptions {
  /** Bindings to serve: names of packages; every installed `@cdktf/provider-*` when absent. */
  packages?: string[];
  /** Terraform types to serve; every type when absent, which Terraform takes seconds to read. */
  types?: Iterable<string>;
  /** Folder of the installed packages; the one that has cdktf when absent. */
  modules?: string;
  /** Cache of derived schemas; `.cache/rehearsal` in `modules` when absent. */
  cache?: string;
  /** Checks of configurations; those of AWS's own models when absent. */
  checks?: Checks;
  /** Texts of existing secrets by ARN; every other existing secret has a user name and a password. */
  secrets?: Readonly<Record<string, string>>;
}

/** Running providers, for Terraform to attach to. */
export interface Providers {
  /** Value of the environment variable `TF_REATTACH_PROVIDERS`. */
  reattach: string;
  /** Addresses of the served providers. */
  sources: string[];
  /** Stops the servers and cancels pending calls. */
  close(): void;
}

/** The schema of all AWS types has 20 MB. */
const NO_LIMIT = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** Starts a provider for each of the installed bindings, on a loopback port of its own. */
export async function startProviders(options: ProvidersOptions = {}): Promise<Providers> {
  const { packages, types, checks = awsValues, modules = installedModules() } = options;
  const { cache = cacheFolder(modules), secrets } = options;
  const service = providerService();
  const only = types && new Set(types);
  const serve = async (bindings: Bindings) => {
    const provider = new RehearsalProvider(new DerivedSchemas(bindings, cache), { types: only, checks, secrets });
    const server = new Server(NO_LIMIT);
    server.addService(...implementation(service, provider));
    const port = await listen(server);
    return { server, source: provider.source, port };
  };
  const running = await Promise.all(findBindings(modules, packages).map(serve));
  return {
    reattach: JSON.stringify(Object.fromEntries(running.flatMap(attachment))),
    sources: running.map(({ source }) => source),
    close() {
      for (const { server } of running) server.forceShutdown();
    },
  };
}

/** Attachment of a running provider, by its address for Terraform and for OpenTofu. */
function attachment({ source, port }: { source: string; port: number }): [string, object][] {
  const attach = {
    Protocol: "grpc",
    ProtocolVersion: PROTOCOL_VERSION,
    Pid: process.pid,
    Test: true,
    Addr: { Network: "tcp", String: `127.0.0.1:${port}` },
  };
  return [source, source.replace("registry.terraform.io/", "registry.opentofu.org/")].map((name) => [name, attach]);
}

const listen = (server: Server) =>
  new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );

// biome-ignore lint/suspicious/noExplicitAny: messages have the fields of the protocol's definition
type Message = any;
type Handler = (request: Message, facts: Facts, peer: string) => object;
type Handlers = Record<string, Handler>;

/** Handlers of Terraform's calls; an exception becomes a diagnostic. */
function implementation(service: ServiceDefinition, provider: RehearsalProvider): Parameters<Server["addService"]> {
  const facts = new Map<string, Facts>(); // by connection, of which each configured provider has its own
  const schema = schemaAnswer(service, provider);
  const handlers: Handlers = { ...handlersOf(provider, facts), GetProviderSchema: () => schema };
  const calls = Object.entries(handlers).map(([name, handler]) => [
    name,
    (call: ServerUnaryCall<Message, Message>, done: (error: null, answer: object) => void) => {
      const peer = call.getPeer();
      done(
        null,
        answerOf(() => handler(call.request, facts.get(peer) ?? factsOf(null), peer), name),
      );
    },
  ]);
  return [withReadySchema(service), Object.fromEntries(calls)];
}

function answerOf(handle: () => object, name: string): object {
  try {
    return handle();
  } catch (error) {
    const { message } = error as Error;
    return { diagnostics: [{ severity: "ERROR", summary: `The rehearsal failed in ${name}`, detail: message }] };
  }
}

/** Sends an already serialized schema as it is. */
function withReadySchema({ GetProviderSchema, ...others }: ServiceDefinition): ServiceDefinition {
  if (!GetProviderSchema) throw new Error("the protocol's definition lacks GetProviderSchema");
  const { responseSerialize } = GetProviderSchema;
  const ready = (answer: object) => (Buffer.isBuffer(answer) ? answer : responseSerialize(answer));
  return { ...others, GetProviderSchema: { ...GetProviderSchema, responseSerialize: ready } };
}

/**
 * The answer to a request for the schemas, derived in advance: without a cache that blocks this process for seconds, in
 * which waiting Terraforms would lose their connection.
 */
const schemaAnswer = ({ GetProviderSchema }: ServiceDefinition, provider: RehearsalProvider): object =>
  answerOf(() => GetProviderSchema?.responseSerialize(schemasOf(provider)) as Buffer, "GetProviderSchema");

const CAPABILITIES = { server_capabilities: { plan_destroy: false, get_provider_schema_optional: true } };

function schemasOf(provider: RehearsalProvider): object {
  const all = (kind: "resource" | "data" | "ephemeral") =>
    Object.fromEntries(provider.types(kind).map((type) => [type, schemaMessage(provider.block(kind, type))]));
  return {
    ...CAPABILITIES,
    provider: schemaMessage(provider.configuration),
    resource_schemas: all("resource"),
    data_source_schemas: all("data"),
    ephemeral_resource_schemas: all("ephemeral"),
  };
}

function handlersOf(provider: RehearsalProvider, facts: Map<string, Facts>): Handlers {
  const check =
    (kind: Kind): Handler =>
    ({ type_name, config }) => {
      const found = provider.check(kind, type_name, provider.read(kind, type_name, config?.msgpack));
      return { diagnostics: found.map(diagnostic) };
    };
  const resource = (type: string, value: DynamicValue | null) => provider.read("resource", type, value?.msgpack);
  return {
    GetMetadata: () => CAPABILITIES,
    GetResourceIdentitySchemas: () => ({ identity_schemas: {} }),
    GetFunctions: () => ({ functions: {} }),
    ValidateProviderConfig: check("provider"),
    ValidateResourceConfig: check("resource"),
    ValidateDataResourceConfig: check("data"),
    ValidateEphemeralResourceConfig: check("ephemeral"),
    ConfigureProvider: ({ config }, _, peer) => {
      facts.set(peer, provider.configure(provider.read("provider", "", config?.msgpack)));
      return {};
    },
    UpgradeResourceState: ({ type_name, raw_state }) => ({
      upgraded_state: wire(provider.upgrade(type_name, raw_state.json)),
    }),
    ReadResource: ({ type_name, current_state, private: kept }) => ({
      new_state: wire(provider.refresh(type_name, resource(type_name, current_state), text(kept))),
      private: kept,
    }),
    PlanResourceChange: ({ type_name, prior_state, proposed_new_state, config, prior_private }, own) => {
      const [proposed, prior, given] = [proposed_new_state, prior_state, config].map((it) => resource(type_name, it));
      const plan = provider.plan(type_name, proposed as Value, prior as Value, given as Value, own);
      return { planned_state: wire(plan), planned_private: prior_private };
    },
    ApplyResourceChange: ({ type_name, planned_state, config, planned_private }, own) => {
      const [plan, given] = [planned_state, config].map((it) => resource(type_name, it));
      const { state, seed } = provider.apply(type_name, plan as Value, given as Value, text(planned_private), own);
      return { new_state: wire(state), private: Buffer.from(seed) };
    },
    ImportResourceState: ({ type_name, id }, own) => {
      const { state, seed } = provider.import(type_name, id, own);
      return { imported_resources: [{ type_name, state: wire(state), private: Buffer.from(seed) }] };
    },
    ReadDataSource: ({ type_name, config }, own) => ({
      state: wire(provider.answer("data", type_name, provider.read("data", type_name, config?.msgpack), own)),
    }),
    OpenEphemeralResource: ({ type_name, config }, own) => ({
      result: wire(
        provider.answer("ephemeral", type_name, provider.read("ephemeral", type_name, config?.msgpack), own),
      ),
    }),
    RenewEphemeralResource: () => ({}),
    CloseEphemeralResource: () => ({}),
    StopProvider: () => ({}),
  };
}

const wire = (value: Value): DynamicValue => ({ msgpack: encode(value) });

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("utf8");

const diagnostic = ({ path, summary, detail }: Finding): Diagnostic => ({
  severity: "ERROR",
  summary,
  detail,
  attribute: pathOf(path),
});
