import type { z } from "zod";

/** Invalid setting: its path, and what it must be. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Collector of a schema's issues: zod's refinement context. */
export type Issues = Pick<z.RefinementCtx, "addIssue">;

/** Reports an invalid setting from a `superRefine`. `path` is a key, or a path relative to the schema; `[]` is the value itself. */
export function refuse(ctx: Issues, path: string | Fault["path"], message: string): void {
  ctx.addIssue({ code: "custom", path: typeof path === "string" ? [path] : [...path], message });
}
