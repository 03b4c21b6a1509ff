import { join } from "node:path";
import { credentials, type GrpcObject, loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { findBindings } from "../../src/bindings";
import { DerivedSchemas } from "../../src/cache";
import { startProviders } from "../../src/server";

/**
 * Measures the cost of schemas: `measure-schemas.ts <node_modules> <empty folder>` prints duration and peak memory of the
 * derivation of all AWS types, and the duration of serving 150 cached ones, the best of three.
 */
async function measure(modules: string, cache: string) {
  const source = "registry.terraform.io/hashicorp/aws";
  const packages = ["@cdktf/provider-aws"];
  const [bindings] = findBindings(modules, packages);
  if (!bindings) throw new Error(`${modules} has no ${packages}`);
  const [cold, counted] = await timed(async () => {
    const schemas = new DerivedSchemas(bindings, cache);
    const kinds = (["provider", "resource", "data"] as const).map((kind) => [kind, schemas.types(kind)] as const);
    for (const [kind, types] of kinds) for (const type of types) schemas.block(kind, type);
    return kinds.reduce((sum, [, types]) => sum + types.length, 0);
  });
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const types = new DerivedSchemas(bindings, cache)
    .types("resource")
    .filter((_, index) => index % 10 === 0)
    .slice(0, 150);
  const definition = loadSync(join(__dirname, "../../proto/tfplugin6.proto"), { keepCase: true });
  const Provider = (loadPackageDefinition(definition).tfplugin6 as GrpcObject).Provider as ServiceClientConstructor;
  const serve = async () => {
    const providers = await startProviders({ packages, types, modules, cache });
    const client = new Provider(JSON.parse(providers.reattach)[source].Addr.String, credentials.createInsecure());
    // biome-ignore lint/suspicious/noExplicitAny: a message of the protocol
    const answer: any = await new Promise((resolve, reject) =>
      client.GetProviderSchema?.({}, (error: Error | null, schemas: object) =>
        error ? reject(error) : resolve(schemas),
      ),
    );
    client.close();
    providers.close();
    return Object.keys(answer.resource_schemas).length;
  };
  const runs = [await timed(serve), await timed(serve), await timed(serve)];
  const [warm, served] = runs.reduce((best, run) => (run[0] < best[0] ? run : best));
  return { cold: { types: counted, seconds: cold, megabytes }, warm: { types: served, seconds: warm } };
}

async function timed<T>(task: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now();
  const result = await task();
  return [(performance.now() - start) / 1000, result];
}

const [modules = "", cache = ""] = process.argv.slice(2);
measure(modules, cache).then((figures) => console.log(JSON.stringify(figures)));
