import { expect, it } from "vitest";
import { synth } from "./synth";

type Scope = Parameters<Parameters<typeof synth>[0]>[0];

/** One wrong setting: the key it stands under, the input, and words that the error must hold (the bound, the value). */
export type BadInput<P> = readonly [key: string, props: P, ...words: string[]];

/**
 * Declares one test per row: building with the row's props throws exactly one error, which names the construct path,
 * the key, and every word of the row, and is not a crash.
 */
export function rejects<P>(path: string, rows: readonly BadInput<P>[], build: (scope: Scope, props: P) => unknown) {
  it.each(rows.map((row) => [row[0], row] as const))("refuses %s", (_, [key, props, ...words]) => {
    const error = errorOf(() => synth((scope) => build(scope, props)));
    expect(error.name).toBe("InputError");
    expect(error.message.startsWith(`${path}: `), error.message).toBe(true);
    expect(dotted(error.message)).toContain(dotted(`${key}: `));
    for (const word of words) expect(error.message).toContain(word);
  });
}

/** A text with the paths in it written by dots alone: `a[0]["b c"]` as `a.0.b c`, so that tables of paths stay readable. */
export const dotted = (text: string): string =>
  text.replace(/\[(\d+|"(?:[^"\\]|\\.)*")\]/g, (_, key: string) => `.${JSON.parse(key)}`);

/** The error that `run` throws; fails the test when there is none. */
export function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected an error, but none was thrown");
}
