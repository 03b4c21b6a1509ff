import { type Declared, type Documented, type Mapped, type Scanned, scan, structOf } from "./scan";
import {
  type Attribute,
  type Block,
  type CtyType,
  isDynamic,
  type NestedBlock,
  type Nesting,
  typeOfAttribute,
  typeOfBlock,
} from "./schema";

/** Derives a schema from the TypeScript of its bindings. */
export function derive(source: string): Block {
  const scanned = scan(source);
  const block = blockOf(scanned, scanned.main, []);
  if (scanned.base === "Provider") delete block.attributes.alias; // added by the generator
  return block;
}

/** An attribute or a block, with everything that the source says about it. */
interface Entry extends Declared {
  mapped?: Mapped;
  description: string;
}

function entriesOf({ main, config, interfaces, mappers, classes }: Scanned, struct: string): Entry[] {
  const documented = interfaces[struct === main ? config : struct] ?? {};
  const mapped = mappers[struct] ?? {};
  // structs of a provider's configuration have no class
  const declared = classes[struct === main ? struct : `${struct}OutputReference`] ?? asDeclared(documented);
  return declared.map((entry) => ({
    ...entry,
    mapped: mapped[entry.name],
    description: documented[entry.name]?.description ?? "",
  }));
}

const asDeclared = (documented: Record<string, Documented>): Declared[] =>
  Object.entries(documented).map(([name, { optional }]) => ({
    name,
    computed: false,
    optional,
    required: !optional,
    code: "",
  }));

function blockOf(scanned: Scanned, struct: string, above: string[]): Block {
  const block: Block = { attributes: {}, blocks: {} };
  for (const entry of entriesOf(scanned, struct)) {
    const shape = shapeOf(scanned, entry);
    const inner = shape.struct;
    const below = [...above, struct];
    if (inner && below.includes(inner)) continue; // the bindings have a recursive schema once, without its depth
    if (inner && isBlock(entry, shape)) block.blocks[entry.name] = nestedBlock(scanned, entry, shape, below);
    else block.attributes[entry.name] = attributeOf(scanned, entry, shape, below);
  }
  return block;
}

/** Collections, outermost first, and their element: a plain type or a struct. */
interface Shape {
  collections: ("list" | "set" | "map")[];
  plain?: "string" | "number" | "bool" | "dynamic";
  struct?: string;
  /** Whether the mapper of a list marks its elements as blocks. */
  blocks?: boolean;
}

const PLAIN = { string: "string", number: "number", boolean: "bool", any: "dynamic" } as const;

function shapeOf({ interfaces }: Scanned, { mapped, code }: Entry): Shape {
  return mapped ? shapeOfMapped(mapped) : shapeOfCode(code, (name) => name in interfaces);
}

/** Parses a chain of mappers, outermost first: `cdktf.listMapperHcl(INNER, false)`, `cdktf.hashMapperHcl(INNER)`. */
function shapeOfMapped({ mapper, type }: Mapped): Shape {
  const collections: Shape["collections"] = [];
  let blocks: boolean | undefined;
  let rest = mapper;
  for (;;) {
    const [, list, isBlock] = /^cdktf\.listMapperHcl\((.*), (true|false)\)$/.exec(rest) ?? [];
    const [, map] = /^cdktf\.hashMapperHcl\((.*)\)$/.exec(rest) ?? [];
    if (list) {
      blocks ??= isBlock === "true";
      collections.push(collections.length === 0 && type === "set" ? "set" : "list");
    } else if (map) collections.push("map");
    else break;
    rest = (list ?? map) as string;
  }
  const [, plain] = /^cdktf\.(\w+)ToHclTerraform$/.exec(rest) ?? [];
  if (plain) return { ...plainShape(collections, plain), blocks };
  // a struct without a list mapper occurs once
  if (collections.length === 0 && (type === "list" || type === "set")) collections.push(type);
  return { collections, struct: structOf(rest), blocks };
}

function plainShape(collections: Shape["collections"], name: string): Shape {
  const plain = PLAIN[name as keyof typeof PLAIN];
  // the bindings write "any value" as a map of any, which no schema has
  return plain === "dynamic" ? { collections: collections.slice(0, -1), plain } : { collections, plain };
}

/** Shape of a read-only attribute, which has no mapper, from its stored class or its getter. */
function shapeOfCode(code: string, isStruct: (name: string) => boolean): Shape {
  const [, library, stored, areDistinct] = /= new (cdktf\.)?(\w+)\(this, "[^"]+"(?:, (true|false))?\)/.exec(code) ?? [];
  if (stored) {
    const { collections, rest } = suffixes(stored.replace(/OutputReference$/, ""), isStruct);
    if (areDistinct === "true") collections[0] = "set";
    return library ? plainShape(collections, lower(rest)) : { collections, struct: rest };
  }
  const [, getter] = /this\.get(\w*)Attribute\(/.exec(code) ?? [];
  if (getter === undefined) return { collections: [], plain: "dynamic" }; // left out by the generator, as too deeply nested
  // the getter of a list of strings is `getListAttribute`
  const { collections, rest } = suffixes(getter === "List" ? "StringList" : getter);
  if (code.includes("cdktf.Fn.tolist(")) collections[0] = "set";
  return plainShape(collections, lower(rest));
}

/** Splits `StringListMap`, a map of lists of strings; the name of a struct may end in the same words. */
function suffixes(name: string, isStruct = (_: string) => false): { collections: Shape["collections"]; rest: string } {
  const collections: Shape["collections"] = [];
  let rest = name;
  while (!isStruct(rest)) {
    const [, inner, collection] = /^(.+)(List|Map)$/.exec(rest) ?? [];
    if (!inner) break;
    collections.push(collection === "List" ? "list" : "map");
    rest = inner;
  }
  return { collections, rest };
}

const lower = (word: string): string => word[0]?.toLowerCase() + word.slice(1);

function isBlock(entry: Entry, { collections, blocks }: Shape): boolean {
  const { mapped, computed, optional, required } = entry;
  if (mapped && collections.length === 0) return entry.description === `${entry.name} block`;
  if (mapped) return blocks ?? collections[0] !== "map";
  return !computed && !optional && !required; // the generator sets no flags for blocks in a map or with read-only attributes
}

function nestedBlock(scanned: Scanned, entry: Entry, shape: Shape, above: string[]): NestedBlock {
  const block = blockOf(scanned, shape.struct as string, above);
  let nesting: Nesting = shape.collections[0] ?? "single";
  const bounds: Pick<NestedBlock, "min" | "max"> = {};
  if (nesting === "list" || nesting === "set") {
    if (entry.required) bounds.min = 1;
    if (shape.blocks === undefined) bounds.max = 1;
  }
  if (nesting === "set" && isDynamic(typeOfBlock(block))) nesting = "list"; // Terraform has no set of "any value"
  return { nesting, block, ...bounds };
}

function attributeOf(scanned: Scanned, entry: Entry, shape: Shape, above: string[]): Attribute {
  const attribute: Attribute = {};
  if (entry.required) attribute.required = true;
  if (entry.optional) attribute.optional = true;
  if (entry.computed || (!entry.optional && !entry.required)) attribute.computed = true;
  // the bindings do not mark write-only arguments, but all are named like this
  const settable = entry.optional || entry.required;
  if (entry.name.endsWith("_wo") && settable && scanned.base === "Resource") attribute.writeOnly = true;
  const { collections, plain, struct } = shape;
  if (!struct) attribute.type = wrap(collections, plain as CtyType);
  else {
    const inner = entriesOf(scanned, struct);
    const attributes = objectOf(scanned, inner, [...above, struct]);
    if (isNested(entry, inner) && collections.length < 2) {
      if (attribute.writeOnly) for (const below of Object.values(attributes)) below.writeOnly = true;
      attribute.nested = { nesting: collections[0] ?? "single", attributes };
    } else {
      const types = Object.entries(attributes).map(([name, value]) => [name, typeOfAttribute(value)]);
      attribute.type = wrap(collections, ["object", Object.fromEntries(types)]);
    }
  }
  return attribute;
}

function objectOf(scanned: Scanned, entries: Entry[], above: string[]): Record<string, Attribute> {
  const within = entries.map((entry) => ({ entry, shape: shapeOf(scanned, entry) }));
  return Object.fromEntries(
    within
      .filter(({ shape }) => !above.includes(shape.struct ?? ""))
      .map(({ entry, shape }) => [entry.name, attributeOf(scanned, entry, shape, above)]),
  );
}

/**
 * Whether an argument has nested attributes. The fields of an object type, in contrast, all have the flags of the
 * argument and no description.
 */
function isNested(entry: Entry, inner: Entry[]): boolean {
  const { computed, optional, required } = entry;
  if (!optional && !required) return false; // makes no difference for a read-only attribute
  return inner.some(
    (field) =>
      field.computed !== computed ||
      field.optional !== optional ||
      field.required !== required ||
      field.description !== "",
  );
}

const wrap = (collections: Shape["collections"], type: CtyType): CtyType =>
  collections.reduceRight<CtyType>((inner, collection) => [collection, inner], type);
