import { isDeepStrictEqual } from "node:util";
import type { Json } from "../synth";
import type { Difference } from "./batch";

/** What a plan would do to one resource that it should not do unasked. */
export interface Finding {
  kind: "kept" | "replaced" | "deleted" | "refused" | "no effect";
  /** Resource type, with the argument that is kept. */
  what: string;
  detail: string;
}

/** Things that hold data, or that everything else stands in: to lose one is never a side effect. */
const PRECIOUS = new Set([
  "aws_cloudformation_stack", // the one template that there is makes a broker of Amazon MQ
  "aws_db_instance",
  "aws_ebs_volume",
  "aws_ecr_repository",
  "aws_efs_file_system",
  "aws_eks_cluster",
  "aws_fsx_lustre_file_system",
  "aws_instance",
  "aws_kms_key",
  "aws_s3_bucket",
  "aws_vpc",
]);

/** What stays in AWS as it is when Terraform deletes its resource: the provider's Delete does nothing. */
const LEFT_BEHIND = new Set(["aws_vpc_peering_connection_options"]);

/**
 * Judges what a plan would change of one transition; `changes` are its resource changes, by address. Of what is replaced
 * only because something else is, only what is precious counts.
 */
export function findingsOf(differences: Map<string, Difference>, changes: Map<string, Json>): Finding[] {
  const findings: Finding[] = [];
  const find = (kind: Finding["kind"], what: string, detail: string) => {
    if (!findings.some((other) => other.kind === kind && other.what === what)) findings.push({ kind, what, detail });
  };
  if (differences.size === 0) find("no effect", "", "the configuration is the same");
  for (const [address, { actions, replace_paths }] of changes) {
    const type = address.split(".")[0] as string;
    if (actions.length === 2 && (differences.has(address) || PRECIOUS.has(type))) {
      find("replaced", type, (replace_paths ?? []).map((path: Json[]) => path.join(".")).join(", ") || "a trigger");
    }
    if (actions[0] === "delete" && actions.length === 1 && PRECIOUS.has(type)) find("deleted", type, address);
    if (actions[0] === "delete" && LEFT_BEHIND.has(type)) find("kept", type, "Terraform only forgets it");
  }
  for (const [address, { before, after }] of differences) {
    if (before?.kind !== "resource" || after?.kind !== "resource" || before.type === "terraform_data") continue;
    for (const path of changedLeaves(before.body, after.body)) {
      if (isKept(path, changes.get(address), before.body)) find("kept", `${before.type}.${path.join(".")}`, address);
    }
  }
  return findings;
}

/** Paths to what differs between two configurations, down to single values where both have what holds them. */
function changedLeaves(before: Json, after: Json, path: string[] = []): string[][] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changedLeaves(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === 1 && after.length === 1) {
    return changedLeaves(before[0], after[0], [...path, "0"]);
  }
  return [path];
}

const isObject = (value: Json) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether the plan leaves the value at `path` as it was. */
function isKept(path: string[], change: Json, body: Json): boolean {
  const [argument = ""] = path;
  if (!change || change.actions[0] === "no-op") return true;
  if (change.actions.length === 2 || change.actions[0] !== "update") return false;
  if (argument === "provider" || argument === "override_provider") return false;
  if (argument.endsWith("_wo")) return false; // neither state nor plan holds it
  const [old, now, unknown] = [change.before, change.after, change.after_unknown].map((value) => at(value, path));
  return !isUnknown(unknown) && isDeepStrictEqual(old, now) && !(empty(old) && at(body, path) === undefined);
}

const isUnknown = (mark: Json): boolean =>
  mark === true || (typeof mark === "object" && mark !== null && Object.values<Json>(mark).some(isUnknown));

const empty = (value: Json) => value === undefined || value === null;

/** The value at a path of a configuration, in a state, where a block is a list of one. */
function at(value: Json, [key, ...rest]: string[]): Json {
  if (key === undefined || empty(value)) return value;
  if (Array.isArray(value) && !/^\d+$/.test(key)) return value.length === 1 ? at(value[0], [key, ...rest]) : value;
  return at(value[key], rest);
}
