import { expect, it } from "vitest";
import { containerSchema } from "../../../stacks/dask/container-settings";

const page = (settings: object) => containerSchema.safeParse({ dashboards: { pages: { a: settings } } }).success;

it("asks for nothing", () => {
  expect(containerSchema.parse({})).toEqual({ cluster: {}, filesBucket: {} });
});
it("shows every cluster on a page unless told otherwise", () => {
  const { dashboards } = containerSchema.parse({ dashboards: { pages: { a: { hosts: ["dask.example.com"] } } } });
  expect(dashboards).toEqual({ pages: { a: { hosts: ["dask.example.com"], clusterPrefix: "" } }, registrar: {} });
});
it.each([
  [{ hosts: ["a.example.com"], priority: 1 }, true],
  [{ hosts: ["a.example.com"], priority: 50_000 }, true],
  [{ hosts: ["a.example.com"], priority: 0 }, false],
  [{ hosts: ["a.example.com"], priority: 50_001 }, false],
  [{ hosts: ["a.example.com"], clusterPrefix: "x".repeat(64) }, true],
  [{ hosts: ["a.example.com"], clusterPrefix: "x".repeat(65) }, false],
  [{ hosts: [] }, false],
  [{}, false],
])("a page %j: %s", (settings, good) => expect(page(settings)).toBe(good));
it.each([
  ["a".repeat(32), true],
  ["a".repeat(33), false],
  ["1a", false],
])("a page's name %s: %s", (name, good) => {
  const settings = { dashboards: { pages: { [name]: { hosts: ["a.example.com"] } } } };
  expect(containerSchema.safeParse(settings).success).toBe(good);
});
