import type { MadeUp } from "./made-up/made-up";
import { Dynamic, isRecord, mapValues, UNKNOWN, Unknown, type Value } from "./msgpack-cty";
import type { Attribute, Block, NestedBlock } from "./schema";

/** What becomes of each attribute on the way through a value. */
type Visit = (value: Value, attribute: Attribute, place: { path: string[]; within: string; prior?: Value }) => Value;

/**
 * State that a plan promises: what the configuration says and the state holds already, and "unknown" in every place
 * that only AWS can fill. Write-only arguments never come back.
 */
export function planned(block: Block, proposed: Value, prior: Value): Value {
  return walk(block, proposed, [], "", prior, (value, attribute, place) => {
    if (attribute.writeOnly) return null;
    // null before as well: a place that stayed empty when the rest was made
    return value === null && attribute.computed && place.prior !== null ? UNKNOWN : value;
  });
}

/** State after an apply: the plan with everything unknown made up. */
export function applied(block: Block, plan: Value, madeUp: MadeUp): Value {
  return walk(block, plan, [], "", undefined, (value, attribute, { path, within }) => {
    if (attribute.writeOnly) return null;
    if (!(value instanceof Unknown)) return value;
    return path.length === 1 ? madeUp.get(path[0] as string) : madeUp.make(path, attribute, within);
  });
}

/** Answer of a data source: the question with every computed attribute filled in. */
export function answered(block: Block, config: Value, madeUp: MadeUp): Value {
  return applied(block, planned(block, config, undefined as unknown as Value), madeUp);
}

function walk(
  block: Block,
  value: Value,
  path: string[],
  within: string,
  prior: Value | undefined,
  visit: Visit,
): Value {
  if (!isRecord(value)) return value;
  const before = isRecord(prior) ? prior : {};
  const attributes = mapValues(block.attributes, (attribute, name) => {
    const place = { path: [...path, name], within, prior: before[name] };
    return walkAttribute(attribute, value[name] ?? null, place, visit);
  });
  const blocks = mapValues(block.blocks, (nested, name) =>
    walkBlocks(nested, value[name] ?? null, [...path, name], within, before[name], visit),
  );
  return { ...attributes, ...blocks };
}

function walkBlocks(
  { nesting, block }: NestedBlock,
  value: Value,
  path: string[],
  within: string,
  prior: Value | undefined,
  visit: Visit,
): Value {
  if (nesting === "single") return walk(block, value, path, within, prior, visit);
  return each(value, prior, (element, key, before) =>
    walk(block, element, path, `${within}.${key}`, nesting === "set" ? undefined : before, visit),
  );
}

function walkAttribute(attribute: Attribute, value: Value, place: Parameters<Visit>[2], visit: Visit): Value {
  const visited = visit(value, attribute, place);
  const { nested } = attribute;
  if (!nested || visited === null || visited instanceof Unknown) return visited;
  const block = { attributes: nested.attributes, blocks: {} };
  return walkBlocks({ nesting: nested.nesting, block }, visited, place.path, place.within, place.prior, visit);
}

/** Maps the members of a collection; the one before is that of the same key. */
function each(
  value: Value,
  prior: Value | undefined,
  map: (element: Value, key: string, prior?: Value) => Value,
): Value {
  if (value instanceof Dynamic) return value; // of which the schema says nothing
  if (Array.isArray(value)) {
    const before = Array.isArray(prior) ? prior : [];
    return value.map((element, index) => map(element, String(index), before[index]));
  }
  if (!isRecord(value)) return value;
  const before = isRecord(prior) ? prior : {};
  return mapValues(value, (element, key) => map(element, key, before[key]));
}
