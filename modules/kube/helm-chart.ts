import { Release } from "@cdktf/provider-helm/lib/release";
import { dependable, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../common/collections";
import { parseProps, reference } from "../common/settings/props";
import { CHARTS, type ChartKey, chartSchema } from "./charts";
import { kubeLabelSchema } from "./kube-names";

/** A tree of values as Helm takes it; `undefined` leaves no trace, `null` takes a default of the chart away. */
export type HelmValues = { readonly [key: string]: HelmValue };
export type HelmValue = string | number | boolean | null | undefined | HelmValues | readonly HelmValue[];

/** Helm values of the caller. Never a secret: values are readable in the state and in the cluster. */
export const helmValuesSchema = z.record(z.string(), z.json());

/** Inputs of every construct that is a Helm chart. */
export const partShape = {
  /** Overrides the chart's version and repository. */
  chart: chartSchema,
  /**
   * Helm values, merged over this project's: maps are merged key by key, lists are replaced, and null removes a default of
   * the chart. Never a secret.
   */
  values: helmValuesSchema.default({}),
  /** Timeout of an install or upgrade, seconds, 60 to 3600; then it is rolled back. */
  timeoutSeconds: z.int().min(60).max(3600).default(600),
  /** Resources to create first, such as the nodes it runs on. */
  dependsOn: z.array(reference<ITerraformDependable>("a resource", "fqn")).default([]),
};

const schema = z.strictObject({
  /** Name of a chart in the table, or the path of a local chart as Terraform sees it. */
  chartKey: z.union([
    z.enum(Object.keys(CHARTS) as [ChartKey, ...ChartKey[]]),
    z.strictObject({ path: z.string().min(1) }),
  ]),
  /** Name of the release, 1 to 53 characters. Source: Helm, "Chart Best Practices" and `helm install --help`. */
  name: kubeLabelSchema.max(53),
  /** Namespace that the release is installed into. */
  namespace: kubeLabelSchema,
  /** Let Helm create the namespace, without labels, quota or network policies. */
  createNamespace: z.boolean().default(false),
  /** Remove a failed install, and roll back a failed upgrade. */
  atomic: z.boolean().default(true),
  /** This project's values. */
  defaults: z.custom<HelmValues>((value) => typeof value === "object" && value !== null).default({}),
  ...partShape,
});
export type HelmChartProps = z.input<typeof schema>;

/** Helm release, whose values are one document with sorted keys. */
export class HelmChart extends Construct {
  readonly release: Release;
  readonly name: string;
  readonly namespace: string;
  /** This project's values merged with the caller's. */
  readonly values: HelmValues;
  /** What dependents must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: HelmChartProps) {
    super(scope, id);
    const { chartKey, chart, name, namespace, defaults, values, ...settings } = parseProps(this, schema, props);

    this.values = mergeValues(defaults, values);
    this.release = new Release(this, "release", {
      name,
      namespace,
      ...(typeof chartKey === "string" ? { ...CHARTS[chartKey], ...given(chart) } : { chart: chartKey.path }),
      values: [valuesDocument(this.values)],
      timeout: settings.timeoutSeconds,
      ...(settings.atomic && { atomic: true, cleanupOnFail: true }),
      ...(settings.createNamespace && { createNamespace: true }),
      maxHistory: 10,
      ...(settings.dependsOn.length > 0 && { dependsOn: settings.dependsOn }),
    });

    this.name = name;
    this.namespace = namespace;
    this.ready = [this.release];
  }

  /** Makes the release wait for further resources, such as an operator that admits its pods. */
  waitFor(resources: readonly ITerraformDependable[]): void {
    this.release.dependsOn = [...(this.release.dependsOn ?? []), ...resources.map(dependable)];
  }
}

/** Deep merge: maps key by key; anything else, lists included, is taken from `over`. */
export function mergeValues(base: HelmValues, over: HelmValues): HelmValues {
  const merged: Record<string, HelmValue> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    if (value !== undefined) merged[key] = isMap(old) && isMap(value) ? mergeValues(old, value) : value;
  }
  return merged;
}

/** The values as one line of JSON, which is YAML, with sorted keys and Terraform template syntax escaped. */
export const valuesDocument = (values: HelmValues): string => literal(JSON.stringify(sortedKeys(values)));

/** Escapes Terraform template syntax, except tokens. */
export const literal = (text: string): string => text.replace(/\$\{(?!TfToken\[)/g, "$$$${").replace(/%\{/g, "%%{");

/** The value with all maps sorted by key. */
export function sortedKeys(value: HelmValue): HelmValue {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isMap(value)) return value;
  const entries = sortedEntries(value);
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedKeys(inner)]));
}

const isMap = (value: HelmValue): value is HelmValues =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const given = <T extends object>(settings: T) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<T>;
