import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Json } from "../synth";
import { type Graph, graphOf, type Node, renamed, withDependencies, withDependents } from "./graph";

/** A change of one setting: the stacks before and after it, as Terraform JSON. */
export interface Transition {
  /** What is told of it when it fails. */
  name: string;
  before: Json;
  after: Json;
}

/** A resource or local value that differs between the two stacks of a transition. */
export interface Difference {
  before?: Node;
  after?: Node;
}

/** Transitions of a batch side by side in one configuration, of which each address says whose it is. */
export interface Batch {
  before: Json;
  after: Json;
  /** Data sources of both sides, as they are mocked. */
  data: Json;
  /** Differences of each transition, by their address in the batch. */
  differences: Map<string, Difference>[];
}

/** Transition that an address of a batch belongs to; what several share belongs to none. */
export const ownerOf = (address: string): number | undefined => {
  const [, number] = /\.t(\d+)-/.exec(address) ?? [];
  return number === undefined ? undefined : Number(number);
};

/** What differs between the two sides in AWS, not counting what only follows from it. */
export function differencesOf(before: Graph, after: Graph): Map<string, Difference> {
  const found = new Map<string, Difference>();
  for (const address of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(address), after.get(address)];
    const same = isDeepStrictEqual([old?.body, triggers(old)], [now?.body, triggers(now)]);
    if (!same) found.set(address, { before: old, after: now });
  }
  return found;
}

const triggers = (node?: Node) => node?.lifecycle?.replace_triggered_by ?? [];

/**
 * Puts transitions side by side: of each only what changes, what follows from that and what these refer to; what does
 * not change and is the same in several is there once, under a name that its content gives it.
 */
export function batchOf(transitions: readonly Transition[]): Batch {
  const sides = { before: emptyJson(transitions), after: emptyJson(transitions) };
  const data: Json = {};
  const differences = transitions.map(({ before, after }, index) => {
    const graphs = { before: graphOf(before), after: graphOf(after) };
    const found = differencesOf(graphs.before, graphs.after);
    const affected = withDependents(found.keys(), graphs.before, graphs.after);
    for (const side of ["before", "after"] as const) {
      const graph = graphs[side];
      const namesOf = namesIn(graph, affected, `t${index}-`);
      for (const address of withDependencies(affected, graph))
        place(graph.get(address) as Node, namesOf, sides[side], data);
    }
    const nameOf = (address: string) => {
      const graph = graphs.after.has(address) ? graphs.after : graphs.before;
      return namesIn(graph, affected, `t${index}-`)(address) as string;
    };
    return new Map([...found].map(([address, difference]) => [nameOf(address), difference]));
  });
  return { ...sides, data, differences };
}

/** Names in the batch of what is in a graph: its own name if it is affected, else one that follows from its content. */
function namesIn(graph: Graph, affected: Set<string>, prefix: string) {
  const known = new Map<string, string>();
  const nameOf = (address: string): string | undefined => {
    const node = graph.get(address);
    if (!node) return undefined;
    const name = known.get(address);
    if (name !== undefined) return name;
    const [start, own = ""] = [address.slice(0, address.lastIndexOf(".")), address.split(".").pop()];
    // a data source is looked up anew by each side, so that its content always names it
    const shared = node.kind !== "resource" || !affected.has(address);
    const owner = affected.has(address) ? prefix : "";
    const result = `${start}.${shared ? `${owner}s${hash(renamed(node.body, nameOf))}` : prefix + own}`;
    known.set(address, result);
    return result;
  };
  return nameOf;
}

const hash = (value: Json) => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);

function place(node: Node, nameOf: (address: string) => string | undefined, side: Json, data: Json): void {
  const name = (nameOf(node.address) as string).split(".").pop() as string;
  const body = renamed(node.body, nameOf);
  if (node.kind === "local") side.locals[name] = body.value;
  else if (node.kind === "data") {
    data[node.type] ??= {};
    data[node.type][name] = body;
  } else {
    side.resource[node.type] ??= {};
    const lifecycle = renamed(node.lifecycle, nameOf);
    side.resource[node.type][name] = { ...body, ...(lifecycle && { lifecycle }) };
  }
}

/** Providers of all transitions, one for each alias. */
function emptyJson(transitions: readonly Transition[]): Json {
  const providers: Json[] = transitions.flatMap(({ before, after }) => [
    ...(before.provider?.aws ?? []),
    ...(after.provider?.aws ?? []),
  ]);
  const byAlias = new Map(providers.map((provider) => [provider.alias ?? "", provider]));
  return { provider: { aws: [...byAlias.values()] }, resource: {}, locals: {} };
}
