import { Decoder, Encoder, ExtensionCodec } from "@msgpack/msgpack";
import type { CtyType } from "./schema";

/**
 * A value of Terraform: null, string, boolean, number, array (list, set or tuple), plain object (map or object), or one
 * without equivalent in JavaScript: unknown, beyond the precision of a double, or dynamically typed.
 */
export type Value =
  | null
  | string
  | boolean
  | number
  | BigNumber
  | Unknown
  | Dynamic
  | Value[]
  | { [key: string]: Value };

/** A value that is not known before apply. */
export class Unknown {
  // so that no other empty object has this type
  readonly isUnknown = true;
}
export const UNKNOWN = new Unknown();

/** A number beyond the precision of a double, as decimal text. */
export class BigNumber {
  constructor(readonly text: string) {}
}

/** A value with its type, where the schema allows any type. */
export class Dynamic {
  constructor(
    readonly type: CtyType,
    readonly value: Value,
  ) {}
}

const extensions = new ExtensionCodec();
extensions.register({
  type: 0,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensions.register({ type: 12, encode: () => null, decode: () => UNKNOWN }); // unknown with refinements, which are ignored

const decoder = new Decoder({ extensionCodec: extensions, useBigInt64: true });
const encoder = new Encoder({ extensionCodec: extensions });

/** Decodes a value of `type`. */
export const decode = (bytes: Uint8Array, type: CtyType): Value => typed(decoder.decode(bytes), type);

// biome-ignore lint/suspicious/noExplicitAny: the decoded value has the form of `type`
function typed(raw: any, type: CtyType): Value {
  if (raw === null || raw === undefined) return null;
  if (raw instanceof Unknown) return UNKNOWN;
  if (type === "number") return numeric(raw);
  if (type === "dynamic") {
    const [json, inner] = raw as [Uint8Array, unknown];
    const own = JSON.parse(typeof json === "string" ? json : Buffer.from(json).toString("utf8"));
    return new Dynamic(own, typed(inner, own));
  }
  if (typeof type === "string") return raw;
  const [kind, inner] = type;
  if (kind === "list" || kind === "set") return (raw as unknown[]).map((element) => typed(element, inner));
  if (kind === "tuple") return (raw as unknown[]).map((element, index) => typed(element, inner[index] as CtyType));
  const fields = raw as Record<string, unknown>;
  if (kind === "map") return mapValues(fields, (value) => typed(value, inner as CtyType));
  return mapValues(fields, (value, key) => typed(value, (inner as Record<string, CtyType>)[key] as CtyType));
}

function numeric(raw: number | bigint | string): Value {
  if (typeof raw === "number") return raw;
  const text = String(raw);
  return Number.isSafeInteger(Number(text)) && String(Number(text)) === text ? Number(text) : new BigNumber(text);
}

/** Encodes a value. */
export const encode = (value: Value): Uint8Array => encoder.encode(raw(value));

function raw(value: Value): unknown {
  if (value instanceof BigNumber) return value.text;
  if (value instanceof Dynamic) return [Buffer.from(JSON.stringify(value.type)), raw(value.value)];
  if (value === null || typeof value !== "object" || value instanceof Unknown) return value;
  if (Array.isArray(value)) return value.map(raw);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, raw(inner)]));
}

/** Whether a value is a map or object. */
export const isRecord = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Unknown || value instanceof BigNumber || value instanceof Dynamic);

/** Whether a value is wholly known. */
export function isKnown(value: Value): boolean {
  if (value instanceof Unknown) return false;
  if (value instanceof Dynamic) return isKnown(value.value);
  if (Array.isArray(value)) return value.every(isKnown);
  return !isRecord(value) || Object.values(value).every(isKnown);
}

/** A value from plain JSON, as in a state file. */
export function fromJson(json: unknown, type: CtyType): Value {
  if (json === null || json === undefined) return null;
  if (type === "dynamic") {
    const { type: own, value } = json as { type: CtyType; value: unknown };
    return new Dynamic(own, fromJson(value, own));
  }
  if (typeof type === "string") return json as Value;
  const [kind, inner] = type;
  if (kind === "list" || kind === "set") return (json as unknown[]).map((element) => fromJson(element, inner));
  if (kind === "tuple") return (json as unknown[]).map((element, at) => fromJson(element, inner[at] as CtyType));
  const fields = json as Record<string, unknown>;
  if (kind === "map") return mapValues(fields, (value) => fromJson(value, inner as CtyType));
  // fields that are newer than the state are null
  return mapValues(inner as Record<string, CtyType>, (own, key) => fromJson(fields[key], own));
}

export const mapValues = <T, U>(record: Record<string, T>, map: (value: T, key: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
