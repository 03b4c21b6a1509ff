import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Manifest } from "cdktf";
import { closest, distance } from "fastest-levenshtein";

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON has the shape that each provider gives it
export type Json = any;

/** One synthesized stack. */
export interface StackFolder {
  id: string;
  /** Stacks whose state it reads or that it depends on explicitly. */
  needs: string[];
  folder: string;
  json: Json;
}

/** Name of a stack's configuration in its folder. */
export const STACK_FILE = "cdk.tf.json";

/** Every stack of an output folder, in dependency order. */
export function stacksIn(outdir: string): StackFolder[] {
  const manifest: Manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  const ordered: StackFolder[] = [];
  const add = (id: string) => {
    if (ordered.some((stack) => stack.id === id)) return;
    const stack = manifest.stacks[id];
    if (!stack) throw new Error(`${outdir} has no stack ${id}`);
    stack.dependencies.forEach(add);
    const file = join(outdir, stack.synthesizedStackPath);
    ordered.push({
      id,
      needs: stack.dependencies,
      folder: dirname(file),
      json: JSON.parse(readFileSync(file, "utf8")),
    });
  };
  Object.keys(manifest.stacks).forEach(add);
  return ordered;
}

/** A pattern without a matching stack. */
export class NoSuchStack extends Error {}

/**
 * The stacks whose ids match one of the patterns, and their dependencies; every stack without a pattern. `*` matches any
 * text and `?` any letter.
 */
export function chooseStacks(stacks: readonly StackFolder[], patterns: readonly string[]): StackFolder[] {
  if (patterns.length === 0) return [...stacks];
  const ids = stacks.map(({ id }) => id);
  const chosen = new Set(patterns.flatMap((pattern) => matching(pattern, ids)));
  for (const { id, needs } of [...stacks].reverse()) if (chosen.has(id)) for (const needed of needs) chosen.add(needed);
  return stacks.filter(({ id }) => chosen.has(id));
}

function matching(pattern: string, ids: string[]): string[] {
  const words = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const found = ids.filter((id) => new RegExp(`^${words}$`).test(id));
  if (found.length > 0) return found;
  const near = closest(pattern, ids);
  const isTypo = near !== undefined && distance(pattern, near) <= Math.max(2, pattern.length / 3);
  const advice = isTypo ? `; did you mean ${near}?` : "";
  throw new NoSuchStack(`no stack is called ${pattern}${advice}\nstacks: ${ids.join(", ")}`);
}

/** Terraform types of every kind that the stacks use; undefined with modules, which may use any. */
export function typesIn(stacks: readonly StackFolder[]): Set<string> | undefined {
  if (stacks.some(({ json }) => json.module)) return undefined;
  return new Set(
    stacks.flatMap(({ json }) => ["resource", "data", "ephemeral"].flatMap((kind) => Object.keys(json[kind] ?? {}))),
  );
}
