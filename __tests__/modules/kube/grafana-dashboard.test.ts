import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { expect, it } from "vitest";
import {
  GrafanaDashboard,
  type GrafanaDashboardProps,
  type Panel,
  panelsOf,
  variablesOf,
} from "../../../modules/kube/grafana-dashboard";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";

type Props = Partial<GrafanaDashboardProps>;
const make = inCluster(
  (scope, props: Props = {}) =>
    new GrafanaDashboard(scope, "dashboard", { name: "gpus", namespace: "metrics", dashboard: { a: 1 }, ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props)).one(ConfigMapV1);

it("is found by Grafana's sidecar", () => {
  expect(build()).toEqual({
    metadata: { name: "gpus", namespace: "metrics", labels: { grafana_dashboard: "1" } },
    data: { "gpus.json": '{"a":1}' },
  });
});
it("keeps Grafana's own variables from Terraform", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own variable
  expect(build({ dashboard: { uid: "${datasource}", b: "%{x}" } }).data).toEqual({
    "gpus.json": '{"uid":"$${datasource}","b":"%%{x}"}',
  });
});
it("lays panels of a row side by side, each with a number of its own", () => {
  const panel: Panel = { title: "T", description: "D", kind: "stat", unit: "watt", queries: [{ expr: "up" }] };
  const found = panelsOf([[panel, panel, panel], [{ ...panel, kind: "timeseries", max: 1 }]]);
  expect(found.map(({ id, gridPos: { x, y, w } }) => [id, x, y, w])).toEqual([
    [1, 0, 0, 8],
    [2, 8, 0, 8],
    [3, 16, 0, 8],
    [4, 0, 8, 24],
  ]);
  expect(found[0]?.fieldConfig.defaults).toEqual({ unit: "watt", min: 0 });
  expect(found[3]?.fieldConfig.defaults).toEqual({ unit: "watt", min: 0, max: 1 });
});
it("asks for one moment, or for a course of time", () => {
  const queries = [{ expr: "up", legend: "{{job}}" }, { expr: "down" }];
  const panel = { title: "T", description: "D", unit: "none", queries };
  const [stat, course, table] = panelsOf([
    [
      { ...panel, kind: "stat" },
      { ...panel, kind: "timeseries" },
      { ...panel, kind: "table" },
    ],
  ]);
  expect(course?.targets).toMatchObject([
    { refId: "A", expr: "up", legendFormat: "{{job}}" },
    { refId: "B", expr: "down" },
  ]);
  expect(course?.targets[0]).not.toHaveProperty("instant");
  expect(stat?.targets[0]).toMatchObject({ instant: true });
  expect(stat?.targets[0]).not.toHaveProperty("format");
  expect(table?.targets[1]).toMatchObject({ instant: true, format: "table" });
});
it("lets the reader choose a source and labels", () => {
  const { list } = variablesOf("up", ["node"]);
  expect(list).toMatchObject([
    { name: "datasource", type: "datasource", query: "prometheus" },
    { name: "node", type: "query", query: "label_values(up, node)", includeAll: true, multi: true },
  ]);
});
it("takes a name of 58 characters", () => {
  expect(build({ name: "a".repeat(58) }).data).toHaveProperty([`${"a".repeat(58)}.json`]);
});

const wrong = (props: object) => props as Props;
rejects<Props>(
  "test/dashboard",
  [
    ["name", { name: "a".repeat(59) }, "at most 58", "59"],
    ["name", { name: "GPUs" }, "lower-case"],
    ["name", wrong({ name: undefined })],
    ["namespace", { namespace: "a.b" }],
    ["namespace", wrong({ namespace: 1 })],
    ["dashboard", wrong({ dashboard: "{}" })],
    ["dashboard.x", wrong({ dashboard: { x: () => 1 } })],
    ["label", wrong({ label: "x" })],
  ],
  make,
);
