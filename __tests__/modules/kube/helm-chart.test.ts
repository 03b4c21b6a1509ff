import { Release } from "@cdktf/provider-helm/lib/release";
import { TerraformVariable, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { HelmChart, type HelmChartProps, mergeValues, valuesDocument } from "../../../modules/kube/helm-chart";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";

const PROPS: HelmChartProps = { chartKey: "keda", name: "scaler", namespace: "keda" };
const make = inCluster(
  (scope, props: Partial<HelmChartProps> = {}) => new HelmChart(scope, "chart", { ...PROPS, ...props }),
);
const release = (props: Partial<HelmChartProps> = {}) => synth((stack) => make(stack, props)).one(Release);
const values = (props: Partial<HelmChartProps>) => JSON.parse(release(props).values[0]);

describe("a release", () => {
  it("has the chart of the table and is taken back when it fails", () => {
    expect(release()).toEqual({
      name: "scaler",
      namespace: "keda",
      repository: "https://kedacore.github.io/charts",
      chart: "keda",
      version: "2.20.2",
      values: ["{}"],
      timeout: 600,
      atomic: true,
      cleanup_on_fail: true,
      max_history: 10,
    });
  });
  it("takes another version and a mirror", () => {
    const chart = { version: "9.9.9", repository: "oci://mirror.example.com/charts" };
    expect(release({ chart })).toMatchObject({ ...chart, chart: "keda" });
    expect(release({ chart: { version: undefined } }).version).toBe("2.20.2");
  });
  it("takes a folder of this project as its chart", () => {
    const found = release({ chartKey: { path: "assets/x" } });
    expect(found.chart).toBe("assets/x");
    expect(found).not.toHaveProperty("repository");
    expect(found).not.toHaveProperty("version");
  });
  it("makes a namespace, waits longer, stays after a failure and comes after others when told", () => {
    const found = synth((stack) => {
      const { ready } = make(stack);
      const settings = { createNamespace: true, timeoutSeconds: 900, atomic: false };
      new HelmChart(stack, "second", { ...PROPS, ...settings, dependsOn: ready }).release.overrideLogicalId("second");
    }).byId(Release).second;
    expect(found).toMatchObject({
      create_namespace: true,
      timeout: 900,
      depends_on: [expect.stringMatching(/^helm_release\./)],
    });
    expect(found).not.toHaveProperty("atomic");
  });
  it("never has a value that Terraform would hide instead of keeping it away", () => {
    expect(JSON.stringify(release({ values: { a: 1 } }))).not.toMatch(/set_sensitive|"set"/);
  });
  it("exposes its name, namespace and values", () => {
    let chart: HelmChart | undefined;
    synth((stack) => {
      chart = make(stack, { defaults: { a: 1 }, values: { b: 2 } });
    });
    expect(chart).toMatchObject({ name: "scaler", namespace: "keda", values: { a: 1, b: 2 } });
    expect(chart?.ready).toEqual([chart?.release]);
  });
});

describe("values", () => {
  it("are one document, keys sorted at every depth, lists in their order", () => {
    const document = release({ defaults: { b: { d: 1, c: [{ y: 1, x: 2 }, 0] }, a: "z", none: undefined } }).values;
    expect(document).toEqual(['{"a":"z","b":{"c":[{"x":2,"y":1},0],"d":1}}']);
  });
  it("are the same whatever the order of their keys", () => {
    const build = (defaults: HelmChartProps["defaults"]) => synth((stack) => make(stack, { defaults })).json;
    expect(build({ a: 1, b: { c: 1, d: 2 } })).toBe(build({ b: { d: 2, c: 1 }, a: 1 }));
  });
  it("of the caller win: maps joined, lists and plain values replaced, null kept for Helm", () => {
    const defaults = { map: { kept: 1, changed: 1, gone: 1 }, list: [1, 2], word: "a", tree: { a: { b: 1 } } };
    const own = { map: { changed: 2, gone: null, more: 3 }, list: [3], word: { now: "map" }, tree: { a: { c: 2 } } };
    expect(values({ defaults, values: own })).toEqual({
      map: { kept: 1, changed: 2, gone: null, more: 3 },
      list: [3],
      word: { now: "map" },
      tree: { a: { b: 1, c: 2 } },
    });
    expect(defaults.map).toEqual({ kept: 1, changed: 1, gone: 1 });
  });
  it("of the caller that are undefined win nothing", () => {
    expect(mergeValues({ a: 1, b: { c: 1 } }, { a: undefined, b: { c: undefined } })).toEqual({ a: 1, b: { c: 1 } });
  });
  it("hold what is known only later, also numbers", () => {
    const [document] = synth((stack) => {
      const port = new TerraformVariable(stack, "port", { type: "number" }).numberValue;
      const host = new TerraformVariable(stack, "host", { type: "string" }).stringValue;
      make(stack, { defaults: { port, host } });
    }).one(Release).values;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own templates
    expect(document).toBe('{"host":"${var.host}","port":${var.port}}');
  });
  it("are no templates of Terraform's, whatever they look like", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what dashboards and shells write
    expect(valuesDocument({ a: "${DS} %{if} $x {{ .y }}" })).toBe('{"a":"$${DS} %%{if} $x {{ .y }}"}');
    expect(valuesDocument({ a: Token.asString({ resolve: () => "late" }) })).toMatch(/^\{"a":"\$\{TfToken\[/);
  });
});

it.each<Partial<HelmChartProps>>([
  { name: "a".repeat(53) },
  { namespace: "a".repeat(63) },
  { timeoutSeconds: 60 },
  { timeoutSeconds: 3600 },
])("takes %j", (props) => {
  expect(release(props)).toBeDefined();
});

const wrong = (props: object) => props as Partial<HelmChartProps>;
rejects<Partial<HelmChartProps>>(
  "test/chart",
  [
    ["chartKey", wrong({ chartKey: "kedaa" })],
    ["chartKey", wrong({ chartKey: undefined })],
    ["chartKey.path", { chartKey: { path: "" } }, "at least 1"],
    ["name", { name: "a".repeat(54) }, "at most 53", "54"],
    ["name", { name: "Scaler" }, "lower-case"],
    ["name", { name: "" }],
    ["namespace", { namespace: "a".repeat(64) }, "at most 63"],
    ["namespace", { namespace: "a_b" }],
    ["timeoutSeconds", { timeoutSeconds: 59 }, "at least 60", "59"],
    ["timeoutSeconds", { timeoutSeconds: 3601 }, "at most 3600", "3601"],
    ["timeoutSeconds", { timeoutSeconds: 90.5 }],
    ["atomic", wrong({ atomic: "yes" })],
    ["createNamespace", wrong({ createNamespace: 1 })],
    ["chart.version", { chart: { version: "latest" } }, "must be a version", "latest"],
    ["chart.repository", { chart: { repository: "charts" } }, "https:// or oci://", "charts"],
    ["chart.name", wrong({ chart: { name: "x" } })],
    ["values", wrong({ values: "a: b" })],
    ["values", wrong({ values: [] })],
    ["values.a", wrong({ values: { a: () => 1 } })],
    ["dependsOn[0]", wrong({ dependsOn: ["x"] }), "a resource"],
    ["set", wrong({ set: [] })],
    ["timeout", wrong({ timeout: 600 }), "timeoutSeconds"],
  ],
  make,
);
