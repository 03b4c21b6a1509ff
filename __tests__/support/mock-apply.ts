import { withoutProtection } from "@cdktf-ml-infra/rehearsal/local-state";
import { madeUp } from "./made-up";
import type { Json } from "./synth";
import { AWS_PROVIDER, type Outputs, Workspace } from "./terraform";
import { ref, withoutEphemerals } from "./terraform-json";

/** What `mockApply` is told beside the stack. */
export interface MockOptions {
  /** The stack's folder, when it has assets. */
  source?: string;
  /** Values by address in place of made-up ones, such as those of a data source. */
  overrides?: Record<string, Record<string, unknown>>;
  /** Conditions on the applied stack, in Terraform's language, by what they say. */
  asserts?: Record<string, string>;
}

/**
 * Applies a stack with the schemas and validators of the real providers, but without AWS: what AWS would answer is made
 * up. Gives the outputs, so that a stack that reads them can be applied next.
 */
export async function mockApply(name: string, json: Json, options: MockOptions = {}): Promise<Outputs> {
  const schemas = await providerSchemas();
  const workspace = await Workspace.of(name, withoutEphemerals(withoutProtection(json)), { source: options.source });
  workspace.write("mocked.tftest.json", mockTest(json, schemas, options));
  const messages = await workspace.test();
  const state = messages.find(({ type }) => type === "test_state");
  if (!state) throw new Error(`terraform test of ${name} told no state:\n${JSON.stringify(messages.slice(-3))}`);
  return state.test_state.outputs ?? {};
}

/** A terraform test that mocks every provider of the stack, and makes up the values of every address. */
export function mockTest(json: Json, schemas: Json, { overrides = {}, asserts = {} }: MockOptions = {}): Json {
  const region = json.provider?.aws?.[0]?.region ?? "us-east-1";
  const values = (kind: "resource_schemas" | "data_source_schemas", types: Json = {}, prefix = "") =>
    Object.entries<Json>(types).flatMap(([type, named]) => {
      const block = Object.values<Json>(schemas).find((schema) => schema[kind]?.[type])?.[kind][type].block;
      if (!block) return []; // terraform's own, such as terraform_remote_state: they are not mocked
      return Object.keys(named).map((name) => {
        const target = `${prefix}${type}.${name}`;
        return { target, values: { ...madeUp({ address: target, type, region }, block), ...overrides[target] } };
      });
    });
  const aliases = ([provider, blocks]: [string, Json[]]) => [
    provider,
    blocks.map(({ alias }) => (alias ? { alias } : {})),
  ];
  return {
    mock_provider: Object.fromEntries(Object.entries<Json[]>(json.provider ?? {}).map(aliases)),
    override_resource: values("resource_schemas", json.resource),
    override_data: values("data_source_schemas", json.data, "data."),
    run: {
      applies: {
        command: "apply",
        assert: Object.entries(asserts).map(([error_message, condition]) => ({
          error_message,
          condition: ref(condition),
        })),
      },
    },
  };
}

let known: Promise<Json> | undefined;

/** Schemas of the AWS provider; read once, which takes two seconds. */
export function providerSchemas(): Promise<Json> {
  known ??= Workspace.of("schemas", { terraform: { required_providers: { aws: AWS_PROVIDER } } }).then((workspace) =>
    workspace.schemas(),
  );
  return known;
}
