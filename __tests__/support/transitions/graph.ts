import type { Json } from "../synth";

/** Something of a configuration that others refer to by its address: a resource, a data source or a local value. */
export interface Node {
  address: string;
  kind: "resource" | "data" | "local";
  type: string;
  /** Arguments, without what only orders or describes; lifecycle apart. */
  body: Json;
  lifecycle?: Json;
}
export type Graph = Map<string, Node>;

/** Arguments that change nothing in AWS. */
const BESIDE = ["//", "depends_on", "lifecycle", "provisioner", "connection"];
const MENTION = /(?<![\w.-])(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*/g;

/** What the Terraform JSON of a stack holds, by address. */
export function graphOf(json: Json): Graph {
  const graph: Graph = new Map();
  const take = (kind: "resource" | "data", types: Json = {}) => {
    for (const [type, named] of Object.entries<Json>(types)) {
      for (const [name, whole] of Object.entries<Json>(named)) {
        const address = `${kind === "data" ? "data." : ""}${type}.${name}`;
        const body = Object.fromEntries(Object.entries(whole).filter(([key]) => !BESIDE.includes(key)));
        graph.set(address, { address, kind, type, body, ...(whole.lifecycle && { lifecycle: whole.lifecycle }) });
      }
    }
  };
  take("resource", json.resource);
  take("data", json.data);
  for (const [name, value] of Object.entries<Json>(json.locals ?? {})) {
    const address = `local.${name}`;
    graph.set(address, { address, kind: "local", type: "local", body: { value } });
  }
  return graph;
}

const text = ({ body, lifecycle }: Node) => JSON.stringify([body, lifecycle]);

const found = new WeakMap<Node, string[]>();

/** Addresses that a node refers to, of the graph that it is in. */
export function mentions(node: Node, graph: Graph): string[] {
  const known = found.get(node);
  if (known) return known;
  const mentioned = [...new Set((text(node).match(MENTION) ?? []).filter((address) => graph.has(address)))];
  found.set(node, mentioned);
  return mentioned;
}

/** The same text or value with other addresses in place of those that `names` knows. */
export function renamed<T>(value: T, names: (address: string) => string | undefined): T {
  if (value === undefined) return value;
  return JSON.parse(JSON.stringify(value).replace(MENTION, (found) => names(found) ?? found));
}

/** The addresses, and all that refer to them by however many steps. */
export function withDependents(addresses: Iterable<string>, ...graphs: Graph[]): Set<string> {
  const found = new Set(addresses);
  for (let size = -1; size < found.size; ) {
    size = found.size;
    for (const graph of graphs) {
      for (const node of graph.values()) {
        if (mentions(node, graph).some((address) => found.has(address))) found.add(node.address);
      }
    }
  }
  return found;
}

/** The addresses that are in the graph, and all that they refer to by however many steps. */
export function withDependencies(addresses: Iterable<string>, graph: Graph): Set<string> {
  const found = new Set<string>();
  const visit = (address: string) => {
    const node = graph.get(address);
    if (!node || found.has(address)) return;
    found.add(address);
    for (const next of mentions(node, graph)) visit(next);
  };
  for (const address of addresses) visit(address);
  return found;
}
