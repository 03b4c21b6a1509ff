/**
 * Type of a value in Terraform's notation: `"string"`, `["list", "string"]`, `["object", { name: "string" }]`;
 * `"dynamic"` is any type.
 */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | ["list" | "set" | "map", CtyType]
  | ["object", Record<string, CtyType>]
  | ["tuple", CtyType[]];

/** An argument or attribute, of a type or with nested attributes (plugin protocol 6). */
export interface Attribute {
  type?: CtyType;
  nested?: { nesting: Nesting; attributes: Record<string, Attribute> };
  required?: true;
  optional?: true;
  computed?: true;
  sensitive?: true;
  writeOnly?: true;
}

export type Nesting = "single" | "list" | "set" | "map";

export interface NestedBlock {
  nesting: Nesting;
  block: Block;
  /** Minimum number of blocks; 0 when absent. */
  min?: number;
  /** Maximum number of blocks; any number when absent. */
  max?: number;
}

export interface Block {
  attributes: Record<string, Attribute>;
  blocks: Record<string, NestedBlock>;
}

/** Kind of a schema; `provider` is the provider's configuration. */
export type Kind = "provider" | "resource" | "data" | "ephemeral";

/** Type of the values that a block describes. */
export function typeOfBlock(block: Block): CtyType {
  const fields: Record<string, CtyType> = {};
  for (const [name, attribute] of Object.entries(block.attributes)) fields[name] = typeOfAttribute(attribute);
  for (const [name, { nesting, block: nested }] of Object.entries(block.blocks)) {
    fields[name] = collection(nesting, typeOfBlock(nested));
  }
  return ["object", fields];
}

export function typeOfAttribute({ type, nested }: Attribute): CtyType {
  if (type) return type;
  const fields = Object.entries(nested?.attributes ?? {}).map(([name, inner]) => [name, typeOfAttribute(inner)]);
  return collection(nested?.nesting ?? "single", ["object", Object.fromEntries(fields)]);
}

/** A list or map of elements of any type is itself of any type. */
function collection(nesting: Nesting, element: CtyType): CtyType {
  if (nesting === "single") return element;
  return nesting !== "set" && isDynamic(element) ? "dynamic" : [nesting, element];
}

export function isDynamic(type: CtyType): boolean {
  if (typeof type === "string") return type === "dynamic";
  const [kind, inner] = type;
  return kind === "object" || kind === "tuple"
    ? Object.values(inner as Record<string, CtyType>).some(isDynamic)
    : isDynamic(inner as CtyType);
}
