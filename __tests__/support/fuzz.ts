import fc from "fast-check";
import { expect, it } from "vitest";
import { dotted, errorOf } from "./bad-input";
import { synth } from "./synth";

type Scope = Parameters<Parameters<typeof synth>[0]>[0];

/** Cases per property: a hundred in `npm test`, a thousand in CI. */
const CASES = Number(process.env.FUZZ_RUNS ?? 100);

/** A wrong setting and the key that the error must name. */
export interface Wrong<P> {
  key: string;
  props: P;
}

/** The settings with another value at `path`, objects on the way made where there are none. */
export function broken<P extends object>(props: P, path: string, value: unknown): Wrong<P> {
  const copy = structuredClone({ ...props });
  const keys = path.split(/[.[\]]+/).filter(Boolean);
  const last = keys.pop() as string;
  let at = copy as Record<string, unknown>;
  for (const key of keys) {
    at[key] ??= {};
    at = at[key] as Record<string, unknown>;
  }
  at[last] = value;
  return { key: path, props: copy };
}

/** Any JSON value but for numbers of the size by which cdktf encodes what is known later. */
export const jsonValue = (constraints: fc.JsonSharedConstraints = {}) =>
  fc.jsonValue(constraints).filter((value) => !/e\+(29[89]|30\d)/.test(JSON.stringify(value)));

/**
 * Declares the two properties of a construct: every valid setting synthesizes, twice to the same bytes; every wrong one
 * is refused with an error that names the construct path and the key, and with nothing else. `share` of the cases is
 * enough for what takes long to synthesize and whose parts have properties of their own.
 */
export function fuzz<P>(
  path: string,
  cases: { valid: fc.Arbitrary<P>; invalid: fc.Arbitrary<Wrong<P>> },
  build: (scope: Scope, props: P) => unknown,
  share = 1,
) {
  const numRuns = Math.ceil(CASES * share);
  const make = (props: P) => synth((scope) => build(scope, props)).json;
  it(`synthesizes any valid setting of ${path}, twice to the same bytes`, { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(cases.valid, (props) => {
        expect(make(props)).toBe(make(props));
      }),
      { numRuns },
    );
  });
  it(`refuses any wrong setting of ${path} by its key`, { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(cases.invalid, ({ key, props }) => {
        const { name, message } = errorOf(() => make(props));
        expect(name, message).toBe("InputError");
        expect(dotted(message)).toContain(dotted(`${key}: `));
        expect(message).toContain(`${path}: `);
      }),
      { numRuns },
    );
  });
}
