import { manifestsOf } from "../../support/kube-manifests";
import type { Json } from "../../support/synth";

/** Values of references, which the objects are without while nothing is deployed, by what their text tells. */
const MADE_UP: readonly (readonly [RegExp, string])[] = [
  [/aws_subnet\w*subnet-(\d)/, "subnet-0123456789abcde0"],
  [/security_group/, "sg-0123456789abcdef0"],
  [/secretsmanager_secret_versions.*parseint/, "1"],
];

/**
 * The objects of a stack for Kubernetes: its own resources, those of its releases of objects, and the namespaces that Helm
 * creates. References have values of the form that is theirs.
 */
export function stackObjects(json: Json): Json[] {
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
