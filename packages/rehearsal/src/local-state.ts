import { writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { type Json, STACK_FILE, type StackFolder } from "./stacks";

/** Identifies the state that a backend configuration refers to. */
function location(kind: string, config: Json, folder: string): string {
  if (kind === "local") return `local ${isAbsolute(config.path) ? config.path : join(folder, config.path)}`;
  if (kind === "s3") return `s3 ${config.bucket}/${config.key}`;
  return `${kind === "cloud" ? "remote" : kind} ${JSON.stringify(Object.entries(config).sort())}`;
}

/** Location of a stack's state; `folder` is the stack's. */
export function stateLocation({ terraform = {} }: Json, folder = ""): string {
  const backends = { ...terraform.backend, ...(terraform.cloud && { cloud: terraform.cloud }) };
  const [kind, config] = Object.entries<Json>(backends)[0] ?? ["local", {}];
  return location(kind, kind === "local" ? { path: "terraform.tfstate", ...config } : config, folder);
}

/** Replaces the backend by local state, and reads states of other stacks from the files that `fileOf` returns. */
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

/** Removes deletion protection, as a rehearsal destroys what it deploys. */
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

/** Removes provisioners, as there is no machine behind a simulated address. */
export function withoutProvisioners(json: Json): Json {
  const copy = structuredClone(json);
  for (const resource of resourcesOf(copy)) delete resource.provisioner;
  return copy;
}

const resourcesOf = (json: Json): Json[] =>
  Object.values<Json>(json.resource ?? {}).flatMap((named) => Object.values<Json>(named));

/** A stack reads a state that belongs to no stack of the app. */
export class ForeignState extends Error {}

/**
 * Rewrites the stacks in place to keep their state in the folder `states`, to read each other's from there, and to be
 * deletable. Idempotent.
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
    `${path}: reads the state ${place}, which belongs to no stack of this app; a rehearsal reads no real state`,
  );
}
