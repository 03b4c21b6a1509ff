import type { Json } from "../synth";

/** State file of what `terraform test` says that it has applied. */
export const stateFile = (resources: readonly Json[]): Json => ({
  version: 4,
  terraform_version: "1.10.0",
  serial: 1,
  lineage: "made-up",
  outputs: {},
  resources: instancesByAddress(resources).map(([first, ...others]) => ({
    mode: "managed",
    type: first.type,
    name: first.name,
    provider: providerOf(first),
    ...(typeof first.index === "string" && { each: "map" }),
    instances: [first, ...others].map((instance) => ({
      schema_version: instance.schema_version ?? 0,
      attributes: attributesOf(instance),
      ...(instance.index !== undefined && { index_key: instance.index }),
    })),
  })),
});

function instancesByAddress(resources: readonly Json[]): [Json, ...Json[]][] {
  const groups = new Map<string, [Json, ...Json[]]>();
  for (const resource of resources) {
    const address = `${resource.type}.${resource.name}`;
    const group = groups.get(address);
    if (group) group.push(resource);
    else groups.set(address, [resource]);
  }
  return [...groups.values()];
}

const providerOf = ({ provider_name, alias }: Json) => `provider["${provider_name}"]${alias ? `.${alias}` : ""}`;

/** Terraform's own resource has values of any type, which a state writes with their type. */
function attributesOf({ type, values }: Json): Json {
  if (type !== "terraform_data") return values;
  const typed = (value: Json) => (value === null || value === undefined ? null : { value, type: typeOf(value) });
  return {
    ...values,
    input: typed(values.input),
    output: typed(values.output),
    triggers_replace: typed(values.triggers_replace),
  };
}

function typeOf(value: Json): Json {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "object") {
    if (Array.isArray(value)) return ["tuple", value.map(typeOf)];
    return ["object", Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeOf(item)]))];
  }
  return typeof value;
}
