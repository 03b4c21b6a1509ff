import { Token } from "cdktf";
import type { Construct } from "constructs";
import { distance } from "fastest-levenshtein";
import { z } from "zod";

/** Error that the user can fix: the message names the setting, the fault and the advice, and is printed without a stack trace. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** Checks literals against `schema` at synthesis; accepts tokens, whose values are known only at apply. */
export const orToken = <S extends z.ZodType>(schema: S) =>
  z.custom<z.input<S>>().superRefine((value, ctx) => {
    if (Token.isUnresolved(value)) return;
    const result = schema.safeParse(value, { error: describe, reportInput: true });
    for (const issue of result.error?.issues ?? []) ctx.addIssue({ ...issue });
  });

/** Non-empty string, or a token. */
export const requiredString = orToken(z.string().min(1));

/**
 * Accepts a construct or any object with the same fields, such as the description of an existing resource. `what` names it in
 * the error; `keys` are the fields to read.
 */
export const reference = <T extends object>(what: string, ...keys: (keyof T & string)[]) =>
  z.custom<T>((value) => typeof value === "object" && value !== null && keys.every((key) => key in value), {
    error: ({ input }) => `must be ${what} (an object with ${keys.join(", ")}), got ${show(input)}`,
  });

/** Parses props with a construct's schema; the error names the construct path and every invalid key. */
export const parseProps = <S extends z.ZodType>(scope: Construct, schema: S, props: z.input<S>): z.output<S> =>
  parseInput(scope.node.path, schema, props);

/** Parses `input` with `schema`; throws one {@link InputError} with the prefix `where` that lists every fault. */
export function parseInput<S extends z.ZodType>(where: string, schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input, { error: describe, reportInput: true });
  if (result.success) return result.data;
  throw new InputError(`${where}: ${result.error.issues.flatMap((issue) => faults(schema, issue)).join("; ")}`);
}

/** The closest of `known` to `word`, if close enough to be a typo. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const best = known
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** Renders a rejected value for an error message, cut to fit on one line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function faults(schema: z.ZodType, issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String);
  if (issue.code === "invalid_union") {
    // of a union such as `false | {...}`, report the faults of the member that the input was meant to be
    const meant = issue.errors.find((errors) => errors.every(isInside));
    if (meant && issue.errors.length > 0) {
      return meant.flatMap((inner) =>
        faults(schema, { ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue),
      );
    }
  }
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint = near ? `did you mean ${near}?` : `known keys: ${known.join(", ")}`;
      return `${[...path, key].join(".")}: unknown key; ${hint}`;
    });
  }
  if (issue.code === "invalid_key") {
    // the key itself is the input; zod reports it one level down
    const key = { path: issue.path, input: path.at(-1) };
    return issue.issues.flatMap((inner) => faults(schema, { ...inner, ...key } as z.core.$ZodIssue));
  }
  const got = issue.message.includes("got ") || isObject(issue.input) ? "" : `, got ${show(issue.input)}`;
  return [`${path.join(".") || "props"}: ${issue.message}${got}`];
}

const isInside = (issue: z.core.$ZodIssue) => issue.path.length > 0 || issue.code === "unrecognized_keys";

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Error messages in place of zod's own. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
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
