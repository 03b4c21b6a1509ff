import { expect, it } from "vitest";
import { clusterPins, tableProblem } from "../../../tools/pins/cluster-pins";
import { clusterStack } from "./pins.fixture";

const pinOn = (today: string, version: string, more?: Parameters<typeof clusterStack>[1]) =>
  clusterPins("dev-cluster", clusterStack(version, more), today)[0];

it("tells until when a version is in standard support, and what it costs thereafter", () => {
  expect(pinOn("2026-11-29", "1.34")).toEqual({
    stack: "dev-cluster",
    version: "1.34",
    support: "standard",
    standardUntil: "2026-12-02",
    daysLeft: 3,
    supportType: "STANDARD",
    extendedMonthly: 365,
  });
});
it.each([
  ["2026-12-01", "1.34", "standard", 1],
  ["2026-12-02", "1.34", "extended", 0],
  ["2027-12-01", "1.34", "extended", -364],
  ["2027-12-02", "1.34", "ended", -365],
  ["2026-11-29", "1.36", "unknown", undefined],
  ["2026-11-29", "1.29", "unknown", undefined],
])("on %s Kubernetes %s has the support: %s", (today, version, support, daysLeft) => {
  expect(pinOn(today, version)).toMatchObject({ support });
  expect(pinOn(today, version)?.daysLeft).toBe(daysLeft);
});
it("takes EKS's own default where a cluster names no kind of support, and no price where there is none", () => {
  const pin = pinOn("2026-11-29", "1.35", { region: "moon-1", upgrade_policy: undefined });
  expect(pin?.supportType).toBe("EXTENDED");
  expect(pin).not.toHaveProperty("extendedMonthly");
});
it("finds nothing in a stack without clusters", () => {
  expect(clusterPins("dev-box", {}, "2026-11-29")).toEqual([]);
});
it("tells when the table itself is old", () => {
  expect(tableProblem("2026-11-29")).toBeUndefined();
  expect(tableProblem("2027-03-26")).toBeUndefined();
  expect(tableProblem("2027-03-27")).toMatch(/Kubernetes 1\.35 has ended: raise SUPPORT_DAY .* to 2027-03-27/);
});
