import { distance } from "fastest-levenshtein";
import stored from "../../data/aws-values.json";
import { BigNumber, isRecord, type Value } from "../msgpack-cty";
import type { Attribute, Block, Kind } from "../schema";
import { type Finding, members } from "../unconfigurable";
import type { Limits } from "./models";
import type { StoredLimits, StoredValues } from "./record-values";
import { ANY_CASE, ARGUMENTS, EXCEPTIONS } from "./table";

/** Finds values that the provider or AWS would refuse. Values that are unknown before apply are `UNKNOWN`. */
export type Checks = (kind: Kind, type: string, config: Record<string, Value>, block: Block) => Finding[];

const { versions, limits } = stored as StoredValues;

/** An error lists all accepted words up to this number, beyond it only the `NEAREST` to the rejected value. */
const LISTED = 30;
const NEAREST = 5;

const cache = new Map<string, Limits>();

/** Limits of a parameter by AWS's models. */
export function limitsOf(reference: string): Limits {
  const cached = cache.get(reference);
  if (cached) return cached;
  const own = limits[reference];
  const { oneOf, ...rest } = (typeof own === "string" ? limits[own] : own) as StoredLimits;
  const all = oneOf === undefined ? rest : { ...rest, oneOf: words(oneOf, rest.type) };
  cache.set(reference, all);
  return all;
}

/** The simulated value of an argument that is not set, or the nearest value that AWS accepts. */
export function answerable<T extends string | number>(type: string, path: string[], simulated: T): T {
  const reference = ARGUMENTS[type]?.[path.join(".")];
  if (!reference) return simulated;
  const { oneOf, min, max } = limitsOf(reference);
  if (oneOf) return oneOf.includes(simulated) ? simulated : (oneOf[0] as T);
  if (typeof simulated === "string") return simulated;
  return Math.min(Math.max(simulated, min ?? simulated), max ?? simulated) as T;
}

const words = (text: string, type: Limits["type"]): (string | number)[] =>
  text.split(" ").map((word) => (type === "number" ? Number(word) : word));

/** Finds values that AWS would refuse, by its own models. Unknown values and empty strings are not checked. */
export const awsValues: Checks = (kind, type, config, block) => {
  const name = kind === "data" ? `data.${type}` : type;
  const rows = kind === "resource" || kind === "data" ? Object.entries(ARGUMENTS[name] ?? {}) : [];
  return rows.flatMap(([argument, reference]) => {
    const own = limitsOf(reference);
    const test = {
      ...own,
      also: EXCEPTIONS[`${name}.${argument}`]?.values ?? [],
      anyCase: ANY_CASE.has(`${name}.${argument}`),
    };
    return valuesAt(block, config, argument.split("."), []).flatMap(({ value, path, inSet }) => {
      const summary = fault(argument.split(".").at(-1) as string, value, test);
      if (!summary) return [];
      const where = inSet ? `In ${type}.${argument}. ` : "";
      return [{ path, summary, detail: `${where}AWS: ${reference}, by ${packageOf(reference)}.` }];
    });
  });
};

const packageOf = (reference: string): string => {
  const name = reference.startsWith("cfn") ? "cfn-lint" : "botocore";
  return `${name} ${versions[name]}`;
};

interface Test extends Limits {
  also: (string | number)[];
  anyCase: boolean;
}

/** The error for a value, worded as providers do; undefined for an accepted value. */
function fault(name: string, value: string | number, { oneOf, pattern, min, max, also, anyCase, type }: Test) {
  if (also.includes(value)) return undefined;
  if (oneOf) {
    const fold = (word: string | number) => (anyCase ? String(word).toUpperCase() : String(word));
    if (oneOf.some((word) => fold(word) === fold(value))) return undefined;
    return `expected ${name} to be one of ${list([...oneOf, ...also], value)}, got ${value}`;
  }
  const size = type === "number" ? Number(value) : [...String(value)].length;
  const [low = -Infinity, high = Infinity] = [min, max];
  if (size < low || size > high) {
    const what = type === "number" ? name : `length of ${name}`;
    return `expected ${what} to be ${bounds(min, max)}, got ${value}`;
  }
  if (pattern !== undefined && !matches(pattern, String(value))) {
    return `invalid value for ${name} (must match ${pattern}), got ${value}`;
  }
  return undefined;
}

function list(all: (string | number)[], value: string | number): string {
  const near = (word: string | number) => distance(String(word), String(value));
  const listed = all.length > LISTED ? [...all].sort((one, other) => near(one) - near(other)).slice(0, NEAREST) : all;
  const list = listed.map((word) => JSON.stringify(word)).join(" ");
  return listed === all ? `[${list}]` : `[${list} and ${all.length - listed.length} more]`;
}

function bounds(min: number | undefined, max: number | undefined): string {
  if (max === undefined) return `at least (${min})`;
  return min === undefined ? `at most (${max})` : `in the range (${min} - ${max})`;
}

const compiled = new Map<string, RegExp>();

/** Whether a pattern of AWS matches the whole text; patterns use Java's names of character classes. */
export function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    const plain = pattern.replaceAll("\\p{Print}", "[\\x20-\\x7E]").replaceAll("\\p{all}", "[^]");
    // only the flag "u" supports \p{L}, but it rejects the needless escapes of other patterns
    expression = new RegExp(`^(?:${plain})$`, /\\p\{/.test(plain) ? "u" : "");
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

interface Found {
  value: string | number;
  path: Finding["path"];
  /** Whether a set is on the path, which then ends at the set, since its members have no address. */
  inSet: boolean;
}

/** Every known value of an argument, in all blocks that have it. */
function valuesAt(block: Block, config: Value, [name = "", ...rest]: string[], path: Finding["path"]): Found[] {
  const value = isRecord(config) ? (config[name] ?? null) : null;
  const nested = block.blocks[name];
  const attribute = block.attributes[name];
  const inner = nested?.block ?? (attribute?.nested && { attributes: attribute.nested.attributes, blocks: {} });
  if (inner) {
    const nesting = nested?.nesting ?? attribute?.nested?.nesting ?? "single";
    return members(nesting, value, [...path, name]).flatMap(([member, at]) =>
      valuesAt(inner, member, rest, at).map((found) =>
        nesting === "set" ? { ...found, path: at, inSet: true } : found,
      ),
    );
  }
  return attribute && rest.length === 0 ? plainValues(attribute, value, [...path, name]) : [];
}

function plainValues({ type }: Attribute, value: Value, path: Finding["path"]): Found[] {
  const [nesting] = Array.isArray(type) ? type : [];
  const values: [Value, Finding["path"]][] = Array.isArray(value)
    ? members(nesting === "list" ? "list" : "set", value, path)
    : [[value, path]];
  return values.flatMap(([one, at]) => {
    const known = one instanceof BigNumber ? Number(one.text) : one;
    const given = typeof known === "number" || (typeof known === "string" && known !== "");
    return given ? [{ value: known, path: at, inSet: false }] : [];
  });
}
