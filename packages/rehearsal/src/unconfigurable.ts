import { isRecord, type Value } from "./msgpack-cty";
import type { Attribute, Block, Nesting } from "./schema";

/** An error in a configuration. */
export interface Finding {
  /** Path of the argument: names, list indexes and map keys. */
  path: (string | number)[];
  summary: string;
  detail: string;
}

/** Finds read-only attributes that a configuration sets, an error that Terraform leaves to the provider. */
export function unconfigurable(block: Block, config: Value, path: Finding["path"] = []): Finding[] {
  if (!isRecord(config)) return [];
  const own = Object.entries(block.attributes).flatMap(([name, attribute]) =>
    inAttribute(attribute, config[name] ?? null, [...path, name]),
  );
  const nested = Object.entries(block.blocks).flatMap(([name, { nesting, block: inner }]) =>
    members(nesting, config[name] ?? null, [...path, name]).flatMap(([value, at]) => unconfigurable(inner, value, at)),
  );
  return [...own, ...nested];
}

function inAttribute(
  { computed, optional, required, nested }: Attribute,
  value: Value,
  path: Finding["path"],
): Finding[] {
  if (value === null) return [];
  if (computed && !optional && !required) return [finding(path)];
  if (!nested) return [];
  const block = { attributes: nested.attributes, blocks: {} };
  return members(nested.nesting, value, path).flatMap(([member, at]) => unconfigurable(block, member, at));
}

/** Members of a collection, each with its path; members of a set have no address, so their path ends at the set. */
export function members(nesting: Nesting, value: Value, path: Finding["path"]): [Value, Finding["path"]][] {
  if (nesting === "single") return [[value, path]];
  if (nesting === "set") return Array.isArray(value) ? value.map((member) => [member, path]) : [];
  if (Array.isArray(value)) return value.map((member, index) => [member, [...path, index]]);
  return isRecord(value) ? Object.entries(value).map(([key, member]) => [member, [...path, key]]) : [];
}

const finding = (path: Finding["path"]): Finding => ({
  path,
  summary: "Value for unconfigurable attribute",
  detail:
    `Can't configure a value for ${JSON.stringify(path.join("."))}: its value will be decided automatically ` +
    "based on the result of applying this configuration.",
});
