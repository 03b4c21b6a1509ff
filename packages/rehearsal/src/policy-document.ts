import { isRecord, type Value } from "./msgpack-cty";
import { list, text } from "./simulated/facts";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };
type Statement = { [key: string]: Json | undefined };

interface Document {
  Version: string;
  Id?: string;
  Statement: Statement[];
}

const VERSION = "2012-10-17";

/** Renders `aws_iam_policy_document` exactly as the AWS provider does, including order and whitespace. */
export function policyDocument(config: Record<string, Value>): Record<string, Value> {
  const merged: Document = { Version: "", Statement: [] };
  for (const source of list(config.source_policy_documents)) merge(merged, parse(source));
  const version = text(config.version) ?? VERSION;
  const own = list(config.statement).filter(isRecord);
  merge(merged, { Version: version, Id: text(config.policy_id), Statement: own.map(statementOf) });
  for (const override of list(config.override_policy_documents)) merge(merged, parse(override));
  const document = {
    Version: merged.Version,
    Id: merged.Id,
    Statement: merged.Statement.length > 0 ? merged.Statement : undefined,
  };
  return {
    json: escaped(JSON.stringify(document, undefined, 2)),
    minified_json: escaped(JSON.stringify(document)),
    version,
  };
}

/** Merges a document into another; a statement replaces one with the same Sid. */
function merge(into: Document, from: Document) {
  if (from.Id) into.Id = from.Id;
  if (from.Version > into.Version) into.Version = from.Version;
  for (const statement of from.Statement) {
    const at = statement.Sid ? into.Statement.findIndex(({ Sid }) => Sid === statement.Sid) : -1;
    if (at < 0) into.Statement.push(statement);
    else into.Statement[at] = statement;
  }
}

function parse(source: Value): Document {
  if (!text(source)) return { Version: "", Statement: [] };
  const { Version = "", Id, Statement = [] } = JSON.parse(text(source) as string);
  if (!Array.isArray(Statement)) throw new Error("a policy document to merge: Statement must be a list");
  return { Version, Id, Statement: Statement.map(reread) };
}

const KEYS = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
];

/** A statement of another document, as the provider rewrites it. */
function reread(statement: Statement): Statement {
  const kept = Object.fromEntries(KEYS.map((key) => [key, statement[key]]));
  const principal = (value: Json | undefined) =>
    byKey(value, (names) => (Array.isArray(names) ? reversed(names) : names));
  const condition = (tests: Json | undefined) =>
    byKey(tests, (test) => byKey(test, (values) => (Array.isArray(values) ? oneOrMany(values) : values)) as Json);
  return {
    ...kept,
    Principal: principal(kept.Principal),
    NotPrincipal: principal(kept.NotPrincipal),
    Condition: condition(kept.Condition),
  };
}

const byKey = (value: Json | undefined, write: (value: Json) => Json): Json | undefined =>
  value && typeof value === "object" && !Array.isArray(value)
    ? sorted(new Map(Object.entries(value)) as Map<string, Json>, write)
    : value;

const reversed = <T extends Json>(values: T[]): T[] => [...values].sort().reverse();

const oneOrMany = (values: Json[]): Json => (values.length > 1 ? values : (values[0] ?? null));

function statementOf(statement: Record<string, Value>): Statement {
  return {
    Sid: text(statement.sid) || undefined,
    Effect: text(statement.effect) ?? "Allow",
    Action: words(statement.actions),
    NotAction: words(statement.not_actions),
    Resource: words(statement.resources),
    NotResource: words(statement.not_resources),
    Principal: principals(statement.principals),
    NotPrincipal: principals(statement.not_principals),
    Condition: conditions(statement.condition),
  };
}

/** A single string, or a list in reverse order; `&{` becomes IAM's `${`, which Terraform would interpolate. */
function words(value: Value | undefined): Json | undefined {
  const texts = reversed(strings(value));
  return texts.length > 0 ? oneOrMany(texts) : undefined;
}

const strings = (value: Value | undefined): string[] =>
  list(value).map((item) => (text(item) ?? "").replaceAll("&{", "${"));

function principals(value: Value | undefined): Json | undefined {
  const byType = new Map<string, string[]>();
  const sets = list(value).filter(isRecord);
  for (const { type, identifiers } of sets) {
    const names = strings(identifiers);
    if (type === "*" && names.includes("*")) return "*";
    const key = text(type) ?? "";
    byType.set(key, [...(byType.get(key) ?? []), ...reversed(names)]);
  }
  return sets.length > 0 ? sorted(byType, oneOrMany) : undefined;
}

function conditions(value: Value | undefined): Json | undefined {
  const byTest = new Map<string, Map<string, string[]>>();
  const blocks = list(value).filter(isRecord);
  for (const { test, variable, values } of blocks) {
    const variables = byTest.get(text(test) ?? "") ?? new Map();
    byTest.set(text(test) ?? "", variables);
    const name = text(variable) ?? "";
    variables.set(name, [...(variables.get(name) ?? []), ...strings(values)]);
  }
  if (blocks.length === 0) return undefined;
  return sorted(byTest, (variables) => sorted(variables, oneOrMany));
}

/** Go marshals a map in the order of its keys. */
const sorted = <T>(map: Map<string, T>, write: (value: T) => Json): Json =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, write(value)]));

/** Go's encoder escapes characters of HTML. */
const escaped = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
