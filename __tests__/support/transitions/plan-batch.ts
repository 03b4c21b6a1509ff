import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { withoutProtection } from "@cdktf-ml-infra/rehearsal/local-state";
import { mockTest, providerSchemas } from "../mock-apply";
import type { Json } from "../synth";
import { Workspace } from "../terraform";
import { forMoto, withoutEphemerals } from "../terraform-json";
import { type Batch, batchOf, ownerOf, type Transition } from "./batch";
import { renamed } from "./graph";
import { stateFile } from "./made-state";
import { type Finding, findingsOf } from "./verdict";

/** Nobody answers there: a plan that asks AWS for anything fails. */
const NOBODY = {
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  AWS_ACCESS_KEY_ID: "none",
  AWS_SECRET_ACCESS_KEY: "none",
  AWS_MAX_ATTEMPTS: "1",
};

/**
 * What the real provider plans for each transition: from a state in which the settings before it are applied, with all
 * that only AWS knows made up, to the settings after it.
 */
export async function planTransitions(name: string, transitions: readonly Transition[]): Promise<Finding[][]> {
  const batch = batchOf(transitions);
  const mocked = await mockedState(`${name}-mocked`, batch);
  const known = new Map(mocked.filter(({ mode }) => mode === "data").map((one) => [one.address, one.values]));
  const before = await Workspace.of(`${name}-before`, standAlone(batch.before, known), { env: NOBODY });
  const { errors, changes } = await before.planned(["-refresh=false"]);
  if (errors.length > 0) throw new Error(`the provider refuses what ${name} begins with:\n${errors.join("\n")}`);
  return planned(name, batch, stateBefore(mocked, changes, batch.before), known);
}

/** What Terraform has after it applied the side before, with all that the provider gives made up. */
async function mockedState(name: string, { before, data }: Batch): Promise<Json[]> {
  const json = filled(withoutEphemerals(withoutProtection({ ...before, data })));
  const workspace = await Workspace.of(name, json);
  workspace.write("mocked.tftest.json", mockTest(json, await providerSchemas()));
  const messages = await workspace.test();
  const state = messages.find(({ type }) => type === "test_state");
  if (!state) throw new Error(`terraform test of ${name} told no state:\n${JSON.stringify(messages.slice(-3))}`);
  return state.test_state.root_module.resources;
}

/** State after the side before: what the real provider plans of it, its defaults too, and the rest made up. */
function stateBefore(mocked: Json[], changes: Json[], before: Json): Json[] {
  const plans = new Map(changes.map(({ address, change }) => [address, change]));
  return mocked
    .filter(({ mode }) => mode === "managed")
    .map((resource) => {
      const { after, after_unknown } = plans.get(resource.address);
      const { provider } = before.resource[resource.type][resource.name];
      const values = settled(after, after_unknown, resource.values);
      return { ...resource, values, alias: provider?.split(".")[1] };
    });
}

/** Planned values, with those that are not known yet from `made`. */
function settled(planned: Json, unknown: Json, made: Json): Json {
  if (unknown === true) return made;
  if (typeof planned !== "object" || planned === null || typeof unknown !== "object" || unknown === null)
    return planned ?? null;
  if (Array.isArray(planned)) {
    if (!hasTrue(unknown)) return planned;
    if (planned.length !== made?.length) return made;
    return planned.map((item, index) => settled(item, unknown[index], made[index]));
  }
  const keys = new Set([...Object.keys(planned), ...Object.keys(unknown)]);
  return Object.fromEntries([...keys].map((key) => [key, settled(planned[key], unknown[key], made?.[key])]));
}

const hasTrue = (mark: Json): boolean =>
  mark === true || (typeof mark === "object" && mark !== null && Object.values<Json>(mark).some(hasTrue));

async function planned(name: string, batch: Batch, state: Json[], known: Map<string, Json>): Promise<Finding[][]> {
  const plan = (json: Json, resources: Json[]) =>
    withDefinitionsValid(async (env) => {
      const workspace = await Workspace.of(`${name}-after`, standAlone(json, known), { env: { ...NOBODY, ...env } });
      writeFileSync(workspace.stateFile, JSON.stringify(stateFile(resources)));
      return workspace.planned(["-refresh=false"]);
    });
  const first = await plan(batch.after, state);
  const refused = refusals(name, first.errors);
  const rest =
    refused.size === 0
      ? first
      : await plan(
          leaving(batch.after, refused),
          state.filter(({ address }) => !refused.has(ownerOf(address) ?? -1)),
        );
  if (rest.errors.length > 0) throw new Error(`terraform plan of ${name} failed:\n${rest.errors.join("\n")}`);
  return batch.differences.map((differences, index) => {
    const own = rest.changes.filter(({ address }) => ownerOf(address) === index);
    return refused.get(index) ?? findingsOf(differences, new Map(own.map(({ address, change }) => [address, change])));
  });
}

/** Runs with a Step Functions that finds every definition valid, for which the provider asks it as it plans, and can nothing else. */
async function withDefinitionsValid<T>(run: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    const asked = request.headers["x-amz-target"];
    const valid = asked === "AWSStepFunctions.ValidateStateMachineDefinition";
    const answer = valid ? { result: "OK", diagnostics: [] } : { __type: "AccessDeniedException", message: asked };
    response.writeHead(valid ? 200 : 400, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await run({ AWS_ENDPOINT_URL_SFN: `http://127.0.0.1:${port}` });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What the provider or Terraform refuses to plan, by transition. */
function refusals(name: string, errors: string[]): Map<number, Finding[]> {
  const refused = new Map<number, Finding[]>();
  for (const error of errors) {
    const owner = ownerOf(/\.t\d+-/.exec(error)?.[0] ?? "");
    if (owner === undefined) throw new Error(`terraform plan of ${name} failed:\n${errors.join("\n")}`);
    refused.set(owner, [...(refused.get(owner) ?? []), { kind: "refused", what: "", detail: error }]);
  }
  return refused;
}

/** The configuration with what was looked up in place of lookups and of ephemeral values, and nobody to ask. */
const standAlone = (json: Json, known: Map<string, Json>): Json =>
  alone(filled(withoutData(withoutEphemerals(json), known)));

/** The configuration without parts that hold nothing, which Terraform would refuse. */
const filled = (json: Json): Json =>
  Object.fromEntries(Object.entries<Json>(json).filter(([, part]) => Object.keys(part).length > 0));

/** The configuration with providers that ask nobody who they are. */
function alone(json: Json): Json {
  const copy = forMoto(json);
  for (const provider of copy.provider.aws) provider.skip_requesting_account_id = true;
  return copy;
}

/** The configuration without some transitions. */
function leaving(json: Json, without: Map<number, unknown>): Json {
  const copy = structuredClone(json);
  for (const [type, named] of Object.entries<Json>(copy.resource)) {
    for (const name of Object.keys(named)) if (without.has(ownerOf(`${type}.${name}`) ?? -1)) delete named[name];
    if (Object.keys(named).length === 0) delete copy.resource[type];
  }
  for (const name of Object.keys(copy.locals))
    if (without.has(ownerOf(`local.${name}`) ?? -1)) delete copy.locals[name];
  return copy;
}

/** The configuration with what was looked up in place of the lookups. */
function withoutData(json: Json, known: Map<string, Json>): Json {
  const locals: Json = {};
  const nameOf = (address: string) => {
    const values = known.get(address);
    if (values === undefined) return undefined;
    const name = address.replaceAll(".", "-");
    locals[name] = literal(values);
    return `local.${name}`;
  };
  const copy = renamed(json, nameOf);
  return { ...copy, locals: { ...copy.locals, ...locals } };
}

/** A value in which Terraform sees no expression. */
const literal = (value: Json): Json =>
  JSON.parse(JSON.stringify(value).replaceAll("${", "$$${").replaceAll("%{", "%%{"));
