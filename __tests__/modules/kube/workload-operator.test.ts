import { Release } from "@cdktf/provider-helm/lib/release";
import { describe, expect, it } from "vitest";
import { WorkloadOperator, type WorkloadOperatorProps } from "../../../modules/kube/workload-operator";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";
import { matchesGolden, valuesOf } from "./golden.fixture";

type Props = Partial<WorkloadOperatorProps>;
const ALL = ["metrics-server", "keda", "kuberay-operator", "leader-worker-set", "kueue", "volcano"] as const;
const make = inCluster(
  (scope, props: Props = {}) => new WorkloadOperator(scope, "operator", { operator: "kueue", ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props));
const release = (props: Props = {}) => build(props).one(Release);

describe("the release", () => {
  it.each([
    ["metrics-server", "kube-system", "https://kubernetes-sigs.github.io/metrics-server", "metrics-server"],
    ["keda", "keda", "https://kedacore.github.io/charts", "keda"],
    ["kuberay-operator", "kuberay-system", "https://ray-project.github.io/kuberay-helm", "kuberay-operator"],
    ["leader-worker-set", "lws-system", "oci://registry.k8s.io/lws/charts", "lws"],
    ["kueue", "kueue-system", "oci://registry.k8s.io/kueue/charts", "kueue"],
    ["volcano", "volcano-system", "https://volcano-sh.github.io/helm-charts", "volcano"],
  ] as const)("of %s stands in %s", (operator, namespace, repository, chart) => {
    expect(release({ operator })).toMatchObject({ name: operator, namespace, repository, chart });
  });
  it("makes its namespace, unless told not to or Kubernetes has it", () => {
    expect(release().create_namespace).toBe(true);
    expect(release({ createNamespace: false })).not.toHaveProperty("create_namespace");
    expect(release({ operator: "metrics-server" })).not.toHaveProperty("create_namespace");
    expect(release({ operator: "metrics-server", namespace: "metrics" }).create_namespace).toBe(true);
    expect(release({ namespace: "queues" })).toMatchObject({ namespace: "queues", create_namespace: true });
  });
  it("may stand beside the others", () => {
    const { all } = synth(
      inCluster((scope) => ALL.map((operator) => new WorkloadOperator(scope, operator, { operator }))),
    );
    expect(new Set(all(Release).map(({ name, namespace }) => `${name} ${namespace}`)).size).toBe(ALL.length);
  });
});

describe("the values", () => {
  it("are as rendered", async () => {
    const values = Object.fromEntries(
      ALL.map((operator) => [operator, valuesOf(build({ operator, replicas: operator === "volcano" ? 1 : 2 }))]),
    );
    await matchesGolden(values, "workload-operators");
  });
  it("have one pod of each part by default", () => {
    expect(valuesOf(build())).toEqual({ controllerManager: { replicas: 1 } });
    expect(valuesOf(build({ operator: "volcano" }))).toEqual({});
  });
  it("yield to the caller's", () => {
    expect(valuesOf(build({ values: { controllerManager: { x: 1, replicas: 3 } } })).controllerManager).toEqual({
      replicas: 3,
      x: 1,
    });
  });
});

it.each<Props>([{ replicas: 3 }, { operator: "volcano", replicas: 1 }, { namespace: "a".repeat(63) }])(
  "takes %j",
  (props) => {
    expect(release(props)).toBeDefined();
  },
);
const wrong = (props: object) => props as Props;
rejects<Props>(
  "test/operator",
  [
    ["operator", wrong({ operator: undefined })],
    ["operator", wrong({ operator: "ray" }), "kuberay-operator", "ray"],
    ["operator", wrong({ operator: "karpenter" })],
    ["namespace", { namespace: "A" }, "lower-case"],
    ["namespace", { namespace: "a".repeat(64) }, "at most 63"],
    ["createNamespace", wrong({ createNamespace: "no" })],
    ["replicas", { replicas: 0 }, "at least 1"],
    ["replicas", { replicas: 4 }, "at most 3"],
    ["replicas", { replicas: 1.5 }],
    ["replicas", { operator: "volcano", replicas: 2 }, "must be left out with volcano", "got 2"],
    ["chart.version", { chart: { version: "1" } }],
    ["chart.repository", { chart: { repository: "x" } }],
    ["values", wrong({ values: [] })],
    ["timeoutSeconds", { timeoutSeconds: 59 }],
    ["dependsOn[0]", wrong({ dependsOn: ["x"] })],
    ["operators", wrong({ operators: [] }), "did you mean operator?"],
  ],
  make,
);
