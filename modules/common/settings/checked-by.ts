import { z } from "zod";
import { type Issues, refuse } from "./faults";
import { describe, faultsIn } from "./wording";

/** Props that the stack sets itself, with values that no rule objects to; `undefined` for those that it may leave out. */
type Wiring<Props, Wired extends keyof Props> = { readonly [Key in Wired]: Props[Key] | undefined };
type PerSettings<Settings, T> = T | ((settings: Settings) => T);

/**
 * Settings of a user for a construct: checked by the construct's own schema, and left as they are. `wiring` are the props
 * that the stack sets and a user may not: stand-ins, since what follows from the real ones is checked when the construct is
 * built. `defaults` are props that the stack sets where the user does not.
 */
export const checkedBy = <S extends z.ZodType<unknown, object>, Wired extends keyof z.input<S> = never>(
  schema: S,
  wiring: PerSettings<z.input<S>, Wiring<z.input<S>, Wired>>,
  defaults: PerSettings<z.input<S>, Partial<z.input<S>>> = {},
) =>
  z.custom<Omit<z.input<S>, Wired>>(isObject, { error: "must be an object of settings" }).superRefine((value, ctx) => {
    if (!isObject(value)) return;
    const settings = value as z.input<S>;
    checkWith(schema, value, of(settings, wiring), of(settings, defaults), ctx);
  });

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const of = <Settings, T extends object>(settings: Settings, value: PerSettings<Settings, T>): T =>
  typeof value === "function" ? value(settings) : value;

function checkWith(schema: z.ZodType, value: object, wiring: object, defaults: object, ctx: Issues): void {
  const wired = Object.keys(wiring);
  const given = Object.entries(value).filter(([key, item]) => wired.includes(key) && item !== undefined);
  for (const [key] of given) refuse(ctx, key, "must be left out, since the stack sets it, got a value");
  const result = schema.safeParse({ ...defaults, ...value, ...wiring }, { error: describe, reportInput: true });
  if (result.success) return;
  for (const { path, message } of faultsIn(schema, result.error, wired)) {
    if (!wired.includes(String(path[0]))) ctx.addIssue({ code: "custom", path: [...path], message, continue: false });
  }
}
