import { Token } from "cdktf";
import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import type { Fault } from "./faults";

/** The closest of `known` to `word`, if close enough to be a typo. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const best = known
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

const isLater = (value: unknown) => typeof value !== "object" && Token.isUnresolved(value);

/** Renders a rejected value for an error message, cut to fit on one line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Token.isUnresolved(value)) return "a value known only at apply";
  if (typeof value === "function") return "a function";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  let text: string;
  const known = (_: string, item: unknown) => (isLater(item) ? "a value known only at apply" : item);
  try {
    text = JSON.stringify(value, known) ?? String(value);
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Faults that zod found by `schema`, in words, of which none suggests a key in `hidden`. */
export function faultsIn(schema: z.ZodType, error: z.core.$ZodError, hidden: readonly string[] = []): Fault[] {
  const known = (path: string[]) => keysAt(schema, path).filter((key) => path.length > 0 || !hidden.includes(key));
  const found = error.issues.map((issue) => ({ issue, faults: faultsOf(known, issue) }));
  // a value that is out of its own bounds is not held against the rules across values as well
  const bounds = found.filter(({ issue }) => issue.code !== "custom").flatMap(({ faults }) => faults);
  const covers = (rule: Fault, { path }: Fault) => rule.path.every((key, index) => key === path[index]);
  const first = new Map([...bounds].reverse().map((fault) => [JSON.stringify(fault.path), fault]));
  return found.flatMap(({ issue, faults }) =>
    issue.code === "custom"
      ? faults.filter((rule) => !bounds.some((fault) => covers(rule, fault)))
      : faults.filter((fault) => first.get(JSON.stringify(fault.path)) === fault),
  );
}

function faultsOf(knownKeys: (path: string[]) => string[], issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  if (issue.code === "invalid_union") {
    // of a union such as `false | {...}`, report the faults of the member that the input was meant to be
    const meant = issue.errors.find((errors) => errors.every(isInside));
    if (meant && issue.errors.length > 0) {
      return meant.flatMap((inner) =>
        faultsOf(knownKeys, { ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue),
      );
    }
  }
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(path.map(String));
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint = near ? `did you mean ${near}?` : `known keys: ${known.join(", ")}`;
      return { path: [...path, key], message: `unknown key; ${hint}` };
    });
  }
  if (issue.code === "invalid_key") {
    // the key itself is the input; zod reports it one level down
    const key = { path: issue.path, input: path.at(-1) };
    return issue.issues.flatMap((inner) => faultsOf(knownKeys, { ...inner, ...key } as z.core.$ZodIssue));
  }
  const got = issue.message.includes("got ") || isObject(issue.input) ? "" : `, got ${show(issue.input)}`;
  return [{ path, message: `${issue.message}${got}` }];
}

const isInside = (issue: z.core.$ZodIssue) => issue.path.length > 0 || issue.code === "unrecognized_keys";

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Error messages in place of zod's own. */
export function describe(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  if (Token.isUnresolved(input)) return "must be known before apply";
  switch (issue.code) {
    case "invalid_type":
      if (input === undefined) return `is required (${issue.expected}), got nothing`;
      return `must be ${article(issue.expected)}, got ${show(input)}`;
    case "too_small":
      return `must ${bound(issue.origin, "least", issue.minimum, issue.inclusive)}, got ${size(issue.origin, input)}`;
    case "too_big":
      return `must ${bound(issue.origin, "most", issue.maximum, issue.inclusive)}, got ${size(issue.origin, input)}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}, got ${show(input)}`;
    case "invalid_value":
      return `must be ${oneOf(issue.values)}, got ${show(input)}`;
    case "invalid_format":
      return issue.pattern ? `must match ${issue.pattern}, got ${show(input)}` : undefined;
    case "invalid_union": {
      const { discriminator } = issue;
      if (!discriminator || !Array.isArray(issue.options)) return undefined;
      return `must be ${oneOf(issue.options)}, got ${show((input as Record<string, unknown>)[discriminator])}`;
    }
    default:
      return undefined;
  }
}

const article = (expected: string) => (expected === "int" ? "a whole number" : `of type ${expected}`);

const oneOf = (values: readonly unknown[]) => {
  const words = values.map((value) => String(value));
  return words.length === 1 ? words[0] : `one of ${words.join(", ")}`;
};

function bound(origin: string, side: "least" | "most", limit: unknown, inclusive?: boolean): string {
  if (origin === "string") return `have at ${side} ${limit} characters`;
  if (origin === "array" || origin === "set") return `have at ${side} ${limit} items`;
  if (inclusive === false) return `be ${side === "least" ? "more" : "less"} than ${limit}`;
  return `be at ${side} ${limit}`;
}

function size(origin: string, input: unknown): string {
  const length = (input as { length?: number } | undefined)?.length;
  return origin === "array" || origin === "string" ? `${length} (${show(input)})` : show(input);
}

/** Keys that the schema accepts at `path`; for a union, those of every member. */
function keysAt(schema: unknown, path: string[]): string[] {
  const { def } = schema as { def: Record<string, unknown> & { type: string } };
  const inner = def.innerType ?? (def.type === "pipe" ? def.in : undefined);
  if (inner) return keysAt(inner, path);
  if (def.type === "union") return [...new Set((def.options as unknown[]).flatMap((option) => keysAt(option, path)))];
  const [head, ...rest] = path;
  if (def.type === "object") {
    const shape = def.shape as Record<string, unknown>;
    if (head === undefined) return Object.keys(shape);
    return head in shape ? keysAt(shape[head], rest) : [];
  }
  if (head === undefined) return [];
  if (def.type === "array") return keysAt(def.element, rest);
  if (def.type === "record") return keysAt(def.valueType, rest);
  return [];
}
