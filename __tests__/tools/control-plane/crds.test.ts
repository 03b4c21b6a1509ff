import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CHARTS } from "../../../modules/kube/charts";
import { CRD_MODULES } from "../../../tools/control-plane/crds";

it.each(["karpenter-crd", "kueue", "kuberay-operator"] as const)(
  "has the CRDs of %s at the version of its chart",
  (key) => {
    expect(CRD_MODULES[key].version).toBe(`v${CHARTS[key].version}`);
  },
);

it("has Karpenter's controller at the version of its chart", () => {
  const pins = readFileSync(join("tools", "control-plane", "karpenter", "go.mod"), "utf8");
  expect(pins).toContain(`github.com/aws/karpenter-provider-aws v${CHARTS.karpenter.version} `);
});
