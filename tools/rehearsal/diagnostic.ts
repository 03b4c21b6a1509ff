import { type Json, STACK_FILE, type StackFolder } from "./stacks";

/** A fault as Terraform tells it, and the constructs behind it. */
export interface Diagnostic {
  severity: "error" | "warning";
  summary: string;
  detail: string;
  /** Address of the resource, where Terraform names it. */
  address?: string;
  /** Where in the stack's JSON. */
  range?: { filename: string; start: { line: number } };
  snippet?: { context?: string; code: string; start_line: number };
  /** Paths of the constructs that made what the fault is about. */
  constructs?: string[];
}

/** Objects in what Terraform prints with `-json`: one a line, or one over many lines. */
export function messagesIn(output: string): Json[] {
  const whole = parsed(output);
  if (whole) return [whole];
  return output.split("\n").flatMap((line) => parsed(line) ?? []);
}

function parsed(text: string): Json {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Faults in the messages of a command, warnings included, each once. */
export function diagnosticsIn(messages: Json[]): Diagnostic[] {
  const all: Diagnostic[] = messages.flatMap((message) => message.diagnostic ?? message.diagnostics ?? []);
  // a command may check the same argument more than once, and tell it with other values around it
  const key = ({ severity, summary, detail, address, range }: Diagnostic) =>
    JSON.stringify([severity, summary, detail, address, range]);
  return [...new Map(all.map((one) => [key(one), one])).values()];
}

/** A fault that Terraform tells in plain text only, as `init` does. */
export function plainDiagnostic(text: string, otherwise: string): Diagnostic {
  const [summary = "", ...detail] = text
    .trim()
    .replace(/^Error: /, "")
    .split("\n");
  return { severity: "error", summary: summary || otherwise, detail: detail.join("\n").replace(/^\n+|\s+$/g, "") };
}

/** The fault with the paths of the constructs that it is about. */
export function located(diagnostic: Diagnostic, { json }: Pick<StackFolder, "json">): Diagnostic {
  const own = placeOf(diagnostic, json);
  const places = own ? [own] : mentioned(`${diagnostic.summary}\n${diagnostic.detail}`, json);
  const constructs = [...new Set(places.flatMap((place) => pathOf(place, json) ?? []))];
  return constructs.length > 0 ? { ...diagnostic, constructs } : diagnostic;
}

/** Way to something in a stack's JSON that a construct made: `resource`, its type, its name. */
type Place = string[];

/** Path of the construct that made it; CDKTF notes none for outputs, locals and providers. */
export const pathOf = (place: Place, json: Json): string | undefined =>
  place.reduce<Json>((inner, key) => inner?.[key], json)?.["//"]?.metadata?.path;

/** `module.m.data.aws_x.y[0]` is made by the module, `data.aws_x.y[0]` by the data source. */
export function placeOfAddress(address: string): Place {
  const [first = "", second = "", third = ""] = address.replace(/\[[^\]]*\]/g, "").split(".");
  if (first === "module") return [first, second];
  return first === "data" || first === "ephemeral" ? [first, second, third] : ["resource", first, second];
}

function placeOf({ address, range }: Diagnostic, json: Json): Place | undefined {
  if (address) return placeOfAddress(address);
  return range?.filename === STACK_FILE ? placeOfLine(range.start.line, json) : undefined;
}

/** What stands on a line of the stack's file, which is written with an indent of two. */
function placeOfLine(line: number, json: Json): Place {
  const lines = JSON.stringify(json, undefined, 2).split("\n").slice(0, line);
  const place: Place = [];
  let depth = 3;
  for (const text of lines.reverse()) {
    const [, indent = "", key = ""] = /^( *)"((?:[^"\\]|\\.)*)": /.exec(text) ?? [];
    if (indent.length === 0 || indent.length > 2 * depth) continue;
    depth = indent.length / 2 - 1;
    place.unshift(key);
  }
  return place[0] === "module" ? place.slice(0, 2) : place;
}

/** Whatever of the stack a text names by its address. */
function mentioned(text: string, json: Json): Place[] {
  const places = ["resource", "data", "ephemeral"].flatMap((kind) =>
    Object.entries<Json>(json[kind] ?? {}).flatMap(([type, named]) =>
      Object.keys(named).map((name): Place => [kind, type, name]),
    ),
  );
  return places.filter(([kind, type, name]) => {
    const address = kind === "resource" ? `${type}.${name}` : `${kind}.${type}.${name}`;
    return new RegExp(`(?<![\\w.-])${address.replaceAll(".", "\\.")}(?![\\w-])`).test(text);
  });
}

/** The fault in Terraform's own words and form. */
export function render({ severity, summary, detail, address, range, snippet, constructs }: Diagnostic): string {
  const place = range && [
    `  on ${range.filename} line ${range.start.line}${snippet?.context ? `, in ${snippet.context}` : ""}:`,
    ...(snippet?.code.split("\n").map((code, index) => `  ${snippet.start_line + index}: ${code}`) ?? []),
  ];
  const paragraphs = [
    [`${severity === "error" ? "Error" : "Warning"}: ${summary}`],
    [...(address ? [`  with ${address},`] : []), ...(place ?? [])],
    detail ? detail.split("\n") : [],
    constructs ? [`construct${constructs.length > 1 ? "s" : ""}: ${constructs.join(", ")}`] : [],
  ].filter((lines) => lines.length > 0);
  const lines = paragraphs.flatMap((paragraph, index) => (index === 0 ? paragraph : ["", ...paragraph]));
  return ["╷", ...lines.map((line) => `│ ${line}`.trimEnd()), "╵"].join("\n");
}
