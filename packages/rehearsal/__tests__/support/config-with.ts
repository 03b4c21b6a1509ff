import { UNKNOWN, type Value } from "../../src/msgpack-cty";
import type { Block } from "../../src/schema";

/**
 * A configuration in which one argument is known and required ones are unknown, with as few blocks as possible, so that
 * an error can only be about that argument.
 */
export function configWith(block: Block, [name = "", ...rest]: string[], value: Value): Record<string, Value> {
  const config: Record<string, Value> = {};
  for (const [key, { required, type }] of Object.entries(block.attributes)) {
    config[key] = required ? UNKNOWN : null;
    if (key === name) config[key] = Array.isArray(type) && value !== UNKNOWN ? [value] : value;
  }
  for (const [key, { nesting, min, block: inner }] of Object.entries(block.blocks)) {
    const one = key === name || min ? configWith(inner, key === name ? rest : [], value) : undefined;
    config[key] = nesting === "single" ? (one ?? null) : one ? Array(min ?? 1).fill(one) : [];
  }
  return config;
}
