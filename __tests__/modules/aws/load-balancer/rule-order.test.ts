import { expect, it } from "vitest";
import { takenBy } from "../../../../modules/aws/load-balancer/rule-order";

const OWN = "data.example.com";
const rule = (hosts: string[], paths: string[] = []) => ({ hosts, paths });

it.each([
  ["the same host", rule(["a.example.com"]), rule(["a.example.com"]), "a.example.com"],
  [
    "one of several hosts",
    rule(["a.example.com", "b.example.com"]),
    rule(["c.example.com", "b.example.com"]),
    "b.example.com",
  ],
  ["a host by a wildcard", rule(["*.example.com"]), rule(["a.example.com"]), "a.example.com"],
  ["a wildcard by a wider one", rule(["*.com"]), rule(["*.example.com"]), "*.example.com"],
  ["one character by another wildcard", rule(["?.example.com"]), rule(["a.example.com"]), "a.example.com"],
  ["a host with any path by a host", rule(["a.example.com"]), rule(["a.example.com"], ["/x"]), "a.example.com/x"],
  ["the same path", rule([], ["/x/*"]), rule([], ["/x/*"]), "/x/*"],
  ["a path by a wider one", rule([], ["/x*"]), rule([], ["/x", "/y"]), "/x"],
  ["a path of the own host by that host", rule([OWN]), rule([], ["/x"]), "/x"],
  ["all by a path that takes all", rule([], ["/*"]), rule(["a.example.com"]), "a.example.com"],
])("finds %s", (_, first, later, taken) => {
  expect(takenBy(first, later, OWN)).toBe(taken);
});
it.each([
  ["another host", rule(["a.example.com"]), rule(["b.example.com"])],
  ["a dot that is no wildcard", rule(["a.example.com"]), rule(["axexample.com"])],
  ["a wildcard by a host", rule(["a.example.com"]), rule(["*.example.com"])],
  ["any text by one character", rule(["?.example.com"]), rule(["*.example.com"])],
  ["the own host by those below it", rule([`*.${OWN}`]), rule([], ["/x"])],
  ["a host by one of its paths", rule(["a.example.com"], ["/x"]), rule(["a.example.com"])],
  ["another path of one host", rule(["a.example.com"], ["/x"]), rule(["a.example.com"], ["/y"])],
  ["a path with signs of patterns", rule([], ["/a+b"]), rule([], ["/aab"])],
])("leaves %s alone", (_, first, later) => {
  expect(takenBy(first, later, OWN)).toBeUndefined();
});
it("knows of no host that leads to rules without one where the load balancer has no domain", () => {
  expect(takenBy(rule([OWN]), rule([], ["/x"]), undefined)).toBeUndefined();
  expect(takenBy(rule([], ["/*"]), rule([], ["/x"]), undefined)).toBe("/x");
});
