import { createHash } from "node:crypto";

/**
 * `parts` joined by hyphens, cut to `max` characters. A name that is too long keeps its head and ends in a hash of the
 * whole, so that two long names never become one.
 */
export function boundedName(max: number, ...parts: string[]): string {
  const name = parts.join("-");
  if (name.length <= max) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, max - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

/** Turns any text into a construct id: letters, digits, hyphens. Different texts stay different. */
export function idFrom(text: string): string {
  const id = text.replace(/[^A-Za-z0-9-]+/g, "-").replace(/^-+|-+$/g, "");
  if (id === text && id !== "") return id;
  return boundedName(64, id || "x", createHash("sha256").update(text).digest("hex").slice(0, 6));
}
