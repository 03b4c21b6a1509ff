import fc from "fast-check";
import { GrafanaDashboard, type GrafanaDashboardProps } from "../../../modules/kube/grafana-dashboard";
import { fuzz, jsonValue, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const valid: fc.Arbitrary<GrafanaDashboardProps> = fc.record({
  name: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,56}[a-z0-9])?$/),
  namespace: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  dashboard: fc.dictionary(fc.string(), jsonValue() as fc.Arbitrary<string>, { maxKeys: 5 }),
});
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...["", "A", "a b", "a".repeat(59), 7, null].map((name) => ["name", { name }] as const),
  ...["", "A", "a.b", "a".repeat(64), 7, null].map((namespace) => ["namespace", { namespace }] as const),
  ...["{}", [], null, 1].map((dashboard) => ["dashboard", { dashboard }] as const),
  ["folder", { folder: "x" }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<GrafanaDashboardProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/dashboard",
  { valid, invalid },
  inCluster((scope, props: GrafanaDashboardProps) => new GrafanaDashboard(scope, "dashboard", props)),
);
