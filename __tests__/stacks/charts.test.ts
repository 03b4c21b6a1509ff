import { describe, expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { CHARTS, type ChartKey } from "../../modules/kube/charts";
import type { Environment } from "../../stacks/environment";
import type { Rendered, ValueTree, Webhook } from "../../tools/charts/facts";
import { RECORDED } from "../../tools/charts/releases";
import { CHART_FACTS, mayMatch } from "../modules/kube/chart-facts.fixture";
import { type Json, synthApp } from "../support/synth";
import { kubeConfigurations } from "./exadeploy/kube-configurations.fixture";

const KEYS = new Map(Object.entries(CHARTS).map(([key, { chart }]) => [chart as string, key as ChartKey]));
/** Namespaces of every cluster. */
const GIVEN = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** A release of a chart, with the record of it as it is in the release's namespace. */
interface Found extends Rendered {
  readonly address: string;
  readonly key: ChartKey;
  readonly body: Json;
}

function foundIn(resources: Json): Found[] {
  return Object.entries<Json>(resources.helm_release).flatMap(([id, body]) => {
    const key = KEYS.get(body.chart);
    if (!key) return []; // our own chart of custom objects
    const { rendered } = CHART_FACTS[key];
    const moved = JSON.stringify(rendered).replaceAll(`"${rendered.namespace}"`, JSON.stringify(body.namespace));
    return [{ ...JSON.parse(moved), address: `helm_release.${id}`, key, body }];
  });
}

const recorded = Object.fromEntries(RECORDED.map((environment) => [environment.name, environment]));
const environments: Record<string, Environment> = { dev, prod, ...kubeConfigurations, ...recorded };
const stacks = Object.entries(environments).flatMap(([name, environment]) => {
  const { ids, stack } = synthApp(environment);
  const all = ids.map((id) => stack(id).parsed.resource ?? {}).filter(({ helm_release }) => helm_release);
  return all.map((resources) => ({ name, resources, releases: foundIn(resources) }));
});

describe.each(stacks)("$name", ({ resources, releases }) => {
  it("gives each chart values that it knows, of the types that it takes", () => {
    const faults = releases.flatMap(({ key, body }) =>
      (body.values ?? []).flatMap((text: string) =>
        valueFaults(JSON.parse(text), CHART_FACTS[key].values, OPEN[key] ?? []).map((fault) => `${key}: ${fault}`),
      ),
    );
    expect(faults).toEqual([]);
  });
  it("puts objects only into namespaces that are there", () => {
    const made = Object.values<Json>(resources.kubernetes_namespace_v1 ?? {}).map(({ metadata }) => metadata.name);
    const faults = releases.flatMap(({ key, body, made: objects }) => {
      const there = [...GIVEN, ...made, ...(body.create_namespace ? [body.namespace] : [])];
      return objects.flatMap(({ resource, namespace }) =>
        namespace === undefined || there.includes(namespace) ? [] : [`${key}: ${resource} in ${namespace}`],
      );
    });
    expect(faults).toEqual([]);
  });
  it("gives AWS permissions to service accounts that a chart makes", () => {
    const accounts = releases.flatMap(({ serviceAccounts }) => serviceAccounts);
    const associations = Object.values<Json>(resources.aws_eks_pod_identity_association ?? {});
    const named = associations.map(({ namespace, service_account }) => `${namespace}/${service_account}`);
    expect(named.filter((account) => !accounts.includes(account))).toEqual([]);
  });
  it("installs no release beside one whose webhooks would refuse its objects", () => {
    const waits = orderOf(resources);
    const faults = releases.flatMap((one) =>
      releases.flatMap((other) => {
        if (one === other || waits(one.address, other.address) || waits(other.address, one.address)) return [];
        const refused = one.webhooks.filter((hook) => refuses(hook, other, resources));
        return refused.length === 0 ? [] : [`${other.key} beside ${one.key}: ${refused.map(({ name }) => name)}`];
      }),
    );
    expect(faults).toEqual([]);
  });
  it("makes workloads by releases alone, so that their order is all there is", () => {
    const types = Object.keys(resources).filter((type) => type.startsWith("kubernetes_"));
    expect(types.filter((type) => /pod|deployment|set|job|ingress|service_v1/.test(type))).toEqual([]);
  });
});

it("records what every chart makes of our values", () => {
  const shown = new Set(stacks.filter(({ name }) => name in recorded).flatMap(({ releases }) => releases));
  expect([...new Set([...shown].map(({ key }) => key))].sort()).toEqual(Object.keys(CHARTS).sort());
});

/** Every admission webhook that refuses while nothing answers, and why no release of ours is refused by it. */
it("has a reason for every webhook that fails closed", async () => {
  const { releases, resources } = stacks.find(({ name }) => name === "plugins") as (typeof stacks)[number];
  const rows = releases.flatMap((one) =>
    one.webhooks
      .filter(({ failurePolicy }) => failurePolicy === "Fail")
      .map((hook) => {
        const others = releases.filter((other) => other !== one && refuses(hook, other, resources));
        const reason =
          others.length > 0 ? `after it: ${others.map(({ key }) => key).join(", ")}` : "no object of others";
        return [one.key, `${hook.kind} ${hook.name}`, hook.resources.join(" "), reason].join(" | ");
      }),
  );
  await expect(`${rows.sort().join("\n")}\n`).toMatchFileSnapshot("rendered/webhooks.txt");
});

/** Values that a chart takes though its own do not list them. */
const OPEN: Partial<Record<ChartKey, readonly string[]>> = {
  "cluster-autoscaler": ["extraArgs"], // any flag of the program
  exadeploy: ["moduleRepository.resources", "scheduler.resources"], // templates/*-deployment.yaml
  karpenter: ["affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution"], // a pod's affinity as Kubernetes has it
  neuron: ["devicePlugin.affinity"], // README of a later chart than that which could be read
};

function valueFaults(values: Json, tree: ValueTree, open: readonly string[], path = ""): string[] {
  return Object.entries<Json>(values).flatMap(([key, value]) => {
    const known = tree[key];
    const at = `${path}${key}`;
    if (open.includes(at)) return [];
    if (known === undefined) return [`${at} is not known`];
    if (known === "null" || value === null) return [];
    const type = Array.isArray(value) ? "list" : typeof value === "object" ? "map" : typeof value;
    if (typeof known === "object") {
      return type === "map" ? valueFaults(value, known, open, `${at}.`) : [`${at} must be a map, is a ${type}`];
    }
    return type === known ? [] : [`${at} must be a ${known}, is a ${type}`];
  });
}

/** Whether a webhook refuses an object that another release makes, while nothing answers it. */
function refuses({ failurePolicy, ...hook }: Webhook, { made }: Found, resources: Json): boolean {
  if (failurePolicy !== "Fail") return false;
  return made.some(
    ({ resource, namespace, labels }) =>
      hook.resources.includes(resource) &&
      mayMatch(hook.objects, (key) => (labels.includes(key) ? [] : undefined)) &&
      mayMatch(hook.namespaces, (key) => labelOfNamespace(resources, namespace, key)),
  );
}

/** Values of a label of a namespace. */
function labelOfNamespace(resources: Json, namespace: string | undefined, key: string): string[] | undefined {
  if (key === "kubernetes.io/metadata.name") return namespace === undefined ? undefined : [namespace];
  const all = Object.values<Json>(resources.kubernetes_namespace_v1 ?? {}).map(({ metadata }) => metadata);
  const value = all.find(({ name }) => name === namespace)?.labels?.[key];
  return value === undefined ? undefined : [value];
}

/** Whether the first resource waits for the second, be it by way of others. */
function orderOf(resources: Json): (later: string, earlier: string) => boolean {
  const awaited = new Map<string, string[]>(
    Object.entries<Json>(resources).flatMap(([type, all]) =>
      Object.entries<Json>(all).map(([id, body]) => [`${type}.${id}`, body.depends_on ?? []] as const),
    ),
  );
  const waits = (later: string, earlier: string, seen = new Set<string>()): boolean =>
    (awaited.get(later) ?? []).some((next) => {
      if (next === earlier) return true;
      if (seen.has(next)) return false;
      return waits(next, earlier, seen.add(next));
    });
  return (later, earlier) => waits(later, earlier);
}
