import { distance } from "fastest-levenshtein";
import kept from "../data/aws-values.json";
import { BigNumber, isRecord, type Value } from "../msgpack-cty";
import type { Checks } from "../provider";
import type { Attribute, Block, Nesting } from "../schema";
import type { Finding } from "../unconfigurable";
import type { Limits } from "./models";
import type { Kept, KeptValues } from "./record-values";
import { ALSO, ANY_CASE, ARGUMENTS } from "./table";

const { versions, limits } = kept as KeptValues;

/** As many words are named at most where AWS has hundreds: those nearest to what was written. */
const NAMED = 30;
const NEAREST = 5;

const read = new Map<string, Limits>();

/** Says what AWS's models say of a reference. */
export function limitsOf(reference: string): Limits {
  const before = read.get(reference);
  if (before) return before;
  const own = limits[reference];
  const { oneOf, ...said } = (typeof own === "string" ? limits[own] : own) as Kept;
  const all = oneOf === undefined ? said : { ...said, oneOf: words(oneOf, said.type) };
  read.set(reference, all);
  return all;
}

/** What AWS could answer for an argument that nobody has set: the value made up for it, or the nearest that it knows. */
export function answerable<T extends string | number>(type: string, path: string[], madeUp: T): T {
  const reference = ARGUMENTS[type]?.[path.join(".")];
  if (!reference) return madeUp;
  const { oneOf, min, max } = limitsOf(reference);
  if (oneOf) return oneOf.includes(madeUp) ? madeUp : (oneOf[0] as T);
  if (typeof madeUp === "string") return madeUp;
  return Math.min(Math.max(madeUp, min ?? madeUp), max ?? madeUp) as T;
}

const words = (text: string, type: Limits["type"]): (string | number)[] =>
  text.split(" ").map((word) => (type === "number" ? Number(word) : word));

/** Finds values that AWS would refuse, by its own models; what is not known yet, and an empty text, is left alone. */
export const awsValues: Checks = (kind, type, config, block) => {
  const name = kind === "data" ? `data.${type}` : type;
  const rows = kind === "resource" || kind === "data" ? Object.entries(ARGUMENTS[name] ?? {}) : [];
  return rows.flatMap(([argument, reference]) => {
    const own = limitsOf(reference);
    const test = {
      ...own,
      also: ALSO[`${name}.${argument}`]?.values ?? [],
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

/** What is wrong with a value, in the words that providers use; undefined when nothing is. */
function fault(name: string, value: string | number, { oneOf, pattern, min, max, also, anyCase, type }: Test) {
  if (also.includes(value)) return undefined;
  if (oneOf) {
    const fold = (word: string | number) => (anyCase ? String(word).toUpperCase() : String(word));
    if (oneOf.some((word) => fold(word) === fold(value))) return undefined;
    return `expected ${name} to be one of ${listed([...oneOf, ...also], value)}, got ${value}`;
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

function listed(all: (string | number)[], value: string | number): string {
  const near = (word: string | number) => distance(String(word), String(value));
  const named = all.length > NAMED ? [...all].sort((one, other) => near(one) - near(other)).slice(0, NEAREST) : all;
  const list = named.map((word) => JSON.stringify(word)).join(" ");
  return named === all ? `[${list}]` : `[${list} and ${all.length - named.length} more]`;
}

function bounds(min: number | undefined, max: number | undefined): string {
  if (max === undefined) return `at least (${min})`;
  return min === undefined ? `at most (${max})` : `in the range (${min} - ${max})`;
}

const compiled = new Map<string, RegExp>();

/** AWS matches a pattern against the whole of a text, with Java's words for classes of characters. */
export function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    const plain = pattern.replaceAll("\\p{Print}", "[\\x20-\\x7E]").replaceAll("\\p{all}", "[^]");
    // "u" knows \p{L}, and refuses what the rest of the patterns escape without need
    expression = new RegExp(`^(?:${plain})$`, /\\p\{/.test(plain) ? "u" : "");
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

interface Found {
  value: string | number;
  path: Finding["path"];
  /** Whether the way to it leads through a set, in which nothing has a name: the path ends at the set. */
  inSet: boolean;
}

/** Every known value of an argument, in every block that has it. */
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

function members(nesting: Nesting, value: Value, path: Finding["path"]): [Value, Finding["path"]][] {
  if (nesting === "single") return [[value, path]];
  if (Array.isArray(value)) return value.map((member, index) => [member, nesting === "set" ? path : [...path, index]]);
  return isRecord(value) ? Object.entries(value).map(([key, member]) => [member, [...path, key]]) : [];
}
