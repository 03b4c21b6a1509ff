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

/** A path as one writes it in TypeScript: `runnerPools[0].efa`, and `labels["team.io/name"]` where a dot would mislead. */
export const pathText = (path: Fault["path"]): string =>
  path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      if (/[.[\]"\s]|^$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
