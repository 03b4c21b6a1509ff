import type { Attribute, Block, CtyType, Kind, NestedBlock, Nesting } from "./schema";

/** A block in the output of `terraform providers schema -json`. */
interface JsonBlock {
  attributes?: Record<string, JsonAttribute>;
  block_types?: Record<string, { nesting_mode: Nesting; block: JsonBlock; min_items?: number; max_items?: number }>;
}

interface JsonAttribute {
  type?: CtyType;
  nested_type?: { nesting_mode: Nesting; attributes: Record<string, JsonAttribute> };
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  write_only?: boolean;
}

interface JsonProvider {
  provider: { block: JsonBlock };
  resource_schemas?: Record<string, { block: JsonBlock }>;
  data_source_schemas?: Record<string, { block: JsonBlock }>;
  ephemeral_resource_schemas?: Record<string, { block: JsonBlock }>;
}

/** Schemas of a provider by kind and type, from the output of `terraform providers schema -json`. */
export function realSchemas(answer: JsonProvider): Record<Kind, Record<string, Block>> {
  const blocks = (schemas: Record<string, { block: JsonBlock }> = {}) =>
    Object.fromEntries(Object.entries(schemas).map(([type, { block }]) => [type, blockOf(block)]));
  return {
    provider: blocks({ provider: answer.provider }),
    resource: blocks(answer.resource_schemas),
    data: blocks(answer.data_source_schemas),
    ephemeral: blocks(answer.ephemeral_resource_schemas),
  };
}

function blockOf({ attributes = {}, block_types = {} }: JsonBlock): Block {
  const blocks = Object.entries(block_types).map(([name, inner]): [string, NestedBlock] => {
    const nested: NestedBlock = { nesting: inner.nesting_mode, block: blockOf(inner.block) };
    if (inner.min_items) nested.min = inner.min_items;
    if (inner.max_items) nested.max = inner.max_items;
    return [name, nested];
  });
  return { attributes: attributesOf(attributes), blocks: Object.fromEntries(blocks) };
}

const attributesOf = (attributes: Record<string, JsonAttribute>): Record<string, Attribute> =>
  Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, attributeOf(attribute)]));

function attributeOf(from: JsonAttribute): Attribute {
  const attribute: Attribute = {};
  if (from.type) attribute.type = from.type;
  if (from.nested_type) {
    const { nesting_mode, attributes } = from.nested_type;
    attribute.nested = { nesting: nesting_mode, attributes: attributesOf(attributes) };
  }
  if (from.required) attribute.required = true;
  if (from.optional) attribute.optional = true;
  if (from.computed) attribute.computed = true;
  if (from.sensitive) attribute.sensitive = true;
  if (from.write_only) attribute.writeOnly = true;
  return attribute;
}
