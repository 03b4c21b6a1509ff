import { writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { type Json, STACK_FILE, type StackFolder } from "./stacks";

/** Where a backend keeps a state: equal when it is the same state. */
function location(kind: string, config: Json, folder: string): string {
  if (kind === "local") return `local ${isAbsolute(config.path) ? config.path : join(folder, config.path)}`;
  if (kind === "s3") return `s3 ${config.bucket}/${config.key}`;
  return `${kind === "cloud" ? "remote" : kind} ${JSON.stringify(Object.entries(config).sort())}`;
}

/** Where the stack, in a folder of its own, keeps its state. */
export function stateLocation({ terraform = {} }: Json, folder = ""): string {
  const backends = { ...terraform.backend, ...(terraform.cloud && { cloud: terraform.cloud }) };
  const [kind, config] = Object.entries<Json>(backends)[0] ?? ["local", {}];
  return location(kind, kind === "local" ? { path: "terraform.tfstate", ...config } : config, folder);
}

/** Keeps the stack's state beside it, and reads the states of other stacks from the files that `fileOf` names. */
export function withLocalState(json: Json, fileOf: (location: string, name: string) => string, folder = ""): Json {
  const copy = structuredClone(json);
  delete copy.terraform?.backend;
  delete copy.terraform?.cloud;
  for (const [name, state] of Object.entries<Json>(copy.data?.terraform_remote_state ?? {})) {
    state.config = { path: fileOf(location(state.backend, state.config ?? {}, folder), name) };
    state.backend = "local";
    delete state.workspace;
  }
  return copy;
}

/** Takes away what keeps Terraform from deleting: a rehearsal deletes all that it makes. */
export function withoutProtection(json: Json): Json {
  const copy = structuredClone(json);
  for (const resource of resourcesOf(copy)) {
    delete resource.lifecycle?.prevent_destroy;
    for (const protection of ["deletion_protection", "deletion_protection_enabled"]) {
      if (protection in resource) resource[protection] = false;
    }
    if ("skip_final_snapshot" in resource) resource.skip_final_snapshot = true;
    if ("force_destroy" in resource) resource.force_destroy = true;
  }
  return copy;
}

/** Takes away what would run on this machine or on another: there is no machine behind a made-up address. */
export function withoutProvisioners(json: Json): Json {
  const copy = structuredClone(json);
  for (const resource of resourcesOf(copy)) delete resource.provisioner;
  return copy;
}

const resourcesOf = (json: Json): Json[] =>
  Object.values<Json>(json.resource ?? {}).flatMap((named) => Object.values<Json>(named));

/** A stack that reads a state which no stack of the app keeps: only the real one would do. */
export class ForeignState extends Error {}

/**
 * Rewrites the stacks where they are, so that each keeps its state in the folder `states` and reads those of the others
 * from there, and nothing keeps Terraform from deleting them. What is rewritten already stays as it is.
 */
export function makeLocal(stacks: readonly StackFolder[], states: string): StackFolder[] {
  const fileOf = (id: string) => join(states, `${id}.tfstate`);
  const files = new Map(stacks.map(({ id, json, folder }) => [stateLocation(json, folder), fileOf(id)]));
  return stacks.map((stack) => {
    const { id, folder } = stack;
    const json = withLocalState(
      withoutProtection(withoutProvisioners(stack.json)),
      (place, name) => files.get(place) ?? foreign(stack, place, name),
      folder,
    );
    json.terraform = { ...json.terraform, backend: { local: { path: fileOf(id) } } };
    writeFileSync(join(folder, STACK_FILE), JSON.stringify(json, undefined, 2));
    return { ...stack, json };
  });
}

function foreign({ id, json }: StackFolder, place: string, name: string): never {
  const path = json.data.terraform_remote_state[name]["//"]?.metadata?.path ?? `${id}/${name}`;
  throw new ForeignState(
    `${path}: reads the state ${place}, which no stack of this app keeps; a rehearsal opens no real state`,
  );
}
