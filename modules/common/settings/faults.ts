import type { z } from "zod";

/** A setting that is wrong: the path to it, and what it must be. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Where issues of a schema go: zod's refinement context. */
export type Issues = Pick<z.RefinementCtx, "addIssue">;

/**
 * Reports a wrong setting from a `superRefine`. `path` is one key, or the path from where the schema stands; an empty
 * path is the value itself.
 */
export function refuse(ctx: Issues, path: string | Fault["path"], message: string): void {
  ctx.addIssue({ code: "custom", path: typeof path === "string" ? [path] : [...path], message });
}
