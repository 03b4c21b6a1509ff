import { expect, it } from "vitest";
import { CHARTS, chartSchema } from "../../../modules/kube/charts";

const rows = Object.entries(CHARTS);

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
