import aws from "../data/aws.json";
import helm from "../data/helm.json";
import kubernetes from "../data/kubernetes.json";
import type { Block, Kind } from "./schema";

/** Facts about a type that the bindings lack, by path of an attribute or block: `a.b.c`. */
export interface Known {
  sensitive?: string[];
  /** Minimum and maximum number of blocks; a maximum of 0 means any number. */
  counts?: Record<string, number[]>;
}

type KnownTypes = Partial<Record<Kind, Record<string, Known>>>;

/** Written by `record-facts.ts` for AWS, by hand from the providers' sources for the other two. */
const KNOWN: Record<string, KnownTypes> = {
  "registry.terraform.io/hashicorp/aws": aws,
  "registry.terraform.io/hashicorp/helm": helm,
  "registry.terraform.io/hashicorp/kubernetes": kubernetes,
};

/** Adds the facts to a derived schema; facts about attributes that this version lacks are ignored. */
export function withFacts(source: string, kind: Kind, type: string, derived: Block): Block {
  const known = KNOWN[source]?.[kind]?.[type];
  if (!known) return derived;
  const block: Block = structuredClone(derived);
  for (const path of known.sensitive ?? []) markSensitive(block, path.split("."));
  for (const [path, [min, max]] of Object.entries(known.counts ?? {})) {
    const names = path.split(".");
    const nested = inside(block, names.slice(0, -1))?.blocks[names.at(-1) as string];
    if (!nested) continue;
    if (min) nested.min = min;
    if (max) nested.max = max;
  }
  return block;
}

const inside = (block: Block, names: string[]): Block | undefined =>
  names.reduce<Block | undefined>((outer, name) => outer?.blocks[name]?.block, block);

function markSensitive(block: Block, names: string[]) {
  const [name = "", ...rest] = names;
  const inner = block.blocks[name]?.block;
  const attribute = block.attributes[name];
  if (inner) markSensitive(inner, rest);
  else if (attribute && rest.length === 0) attribute.sensitive = true;
  else if (attribute?.nested) markSensitive({ attributes: attribute.nested.attributes, blocks: {} }, rest);
}
