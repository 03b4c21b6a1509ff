/** Names of a chart's values: the type of each, or the values below it. */
export type ValueTree = { readonly [key: string]: string | ValueTree };

/** Expressions and labels by which Kubernetes selects namespaces or objects. */
export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: string[];
  }[];
}

/** One admission webhook. */
export interface Webhook {
  readonly name: string;
  readonly kind: "mutating" | "validating";
  /** Fail refuses what it matches while nothing answers. */
  readonly failurePolicy: string;
  readonly timeoutSeconds: number;
  /** TCP port of the pods that answer; absent if the release has none, such as for a port that it does not name. */
  readonly port?: number;
  readonly namespaces?: Selector;
  readonly objects?: Selector;
  /** What it matches: `<group>/<resource>`, with the empty group of Kubernetes' core. */
  readonly resources: readonly string[];
  readonly operations: readonly string[];
}

/** Objects of one kind in one namespace, or of the cluster. */
export interface Made {
  /** `<group>/<resource>`. */
  readonly resource: string;
  readonly namespace?: string;
  /** Keys of the labels that any of them or their pods have. */
  readonly labels: readonly string[];
}

/** Scheduling of one DaemonSet. */
export interface DaemonSet {
  readonly name: string;
  readonly tolerations: readonly object[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: object;
}

/** What a chart makes of this project's values. */
export interface Rendered {
  /** Namespace of the release. */
  readonly namespace: string;
  /** `<namespace>/<name>`. */
  readonly serviceAccounts: readonly string[];
  readonly webhooks: readonly Webhook[];
  /** API services that pods of the release answer, with the TCP port of these. */
  readonly apiServices: readonly { readonly name: string; readonly port?: number }[];
  readonly crds: readonly { readonly name: string; readonly kind: string; readonly versions: readonly string[] }[];
  readonly daemonSets: readonly DaemonSet[];
  readonly made: readonly Made[];
}

/** Facts of one chart. */
export interface ChartFacts {
  /** The pin. */
  readonly version: string;
  /** Version that was read, if it could not be the pin: its facts may be out of date. */
  readonly seen?: string;
  readonly appVersion?: string;
  /** Kubernetes versions that it installs on; any when absent. */
  readonly kubeVersion?: string;
  readonly values: ValueTree;
  readonly rendered: Rendered;
}

// biome-ignore lint/suspicious/noExplicitAny: objects of Kubernetes are read by the keys that a fact names
export type KubeObject = any;

/** Names and types of values; an empty map or list is of the type `map` or `list`, whose content the chart leaves open. */
export function valueTree(values: Readonly<Record<string, unknown>>): ValueTree {
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isFilledMap(value) ? valueTree(value) : typeOf(value)]),
  );
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value === "object" ? "map" : typeof value;
}

const isFilledMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** Facts of the objects that a release in `namespace` has. */
export function factsOf(objects: readonly KubeObject[], namespace: string): Rendered {
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  const placed = (object: KubeObject): string => object.metadata.namespace ?? namespace;
  const portOf = (service: { name: string; port?: number } | undefined) =>
    service && podPort(objects, service.name, service.port ?? 443);
  const webhooks = (["mutating", "validating"] as const).flatMap((kind) =>
    of(kind === "mutating" ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration").flatMap(
      (configuration) =>
        (configuration.webhooks ?? []).map((hook: KubeObject) =>
          webhook(kind, hook, portOf(hook.clientConfig?.service)),
        ),
    ),
  );
  const accounts = of("ServiceAccount").map((account) => `${placed(account)}/${account.metadata.name}`);
  return {
    namespace,
    serviceAccounts: [...new Set(accounts)].sort(),
    webhooks: webhooks.sort(byText(({ kind, name }) => `${kind} ${name} `)),
    apiServices: of("APIService")
      .filter(({ spec }) => spec.service)
      .map(({ metadata, spec }) => ({ name: metadata.name, ...numbered(portOf(spec.service)) }))
      .sort(byText(({ name }) => name)),
    crds: of("CustomResourceDefinition")
      .map(({ metadata, spec }) => ({
        name: metadata.name,
        kind: spec.names.kind,
        versions: spec.versions.map(({ name }: KubeObject) => name),
      }))
      .sort(byText(({ name }) => name)),
    daemonSets: of("DaemonSet")
      .map(({ metadata, spec }) => daemonSet(metadata.name, spec.template.spec))
      .sort(byText(({ name }) => name)),
    made: madeBy(objects, placed),
  };
}

const byText =
  <T>(text: (item: T) => string) =>
  (a: T, b: T) =>
    text(a) < text(b) ? -1 : 1;

const numbered = (port: number | undefined) => (port === undefined ? {} : { port });

function webhook(kind: Webhook["kind"], hook: KubeObject, port: number | undefined): Webhook {
  const { rules = [], namespaceSelector, objectSelector } = hook;
  const distinct = (items: string[]) => [...new Set(items)].sort();
  return {
    name: hook.name,
    kind,
    failurePolicy: hook.failurePolicy ?? "Fail", // Kubernetes API, admissionregistration.k8s.io/v1
    timeoutSeconds: hook.timeoutSeconds ?? 10, // the same
    ...numbered(port),
    ...(isFilledMap(namespaceSelector) && { namespaces: namespaceSelector as Selector }),
    ...(isFilledMap(objectSelector) && { objects: objectSelector as Selector }),
    resources: distinct(
      rules.flatMap(({ apiGroups, resources }: KubeObject) =>
        apiGroups.flatMap((group: string) => resources.map((resource: string) => `${group}/${resource}`)),
      ),
    ),
    operations: distinct(rules.flatMap(({ operations }: KubeObject) => operations)),
  };
}

/** Port of the pods behind a port of a Service, by number or by the name that a container gives it. */
function podPort(objects: readonly KubeObject[], service: string, port: number): number | undefined {
  const found = objects.find(({ kind, metadata }) => kind === "Service" && metadata.name === service);
  const entry = found?.spec.ports.find((each: KubeObject) => each.port === port);
  const target = entry?.targetPort ?? entry?.port;
  if (typeof target !== "string") return target;
  const selected = objects.filter(({ spec }) => {
    const labels = spec?.template?.metadata?.labels;
    return labels && Object.entries(found.spec.selector ?? {}).every(([key, value]) => labels[key] === value);
  });
  const ports = selected.flatMap(({ spec }) => spec.template.spec.containers.flatMap((each: KubeObject) => each.ports));
  return ports.find((each: KubeObject) => each?.name === target)?.containerPort;
}

function daemonSet(name: string, { tolerations = [], nodeSelector, affinity }: KubeObject): DaemonSet {
  return {
    name,
    tolerations,
    ...(isFilledMap(nodeSelector) && { nodeSelector: nodeSelector as Record<string, string> }),
    ...(isFilledMap(affinity) && { affinity }),
  };
}

/** Kinds of no namespace that charts make; an object of any other kind without one is in that of its release. */
const CLUSTER_KINDS = new Set([
  ...["Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "PriorityClass", "RuntimeClass"],
  ...["StorageClass", "IngressClass", "GatewayClass", "APIService", "FlowSchema", "PriorityLevelConfiguration"],
  ...["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ClusterPolicy", "NodeFeatureRule"],
  ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicy"],
  ...["MutatingAdmissionPolicyBinding", "IngressClassParams"],
]);

function madeBy(objects: readonly KubeObject[], placed: (object: KubeObject) => string): Made[] {
  const found = new Map<string, { resource: string; namespace?: string; keys: Set<string> }>();
  const add = (resource: string, namespace: string | undefined, labels: object = {}) => {
    const id = `${resource} ${namespace ?? ""}`;
    const entry = found.get(id) ?? { resource, ...(namespace !== undefined && { namespace }), keys: new Set() };
    for (const key of Object.keys(labels)) entry.keys.add(key);
    found.set(id, entry);
  };
  for (const object of objects) {
    const namespace = CLUSTER_KINDS.has(object.kind) ? undefined : placed(object);
    add(resourceOf(object), namespace, object.metadata.labels);
    const template = object.spec?.template ?? object.spec?.jobTemplate?.spec.template;
    if (template?.spec?.containers) add("/pods", namespace, template.metadata?.labels);
  }
  return [...found.entries()]
    .sort(byText(([id]) => id))
    .map(([, { keys, ...entry }]) => ({ ...entry, labels: [...keys].sort() }));
}

/** `<group>/<resource>` of an object; the plural is that of Kubernetes' own kinds. */
export function resourceOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  const name = kind.toLowerCase();
  const plural = name.replace(/(s|x|ch)$/, "$1e").replace(/([^aeiou])y$/, "$1ie");
  return `${apiVersion.includes("/") ? apiVersion.split("/")[0] : ""}/${plural}s`;
}
