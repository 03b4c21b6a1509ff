import { Token } from "cdktf";
import type { Construct } from "constructs";
import { z } from "zod";
import { type Fault, pathText } from "./faults";
import { type Place, placeOf } from "./places";
import { describe, faultsIn, show } from "./wording";

export { nearest, show } from "./wording";

// every schema parses few values, which does not pay for compiling it
z.config({ jitless: true });

/** Error that the user can fix: the message names the setting, the fault and the advice, and is printed without a stack trace. */
export class InputError extends Error {
  override readonly name = "InputError";
  /** One line for each wrong setting. */
  readonly lines: readonly string[];

  constructor(message: string, lines: readonly string[] = [message]) {
    super(message);
    this.lines = lines;
  }
}

/** The error of wrong props of `scope`, by the path under which the user writes each. */
export const wrongSettings = (scope: Construct, faults: readonly Fault[]): InputError =>
  errorOf(faults, (path) => placeOf(scope, path));

/** The error of one of the props of `scope`, as {@link wrongSettings}. */
export const wrongSetting = (scope: Construct, path: string | Fault["path"], message: string): InputError =>
  wrongSettings(scope, [{ path: typeof path === "string" ? [path] : path, message }]);

/** Where the user writes one of the props of `scope`, as the beginning of an error. */
export function settingText(scope: Construct, ...path: Fault["path"]): string {
  const { owner, path: written } = placeOf(scope, path);
  return [owner, pathText(written)].filter(Boolean).join(": ");
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
const requiredStrings = orToken(z.array(requiredString));

/** Field of `T` as {@link reference} reads it: `vpcId` for a text, `subnetIds[]` for a list of texts, `images{}` for anything else. */
type Field<T> = { [Key in keyof T & string]: FieldNamed<Key, T[Key]> }[keyof T & string];
type FieldNamed<Key extends string, Value> = [Value] extends [string]
  ? Key
  : [Value] extends [readonly string[]]
    ? `${Key}[]`
    : `${Key}{}`;

/**
 * Accepts a construct or any object with the same fields, such as the description of an existing resource. `what` names it in
 * the error; `fields` are those to read, of which texts are not empty.
 */
export const reference = <T extends object>(what: string, ...fields: Field<T>[]) => {
  const keys = fields.map((field) => field.replace(/\W+$/, ""));
  return z
    .custom<T>((value) => typeof value === "object" && value !== null && keys.every((key) => key in value), {
      error: ({ input }) => `must be ${what} (an object with ${keys.join(", ")}), got ${show(input)}`,
      abort: true,
    })
    .superRefine((value, ctx) => {
      for (const [index, field] of fields.entries()) {
        const key = keys[index] as keyof T & string;
        const schema = field === key ? requiredString : field.endsWith("[]") ? requiredStrings : z.unknown();
        const { error } = schema.safeParse(value[key], { error: describe, reportInput: true });
        for (const issue of error?.issues ?? []) ctx.addIssue({ ...issue, path: [key, ...issue.path] });
      }
    });
};

/** Parses props with a construct's schema; the error names every invalid key, by the path under which the user writes it. */
export const parseProps = <S extends z.ZodType>(scope: Construct, schema: S, props: z.input<S>): z.output<S> =>
  parse(schema, props, (path) => placeOf(scope, path));

/** Parses `input` with `schema`; throws one {@link InputError} with the prefix `where` that lists every fault. */
export const parseInput = <S extends z.ZodType>(where: string, schema: S, input: unknown): z.output<S> =>
  parse(schema, input, (path) => ({ owner: where, path }));

function parse<S extends z.ZodType>(schema: S, input: unknown, place: (path: Fault["path"]) => Place): z.output<S> {
  const result = schema.safeParse(input, { error: describe, reportInput: true });
  if (result.success) return result.data;
  throw errorOf(faultsIn(schema, result.error), place);
}

function errorOf(faults: readonly Fault[], place: (path: Fault["path"]) => Place): InputError {
  const placed = faults.map(({ path, message }) => ({ ...place(path), message }));
  const owner = placed[0]?.owner ?? "";
  const texts = placed.map(({ path, message }) => `${pathText(path) || "props"}: ${message}`);
  return new InputError(
    `${owner}: ${texts.join("; ")}`,
    texts.map((text) => `${owner}: ${text}`),
  );
}
