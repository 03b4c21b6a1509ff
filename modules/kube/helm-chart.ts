import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../common/collections";
import { parseProps, reference } from "../common/settings/props";
import { CHARTS, type ChartKey, chartSchema } from "./charts";
import { kubeLabelSchema } from "./kube-names";

/** A tree of values as Helm takes it; `undefined` leaves no trace, `null` takes a default of the chart away. */
export type HelmValues = { readonly [key: string]: HelmValue };
export type HelmValue = string | number | boolean | null | undefined | HelmValues | readonly HelmValue[];

/** Values of the caller's own. Never a secret: values stand in the state and in the cluster for everybody to read. */
export const helmValuesSchema = z.record(z.string(), z.json());

/** What every part that is a chart lets its caller say of it. */
export const partShape = {
  /** Version and repository of the chart, where they are to be others than the table's. */
  chart: chartSchema,
  /**
   * Values of yours for the chart. They win over this project's: maps are joined key by key, a list takes the place of the
   * other list, and null takes a default of the chart away. Never a secret.
   */
  values: helmValuesSchema.default({}),
  /** Seconds that the release may take until it is up, 60 to 3600; else it is taken back. */
  timeoutSeconds: z.int().min(60).max(3600).default(600),
  /** What must be there before, such as the nodes that it runs on. */
  dependsOn: z.array(reference<ITerraformDependable>("a resource", "fqn")).default([]),
};

const schema = z.strictObject({
  /** Chart, by its name in the table; or the folder of a chart of this project's own, as Terraform finds it. */
  chartKey: z.union([
    z.enum(Object.keys(CHARTS) as [ChartKey, ...ChartKey[]]),
    z.strictObject({ path: z.string().min(1) }),
  ]),
  /** Name of the release, 1 to 53 characters. Source: Helm, "Chart Best Practices" and `helm install --help`. */
  name: kubeLabelSchema.max(53),
  /** Namespace that the release is installed into. */
  namespace: kubeLabelSchema,
  /** Make the namespace with the release; it then has no label, quota or network policy of this project's. */
  createNamespace: z.boolean().default(false),
  /** Take a failed installation away, and a failed upgrade back to what was there before. */
  atomic: z.boolean().default(true),
  /** This project's values. */
  defaults: z.custom<HelmValues>((value) => typeof value === "object" && value !== null).default({}),
  ...partShape,
});
export type HelmChartProps = z.input<typeof schema>;

/** One release of a Helm chart, its values written as one document whose keys are sorted. */
export class HelmChart extends Construct {
  readonly release: Release;
  readonly name: string;
  readonly namespace: string;
  /** All values, the caller's over this project's. */
  readonly values: HelmValues;
  /** What must wait for the release. */
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
}

/** Maps joined key by key, at any depth; what is no map, a list too, is `over`'s where it has the key. */
export function mergeValues(base: HelmValues, over: HelmValues): HelmValues {
  const merged: Record<string, HelmValue> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    if (value !== undefined) merged[key] = isMap(old) && isMap(value) ? mergeValues(old, value) : value;
  }
  return merged;
}

/** The values as one line of JSON, which is YAML, keys sorted; what looks like Terraform's templates is taken by the letter. */
export const valuesDocument = (values: HelmValues): string => literal(JSON.stringify(sortedKeys(values)));

/** Text that Terraform takes by the letter, but for what is known only later. */
export const literal = (text: string): string => text.replace(/\$\{(?!TfToken\[)/g, "$$$${").replace(/%\{/g, "%%{");

/** The value with the keys of every map in order. */
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
