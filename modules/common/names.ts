import { createHash } from "node:crypto";

/** `parts` joined by hyphens. A name of more than `max` characters is cut and ends in a hash of the whole, to stay unique. */
export function boundedName(max: number, ...parts: string[]): string {
  const name = parts.join("-");
  if (name.length <= max) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, max - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

/**
 * Construct id of letters, digits and hyphens from any text; distinct texts give distinct ids. Constructs take what every
 * object has, such as `constructor`, for an id that is there already.
 */
export function idFrom(text: string): string {
  const id = text.replace(/[^A-Za-z0-9-]+/g, "-").replace(/^-+|-+$/g, "");
  if (id === text && id !== "" && !(id in {})) return id;
  return boundedName(64, id || "x", createHash("sha256").update(text).digest("hex").slice(0, 6));
}
