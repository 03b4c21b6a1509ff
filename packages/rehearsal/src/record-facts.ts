/**
 * Prints `data/aws.json`, the facts about the real AWS provider that its bindings lack: sensitive attributes, and numbers
 * of blocks other than "any" or "one". Arguments: the output of `terraform providers schema -json` of the real provider,
 * and the folder of the bindings of the same version (`@cdktf/provider-aws` 20.1.0 for 5.100.0).
 */
import { readFileSync } from "node:fs";
import { readBindings, sourceOf, typeFolders } from "./bindings";
import { compare } from "./compare";
import { derive } from "./derive";
import type { Known } from "./known";
import { realSchemas } from "./real-schema";
import type { Block } from "./schema";

type Facts = Record<"resource" | "data", Record<string, Known>>;

/** Facts by kind and type, from the differences between the derived schemas and the real ones. */
export function factsOf(
  real: Record<"resource" | "data", Record<string, Block>>,
  derived: (kind: "resource" | "data", type: string) => Block | undefined,
): Facts {
  const facts: Facts = { resource: {}, data: {} };
  for (const kind of ["resource", "data"] as const) {
    for (const [type, block] of Object.entries(real[kind])) {
      const known = knownOf(derived(kind, type), block);
      if (known) facts[kind][type] = known;
    }
  }
  return facts;
}

function knownOf(derived: Block | undefined, real: Block): Known | undefined {
  const { differences } = derived ? compare("", derived, real) : { differences: [] };
  const sensitive = differences.filter((row) => row.class === "sensitive" && row.real === true).map(path);
  const counted = differences.filter((row) => row.class === "min" || row.class === "max").map(path);
  const counts = Object.fromEntries(counted.map((name) => [name, boundsOf(real, name.split("."))]));
  if (sensitive.length + counted.length === 0) return undefined;
  return { ...(sensitive.length > 0 && { sensitive }), ...(counted.length > 0 && { counts }) };
}

const path = (difference: { path: string }) => difference.path.replace(/^\./, "");

function boundsOf(block: Block, [name = "", ...rest]: string[]): [number, number] {
  const nested = block.blocks[name];
  if (!nested) throw new Error(`${name}: is not a block`);
  return rest.length > 0 ? boundsOf(nested.block, rest) : [nested.min ?? 0, nested.max ?? 0];
}

if (require.main === module) {
  const [schemaFile = "", bindingsFolder = ""] = process.argv.slice(2);
  const bindings = readBindings(bindingsFolder);
  if (!schemaFile || !bindings) throw new Error("usage: record-facts.ts schema.json path/to/@cdktf/provider-aws");
  const { provider_schemas } = JSON.parse(readFileSync(schemaFile, "utf8"));
  const folders = typeFolders(bindings);
  const facts = factsOf(realSchemas(provider_schemas[bindings.source]), (kind, type) => {
    const folder = folders[kind][type];
    return folder === undefined ? undefined : derive(sourceOf(bindings, folder));
  });
  console.log(JSON.stringify(facts)); // for a formatter to lay out
}
