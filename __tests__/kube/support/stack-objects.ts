import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { stacksIn } from "@cdktf-ml-infra/rehearsal/stacks";
import { inject } from "vitest";
import { buildApp, synthesize } from "../../../stacks/app";
import type { Environment } from "../../../stacks/environment";
import { manifestsOf } from "../../support/kube-manifests";
import type { Json } from "../../support/synth";

/** Values of references, which the objects are without while nothing is deployed, by what their text tells. */
const MADE_UP: readonly (readonly [RegExp, string])[] = [
  [/aws_subnet\w*subnet-\d/, "subnet-0123456789abcde0"],
  [/security_group/, "sg-0123456789abcdef0"],
];

/** Objects of the Kubernetes stacks of environments, by the environment's name. */
export function objectsOf(...environments: Environment[]): Record<string, Json[]> {
  const outdir = mkdtempSync(join(inject("scratch"), "out-"));
  synthesize(buildApp(environments, { outdir }));
  const stacks = stacksIn(outdir).filter(({ id }) => id.endsWith(KUBE));
  return Object.fromEntries(stacks.map(({ id, json }) => [id.slice(0, -KUBE.length), stackObjects(json)]));
}
const KUBE = "-exadeploy-kube";

/**
 * The objects of a stack for Kubernetes: its own resources, those of its releases of objects, and the namespaces that Helm
 * creates. References have values of the form that is theirs.
 */
function stackObjects(json: Json): Json[] {
  const releases = Object.values<Json>(json.resource?.helm_release ?? {});
  const namespaces = releases.flatMap((release) => (release.create_namespace ? [namespaceOf(release.namespace)] : []));
  const own = manifestsOf(json).map((object) => resolved(object));
  const custom = releases.flatMap((release) => customObjects(release));
  return unique([...namespaces, ...own.sort(byKind), ...custom]);
}

/** Objects of a release of this project's chart `objects`, in the namespace of the release. */
function customObjects({ values: [document], namespace }: Json): Json[] {
  const { objects = [] } = JSON.parse(document ?? "{}");
  return objects.map((object: Json) => resolved({ ...object, metadata: { namespace, ...object.metadata } }));
}

const namespaceOf = (name: string): Json => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

const byKind = (a: Json, b: Json) => Number(b.kind === "Namespace") - Number(a.kind === "Namespace");

/** The last of each kind, name and namespace: a stack may create a namespace that Helm would. */
function unique(objects: Json[]): Json[] {
  const byName = new Map(
    objects.map((one) => [`${one.kind} ${one.metadata.namespace ?? ""} ${one.metadata.name}`, one]),
  );
  return [...byName.values()];
}

function resolved(value: Json): Json {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries<Json>(value).map(([key, inner]) => [key, resolved(inner)]));
  }
  if (typeof value !== "string") return value;
  const text = value.replace(/(?<!\$)\$\{.*\}/gs, (reference) => {
    const [, madeUp = "made-up"] = MADE_UP.find(([pattern]) => pattern.test(reference)) ?? [];
    return madeUp;
  });
  return text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");
}
