import data from "../../data/aws-ids.json";
import type { Seed } from "./seed";

/** Prefixes of EC2 and EFS ids by the noun in `aws_<noun>` and `<noun>_id`; 17 hexadecimal digits follow. */
const PREFIXES: Readonly<Record<string, string>> = data.prefixes;

/** Ids that are made of other attributes, by resource type; `{...}` is an attribute. */
const TEMPLATES: Readonly<Record<string, string>> = data.templates;

/** An id for a noun with a known prefix; leading qualifiers, as in `default_route_table`, are ignored. */
export function prefixedId(noun: string, seed: Seed): string | undefined {
  const words = noun.split("_");
  const nouns = words.map((_, start) => words.slice(start).join("_"));
  const known = nouns.find((name) => Object.hasOwn(PREFIXES, name));
  return known && `${PREFIXES[known]}-${seed.hex(17)}`;
}

/** How a resource's id is made of its attributes; undefined when the id is independent of them. */
export const idTemplate = (type: string): string | undefined =>
  Object.hasOwn(TEMPLATES, type) ? TEMPLATES[type] : undefined;
