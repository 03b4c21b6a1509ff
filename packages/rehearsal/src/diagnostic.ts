import { type Json, STACK_FILE, type StackFolder } from "./stacks";

/** A diagnostic of Terraform, with the constructs that it is about. */
export interface Diagnostic {
  severity: "error" | "warning";
  summary: string;
  detail: string;
  /** Address of the resource, if Terraform names one. */
  address?: string;
  /** Location in the stack's JSON. */
  range?: { filename: string; start: { line: number } };
  snippet?: { context?: string; code: string; start_line: number };
  /** Paths of the constructs. */
  constructs?: string[];
}

/** JSON objects in the output of Terraform with `-json`: one per line, or one over many lines. */
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

/** Distinct diagnostics in the messages of a command. */
export function diagnosticsIn(messages: Json[]): Diagnostic[] {
  const all: Diagnostic[] = messages.flatMap((message) => message.diagnostic ?? message.diagnostics ?? []);
  // a command may report the same argument twice, in different snippets
  const key = ({ severity, summary, detail, address, range }: Diagnostic) =>
    JSON.stringify([severity, summary, detail, address, range]);
  return [...new Map(all.map((one) => [key(one), one])).values()];
}

/** An error in plain text, as `init` prints it. */
export function plainDiagnostic(text: string, otherwise: string): Diagnostic {
  const [summary = "", ...detail] = text
    .trim()
    .replace(/^Error: /, "")
    .split("\n");
  return { severity: "error", summary: summary || otherwise, detail: detail.join("\n").replace(/^\n+|\s+$/g, "") };
}

/** Adds the paths of the constructs that a diagnostic is about. */
export function located(diagnostic: Diagnostic, { json }: Pick<StackFolder, "json">): Diagnostic {
  const own = placeOf(diagnostic, json);
  const places = own ? [own] : mentioned(`${diagnostic.summary}\n${diagnostic.detail}`, json);
  const constructs = [...new Set(places.flatMap((place) => pathOf(place, json) ?? []))];
  return constructs.length > 0 ? { ...diagnostic, constructs } : diagnostic;
}

/** Path in a stack's JSON to the output of a construct: `resource`, type, name. */
type Place = string[];

/** Path of the construct; CDKTF records none for outputs, locals and providers. */
export const pathOf = (place: Place, json: Json): string | undefined =>
  place.reduce<Json>((inner, key) => inner?.[key], json)?.["//"]?.metadata?.path;

/** `module.m.data.aws_x.y[0]` belongs to the module, `data.aws_x.y[0]` to the data source. */
export function placeOfAddress(address: string): Place {
  const [first = "", second = "", third = ""] = address.replace(/\[[^\]]*\]/g, "").split(".");
  if (first === "module") return [first, second];
  return first === "data" || first === "ephemeral" ? [first, second, third] : ["resource", first, second];
}

function placeOf({ address, range }: Diagnostic, json: Json): Place | undefined {
  if (address) return placeOfAddress(address);
  return range?.filename === STACK_FILE ? placeOfLine(range.start.line, json) : undefined;
}

/** Path of a line in the stack's file, which has an indent of two. */
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

/** Everything in the stack whose address is in the text. */
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

/** Renders a diagnostic as Terraform does. */
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
