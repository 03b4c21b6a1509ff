import { expect, it } from "vitest";
import { CHARTS } from "../../../modules/kube/charts";
import { CRD_MODULES } from "../../../tools/control-plane/crds";

it.each(["karpenter-crd", "kueue", "kuberay-operator"] as const)(
  "has the CRDs of %s at the version of its chart",
  (key) => {
    expect(CRD_MODULES[key].version).toBe(`v${CHARTS[key].version}`);
  },
);
