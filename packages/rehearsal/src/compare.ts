import { isDeepStrictEqual } from "node:util";
import { type Attribute, type Block, isDynamic, type NestedBlock, typeOfAttribute } from "./schema";

/** A difference between two schemas. */
export interface Difference {
  /** Names from the type down: `aws_instance.root_block_device.volume_type`. */
  path: string;
  class: DifferenceClass;
  derived?: unknown;
  real?: unknown;
}

/** How a derived schema can differ from the real one. */
export type DifferenceClass =
  | "only derived" // a name that the provider lacks
  | "only real" // a name that the bindings lack
  | "kind" // a block in one, an attribute in the other
  | "type"
  | "flags" // required, optional, computed, write-only
  | "sensitive"
  | "nesting" // list, set, map, single
  | "min" // minimum number of blocks
  | "max" // maximum number of blocks
  | "left out"; // a block that the bindings replace by "any value"

export interface Comparison {
  /** Number of compared attributes and blocks of the real schema. */
  compared: number;
  /** Number of those without a difference. */
  same: number;
  /** Number of attributes and blocks in blocks that the bindings replace by "any value". */
  leftOut: number;
  differences: Difference[];
}

/** Compares a derived schema with the real one, name by name. */
export function compare(path: string, derived: Block, real: Block): Comparison {
  const result: Comparison = { compared: 0, same: 0, leftOut: 0, differences: [] };
  compareBlocks(result, path, derived, real);
  return result;
}

type Member = { attribute: Attribute; nested?: never } | { nested: NestedBlock; attribute?: never };

function compareBlocks(result: Comparison, path: string, derived: Block, real: Block) {
  const [ours, theirs] = [members(derived), members(real)];
  for (const [name, own] of ours) {
    if (!theirs.has(name)) result.differences.push({ path: `${path}.${name}`, class: "only derived", derived: own });
  }
  for (const [name, their] of theirs) compareMembers(result, `${path}.${name}`, ours.get(name), their);
}

const members = ({ attributes, blocks }: Block): Map<string, Member> =>
  new Map([
    ...Object.entries(attributes).map(([name, attribute]): [string, Member] => [name, { attribute }]),
    ...Object.entries(blocks).map(([name, nested]): [string, Member] => [name, { nested }]),
  ]);

function compareMembers(result: Comparison, path: string, own: Member | undefined, their: Member) {
  const before = result.differences.length;
  const differ = (kind: DifferenceClass, derived?: unknown, real?: unknown) =>
    result.differences.push({ path, class: kind, derived, real });
  result.compared++;
  if (own?.nested && their.nested) {
    const { nesting, min = 0, max = 0 } = their.nested;
    if (own.nested.nesting !== nesting) differ("nesting", own.nested.nesting, nesting);
    if ((own.nested.min ?? 0) !== min) differ("min", own.nested.min ?? 0, min);
    if ((own.nested.max ?? 0) !== max) differ("max", own.nested.max ?? 0, max);
  } else if (own?.attribute && their.attribute) compareAttributes(own.attribute, their.attribute, differ);
  else if (own?.attribute && isDynamic(typeOfAttribute(own.attribute))) {
    differ("left out");
    result.leftOut += size(their.nested?.block);
  } else if (own) differ("kind", ...[own, their].map(({ nested }) => (nested ? "block" : "attribute")));
  else {
    differ("only real");
    for (const name of names(their.nested?.block)) {
      result.compared++;
      result.differences.push({ path: `${path}.${name}`, class: "only real" });
    }
  }
  if (result.differences.length === before) result.same++;
  if (own?.nested && their.nested) compareBlocks(result, path, own.nested.block, their.nested.block);
}

function compareAttributes(
  own: Attribute,
  their: Attribute,
  differ: (...args: [DifferenceClass, ...unknown[]]) => void,
) {
  const [type, real] = [typeOfAttribute(own), typeOfAttribute(their)];
  if (!isDeepStrictEqual(type, real)) differ("type", type, real);
  const flags = ({ required, optional, computed, writeOnly }: Attribute) =>
    Object.entries({ required, optional, computed, writeOnly })
      .filter(([, set]) => set)
      .map(([flag]) => flag)
      .join(" ");
  if (flags(own) !== flags(their)) differ("flags", flags(own), flags(their));
  if (!own.sensitive !== !their.sensitive) differ("sensitive", own.sensitive ?? false, their.sensitive ?? false);
}

/** Paths of everything below a block. */
function names(block: Block | undefined): string[] {
  if (!block) return [];
  const nested = Object.entries(block.blocks);
  const below = nested.flatMap(([name, inner]) => names(inner.block).map((path) => `${name}.${path}`));
  return [...Object.keys(block.attributes), ...Object.keys(block.blocks), ...below];
}

const size = (block: Block | undefined): number => names(block).length;
