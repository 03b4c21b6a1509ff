import { expect, it } from "vitest";
import { priorityOf } from "../../../../modules/aws/load-balancer/rule-priority";

const hosts = ["a.example.com"];
const paths = ["/a/*"];
const keys = Array.from({ length: 2_000 }, (_, i) => `key-${i}`);

it.each([
  ["hosts and paths", { hosts, paths }, 1_001, 17_000],
  ["hosts", { hosts, paths: [] }, 17_001, 33_000],
  ["paths", { hosts: [], paths }, 33_001, 49_000],
])("leaves a rule on %s among its own kind, the more particular kind first", (_, conditions, min, max) => {
  const found = keys.map((key) => priorityOf(key, conditions));
  expect(Math.min(...found)).toBeGreaterThanOrEqual(min);
  expect(Math.max(...found)).toBeLessThanOrEqual(max);
  expect(new Set(found).size).toBeGreaterThan(1_800); // spread over the kind's 16,000
});
it("depends on the key and the kind of conditions alone", () => {
  expect(priorityOf("prefect", { hosts, paths: [] })).toBe(
    priorityOf("prefect", { hosts: ["other.example.com", "b.example.com"], paths: [] }),
  );
  expect(priorityOf("prefect", { hosts, paths: [] })).toBe(18_904);
});
