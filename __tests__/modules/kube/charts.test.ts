import { describe, expect, it } from "vitest";
import { DEFAULT_VERSION } from "../../../modules/aws/eks/eks-versions";
import { CHARTS, type Chart, chartSchema } from "../../../modules/kube/charts";
import { KUBERNETES_VERSIONS } from "../../../tools/control-plane/kubernetes";
import { CHART_FACTS } from "./chart-facts.fixture";

const rows = Object.entries<Chart>(CHARTS);
const facts = Object.entries(CHART_FACTS);

it("is recorded at its pins, apart from what could not be had; `npm run record-charts` reads them anew", () => {
  expect(Object.fromEntries(facts.map(([key, { version }]) => [key, version]))).toEqual(
    Object.fromEntries(rows.map(([key, { version }]) => [key, version])),
  );
  expect(facts.filter(([, { seen }]) => seen).map(([key, { seen }]) => [key, seen])).toEqual([["neuron", "1.0.0"]]);
});
it("names the ports of every webhook and API service", () => {
  const answered = facts.map(([key, { rendered }]) => {
    const ports = [...rendered.webhooks, ...rendered.apiServices].map(({ port }) => port);
    return [key, [...new Set(ports)].sort((a = 0, b = 0) => a - b)];
  });
  expect(Object.fromEntries(answered)).toEqual(
    Object.fromEntries(rows.map(([key, { calledPorts = [] }]) => [key, calledPorts])),
  );
});
it("knows which charts admit the workloads of all others", () => {
  const admitting = facts.filter(
    ([
      ,
      {
        rendered: { webhooks },
      },
    ]) =>
      webhooks.some(
        ({ failurePolicy, objects, resources, namespaces }) =>
          failurePolicy === "Fail" &&
          objects === undefined &&
          resources.some((resource) => /^(|apps|batch)\//.test(resource)) &&
          JSON.stringify(namespaces ?? {}).includes("NotIn"),
      ),
  );
  const known = rows.filter(([, { admitsWorkloads }]) => admitsWorkloads);
  expect(admitting.map(([key]) => key)).toEqual(known.map(([key]) => key));
});
it("leaves no node out by the effect of its taints where it means to be on all", () => {
  const everywhere = facts.flatMap(([key, { rendered }]) =>
    rendered.daemonSets.flatMap(({ name, tolerations }) => {
      const all = tolerations.filter((one) => !("key" in one)) as { effect?: string }[];
      const effects = all.map(({ effect }) => effect);
      const whole = effects.includes(undefined) || ["NoExecute", "NoSchedule"].every((one) => effects.includes(one));
      return effects.length === 0 || whole ? [] : [`${key}: ${name}`];
    }),
  );
  expect(everywhere).toEqual([]);
});
describe("Kubernetes", () => {
  /** Minor version from which a constraint lets a chart in; not a number of a constraint of another form. */
  const oldestOf = (constraint: string) => Number(/^>= ?v?1\.(\d+)(\.\d+)?(-0)?$/.exec(constraint)?.[1]);

  it.each(KUBERNETES_VERSIONS)("%s, on which the stacks are tried, is one that every chart supports", (version) => {
    const refused = facts.flatMap(([key, { kubeVersion }]) =>
      kubeVersion === undefined || oldestOf(kubeVersion) <= Number(version.slice(2)) ? [] : [`${key}: ${kubeVersion}`],
    );
    expect(refused).toEqual([]);
  });
  it("1.35, the default, is one of them", () => {
    expect(KUBERNETES_VERSIONS).toContain("1.35");
    expect(DEFAULT_VERSION).toBe("1.35");
  });
});

it.each(rows)("pins %s to one version in one place", (_, { repository, chart, version }) => {
  expect(repository).toMatch(/^(https|oci):\/\/[^/]+\/?\S*[^/]$/);
  expect(chart).toMatch(/^[a-z0-9-]+$/);
  expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
});
it("lists no chart twice", () => {
  expect(new Set(rows.map(([, { repository, chart }]) => `${repository}/${chart}`)).size).toBe(rows.length);
});
it("has defaults that its own schema takes", () => {
  for (const [, { repository, version }] of rows) {
    expect(chartSchema.parse({ repository, version })).toEqual({ repository, version });
  }
  expect(chartSchema.parse(undefined)).toEqual({});
});
it.each(["1.2.3", "v26.3.3", "1.2.3-rc.1", "1.2.3+build.5"])("takes version %s", (version) => {
  expect(chartSchema.parse({ version })).toEqual({ version });
});
it.each(["1.2", "latest", "^1.2.3", "~> 1.2", "", "1.2.3-", "v1.2.3 "])("refuses version %j", (version) => {
  expect(chartSchema.safeParse({ version }).success).toBe(false);
});
it.each(["https://charts.example.com", "oci://r.example.com:5000/a/b"])("takes repository %s", (repository) => {
  expect(chartSchema.parse({ repository })).toEqual({ repository });
});
it.each(["http://charts.example.com", "charts.example.com", "oci://", "file:///a", "https:// x"])(
  "refuses repository %j",
  (repository) => {
    expect(chartSchema.safeParse({ repository }).success).toBe(false);
  },
);
