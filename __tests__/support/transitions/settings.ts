import type { TerraformStack } from "cdktf";
import type { z } from "zod";
import { type Json, synth } from "../synth";
import type { Transition } from "./batch";

/** A setting that is left out. */
export const ABSENT = undefined;

/** Why `allowReplacement` is not changed by itself. */
export const LETS_THROUGH = "lets another change through, and changes nothing by itself";

/** Values of one setting, between each two of which a user may change. */
export interface Setting {
  path: string;
  values: readonly unknown[];
  /** Other settings that it needs beside it. */
  given: Record<string, unknown>;
  /** Whether a value is several settings by their paths. */
  together?: boolean;
}

export const setting = (path: string, values: readonly unknown[], given: Record<string, unknown> = {}): Setting => ({
  path,
  values,
  given,
});

/** A setting that others have to follow: each item has all of their values, by their paths. */
export const together = (path: string, values: readonly Record<string, unknown>[]): Setting => ({
  path,
  values,
  given: {},
  together: true,
});

/** A construct and what may change of it. */
export interface Subject {
  name: string;
  /** Props with which it is whole; made in the stack that it is to stand in. */
  base(scope: TerraformStack): object;
  build(scope: TerraformStack, props: never): unknown;
  settings: readonly Setting[];
  /** Settings of which no change is planned here, with the reason; a path covers all below it. */
  fixed: Readonly<Record<string, string>>;
}

/** A transition and the setting that it changes. */
export interface SettingTransition extends Transition {
  subject: string;
  path: string;
}

/** Every change from one value of a setting to the next, and from the last to the first. */
export function transitionsOf({ name, base, build, settings }: Subject): SettingTransition[] {
  const json = (given: Record<string, unknown>) =>
    synth((scope) => {
      let props = base(scope);
      for (const [path, value] of Object.entries(given)) props = withValue(props, path.split("."), value) as object;
      build(scope, props as never);
    }).parsed;
  return settings.flatMap(({ path, values, given, together }) => {
    const sides = values.map((value) => json({ ...given, ...(together ? (value as object) : { [path]: value }) }));
    const told = (value: unknown) => (together ? ((value as Record<string, unknown>)[path] ?? value) : value);
    return pairs(values.length).map(([from, to]) => ({
      subject: name,
      path,
      name: `${name} ${path}: ${shown(told(values[from]))} -> ${shown(told(values[to]))}`,
      before: sides[from],
      after: sides[to],
    }));
  });
}

/** From each value to the next, and from the last to the first: off to on, on to another, and back to off. */
const pairs = (count: number): [number, number][] =>
  [...Array(count).keys()].map((from): [number, number] => [from, (from + 1) % count]);

export const shown = (value: unknown): string =>
  value === undefined ? "absent" : typeof value === "string" ? value : JSON.stringify(value);

/** A copy with another value at the path, objects on the way made where there are none; constructs stay what they are. */
function withValue(at: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(at) ? [...at] : { ...(at as object) };
  const inner = withValue((copy as Record<string, unknown>)[key], rest, value);
  if (inner === undefined) delete (copy as Record<string, unknown>)[key];
  else (copy as Record<string, unknown>)[key] = inner;
  return copy;
}

/** Paths to every setting of a schema that is not an object itself; `*` stands for any key or position. */
export function pathsOf(schema: z.core.$ZodType, path: string[] = []): string[] {
  const { def } = schema._zod as { def: Json };
  const into = (inner: z.core.$ZodType, ...more: string[]) => pathsOf(inner, [...path, ...more]);
  switch (def.type) {
    case "object":
      return Object.entries<z.core.$ZodType>(def.shape).flatMap(([key, inner]) => into(inner, key));
    case "record":
    case "array": {
      const each = into(def.valueType ?? def.element, "*");
      return each.length === 1 && each[0]?.endsWith("*") ? [path.join(".")] : each; // plain values are changed as a whole
    }
    case "union":
      return [...new Set<string>(def.options.flatMap((option: z.core.$ZodType) => into(option)))];
    case "pipe":
      return into(def.in);
    default:
      return def.innerType ? into(def.innerType) : [path.join(".")];
  }
}

/** Settings of a schema that a subject neither changes nor says why not, and what it names that is none. */
export function gapsOf(
  { settings, fixed }: Subject,
  paths: readonly string[],
): { missing: string[]; unknown: string[] } {
  const changed = settings.map(({ path }) => path);
  const isChanged = (path: string) => changed.some((known) => depth(known) >= depth(path) && matches(path, known));
  const isFixed = (path: string) => Object.keys(fixed).some((known) => matches(path, known));
  const missing = paths.filter((path) => !isChanged(path) && !isFixed(path));
  const unknown = [...changed, ...Object.keys(fixed)].filter((known) => !paths.some((path) => matches(path, known)));
  return { missing, unknown };
}

const depth = (path: string) => path.split(".").length;

/** Whether a setting of the schema is the one that is named, or lies below it. */
function matches(path: string, named: string): boolean {
  const [keys, names] = [path.split("."), named.split(".")];
  return names.every((name, index) => keys[index] === undefined || keys[index] === "*" || keys[index] === name);
}
