import { Dynamic, isRecord, mapValues, UNKNOWN, Unknown, type Value } from "./msgpack-cty";
import type { Attribute, Block, NestedBlock } from "./schema";
import type { SimulatedValues } from "./simulated/simulated-values";

/** Maps each attribute of a value. */
type Visit = (value: Value, attribute: Attribute, place: { path: string[]; within: string; prior?: Value }) => Value;

/**
 * The planned state: values of the configuration and the prior state, and unknown values where AWS decides. Write-only
 * arguments are null.
 */
export function planned(block: Block, proposed: Value, prior: Value): Value {
  return walk(block, proposed, [], "", prior, (value, attribute, place) => {
    if (attribute.writeOnly) return null;
    // null in the prior state: AWS left it empty at creation
    return value === null && attribute.computed && place.prior !== null ? UNKNOWN : value;
  });
}

/** State after an apply: the plan with simulated values for everything unknown. */
export function applied(block: Block, plan: Value, simulated: SimulatedValues): Value {
  return walk(block, plan, [], "", undefined, (value, attribute, { path, within }) => {
    if (attribute.writeOnly) return null;
    if (!(value instanceof Unknown)) return value;
    return path.length === 1 ? simulated.get(path[0] as string) : simulated.make(path, attribute, within);
  });
}

/** Result of a data source: its configuration with simulated values for computed attributes. */
export function answered(block: Block, config: Value, simulated: SimulatedValues): Value {
  return applied(block, planned(block, config, undefined as unknown as Value), simulated);
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

/** Maps the members of a collection, each with its prior value of the same key. */
function each(
  value: Value,
  prior: Value | undefined,
  map: (element: Value, key: string, prior?: Value) => Value,
): Value {
  if (value instanceof Dynamic) return value; // without a schema
  if (Array.isArray(value)) {
    const before = Array.isArray(prior) ? prior : [];
    return value.map((element, index) => map(element, String(index), before[index]));
  }
  if (!isRecord(value)) return value;
  const before = isRecord(prior) ? prior : {};
  return mapValues(value, (element, key) => map(element, key, before[key]));
}
