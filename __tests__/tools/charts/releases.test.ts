import { expect, it } from "vitest";
import { CHARTS } from "../../../modules/kube/charts";
import { releasesOfCharts } from "../../../tools/charts/releases";

it("has a release of every chart, with the values that the stacks give it", () => {
  const releases = releasesOfCharts();
  expect(Object.keys(releases).sort()).toEqual(Object.keys(CHARTS).sort());
  expect(releases.kueue).toEqual({
    name: "kueue",
    namespace: "kueue-system",
    values: ['{"controllerManager":{"replicas":1}}'],
  });
  expect(releases["karpenter-crd"]?.namespace).toBe("kube-system");
});
