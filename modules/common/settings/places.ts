import type { Construct } from "constructs";
import type { Fault } from "./faults";

/**
 * Where a user writes the settings of constructs: by the id of the construct below the one that says so (`cluster`, or
 * `peerings/*` for each child), the path of its settings (`exadeploy.cluster`), or one path for each key of its props, as
 * `{ "": "exadeploy", "peers.*.provider": "exadeploy.peers.*.roleArn" }`. A `*` is any one id or key, and stands for the
 * same one on the right.
 */
export type Places = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** Owner of settings, and the path in them. */
export interface Place {
  /** Name of the environment, or path of a construct that is used alone. */
  readonly owner: string;
  readonly path: Fault["path"];
}

const places = new WeakMap<Construct, { owner: string; places: Places }>();

/** Says where the user writes the settings of the constructs below `scope`; `owner` is the name of the environment. */
export const writtenAt = (scope: Construct, owner: string, of: Places): void => {
  places.set(scope, { owner, places: of });
};

/** Where the user writes what `scope` was given at `path` of its props; the construct itself where nobody says. */
export function placeOf(scope: Construct, path: Fault["path"]): Place {
  const around = [...scope.node.scopes].reverse();
  for (const ancestor of around) {
    const known = places.get(ancestor);
    if (!known) continue;
    const ids = scope.node.path.slice(ancestor.node.path.length).split("/").filter(Boolean);
    const found = longest(Object.keys(known.places), ids, "/");
    if (!found) break;
    const target = known.places[found.key] ?? "";
    const within = typeof target === "string" ? { "": target } : target;
    const inProps = longest(Object.keys(within), path.map(String), ".");
    if (!inProps) break;
    const start = filled(within[inProps.key] ?? "", [...found.stars, ...inProps.stars]);
    return { owner: known.owner, path: [...start, ...path.slice(inProps.length)] };
  }
  return { owner: scope.node.path, path };
}

interface Match {
  readonly key: string;
  /** Number of the words that it takes. */
  readonly length: number;
  readonly stars: readonly string[];
}

/** The pattern that takes most of the words from the beginning. */
function longest(patterns: readonly string[], words: readonly string[], separator: string): Match | undefined {
  const matches = patterns.flatMap((key): Match[] => {
    const parts = key.split(separator).filter(Boolean);
    if (parts.length > words.length || !parts.every((part, i) => part === "*" || part === words[i])) return [];
    const stars = parts.flatMap((part, i) => (part === "*" ? [words[i] ?? ""] : []));
    return [{ key, length: parts.length, stars }];
  });
  return matches.sort((a, b) => b.length - a.length || a.stars.length - b.stars.length)[0];
}

/** A path with its stars replaced, in their order. */
function filled(path: string, stars: readonly string[]): (string | number)[] {
  const left = [...stars];
  return path
    .split(".")
    .filter(Boolean)
    .map((part) => (part === "*" ? (left.shift() ?? "") : part))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
