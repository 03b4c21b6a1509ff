import fc from "fast-check";
import { CHARTS, type ChartKey } from "../../../modules/kube/charts";
import { HelmChart, type HelmChartProps } from "../../../modules/kube/helm-chart";
import { fuzz, jsonValue, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const label = (most: number) => fc.stringMatching(new RegExp(`^[a-z0-9]([a-z0-9-]{0,${most - 2}}[a-z0-9])?$`));
const tree = fc.dictionary(fc.string(), jsonValue(), { maxKeys: 4 });
const valid: fc.Arbitrary<HelmChartProps> = fc.record(
  {
    chartKey: fc.oneof(
      fc.constantFrom(...(Object.keys(CHARTS) as ChartKey[])),
      fc.record({ path: fc.string({ minLength: 1 }) }),
    ),
    name: label(53),
    namespace: label(63),
    createNamespace: fc.boolean(),
    atomic: fc.boolean(),
    timeoutSeconds: fc.integer({ min: 60, max: 3600 }),
    chart: fc.record(
      {
        version: fc.constantFrom("1.2.3", "v1.2.3-rc.1"),
        repository: fc.constantFrom("oci://r.example.com/a", "https://r.example.com"),
      },
      { requiredKeys: [] },
    ),
    defaults: tree as fc.Arbitrary<HelmChartProps["defaults"]>,
    values: tree as fc.Arbitrary<HelmChartProps["values"]>,
  },
  { requiredKeys: ["chartKey", "name", "namespace"] },
);

const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...["", "helm", 7, null, undefined].map((chartKey) => ["chartKey", { chartKey }] as const),
  ...["", "A", "a.b", "-a", "a".repeat(54), 7, null].map((name) => ["name", { name }] as const),
  ...["", "A", "a/b", "a".repeat(64), {}].map((namespace) => ["namespace", { namespace }] as const),
  ...[59, 3601, 60.5, "600", Number.NaN].map((timeoutSeconds) => ["timeoutSeconds", { timeoutSeconds }] as const),
  ...["1", "latest", 1].map((version) => ["chart.version", { chart: { version } }] as const),
  ...["http://a", "", 1].map((repository) => ["chart.repository", { chart: { repository } }] as const),
  ...["a", 7, [], null].map((values) => ["values", { values }] as const),
  ...["a", 7, null].map((defaults) => ["defaults", { defaults }] as const),
  ["atomic", { atomic: "no" }],
  ["createNamespace", { createNamespace: 0 }],
  ["dependsOn", { dependsOn: {} }],
  ["wait", { wait: true }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<HelmChartProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/chart",
  { valid, invalid },
  inCluster((scope, props: HelmChartProps) => new HelmChart(scope, "chart", props)),
);
