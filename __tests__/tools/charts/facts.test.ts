import { describe, expect, it } from "vitest";
import { factsOf, resourceOf, valueTree } from "../../../tools/charts/facts";

it("gives names and types of values, sorted; what is empty is open", () => {
  const values = { b: { c: 1, a: "x" }, list: [1], open: {}, none: null, on: true };
  expect(valueTree(values)).toEqual({
    b: { a: "string", c: "number" },
    list: "list",
    none: "null",
    on: "boolean",
    open: "map",
  });
  expect(Object.keys(valueTree(values))).toEqual(["b", "list", "none", "on", "open"]);
});
it.each([
  ["v1", "Pod", "/pods"],
  ["networking.k8s.io/v1", "Ingress", "networking.k8s.io/ingresses"],
  ["networking.k8s.io/v1", "NetworkPolicy", "networking.k8s.io/networkpolicies"],
  ["scheduling.k8s.io/v1", "PriorityClass", "scheduling.k8s.io/priorityclasses"],
  ["gateway.networking.k8s.io/v1", "Gateway", "gateway.networking.k8s.io/gateways"],
])("calls %s %s %s", (apiVersion, kind, name) => {
  expect(resourceOf({ apiVersion, kind })).toBe(name);
});

const object = (apiVersion: string, kind: string, name: string, rest: object = {}, metadata: object = {}) => ({
  ...{ apiVersion, kind },
  metadata: { name, ...metadata },
  ...rest,
});
const pods = (labels: object, ports: object[] = [], spec: object = {}) => ({
  spec: { template: { metadata: { labels }, spec: { containers: [{ ports }], ...spec } } },
});
const service = (name: string, targetPort: number | string | undefined) =>
  object("v1", "Service", name, {
    spec: { selector: { app: "a" }, ports: [{ port: 443, ...(targetPort && { targetPort }) }] },
  });
const hook = (name: string, more: object = {}) => ({
  name,
  clientConfig: { service: { name: "hooks" } },
  rules: [{ apiGroups: ["", "apps"], resources: ["pods"], operations: ["CREATE"] }],
  ...more,
});
const hooks = (...all: object[]) =>
  object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "all", { webhooks: all });

describe("webhooks", () => {
  it("have the API's defaults, what they match, and whom they leave out", () => {
    const selector = { matchExpressions: [{ key: "a", operator: "Exists" }] };
    const more = { failurePolicy: "Ignore", timeoutSeconds: 5, namespaceSelector: selector, objectSelector: {} };
    const { webhooks } = factsOf([hooks(hook("b", more), hook("a"))], "here");
    expect(webhooks).toEqual([
      {
        ...{ name: "a", kind: "validating", failurePolicy: "Fail", timeoutSeconds: 10 },
        ...{ resources: ["/pods", "apps/pods"], operations: ["CREATE"] },
      },
      expect.objectContaining({ name: "b", failurePolicy: "Ignore", timeoutSeconds: 5, namespaces: selector }),
    ]);
    expect(webhooks[1]).not.toHaveProperty("objects");
  });
  it.each([
    [9443, 9443],
    ["web", 8443],
    [undefined, 443],
    ["other", undefined],
  ])("are answered on the pod's port behind target %s: %s", (target, port) => {
    const made = object("apps/v1", "Deployment", "a", pods({ app: "a" }, [{ name: "web", containerPort: 8443 }]));
    const other = object("apps/v1", "Deployment", "b", pods({ app: "b" }, [{ name: "other", containerPort: 1 }]));
    const { webhooks } = factsOf([hooks(hook("a")), service("hooks", target), made, other], "here");
    expect(webhooks[0]?.port).toBe(port);
  });
});
it("lists API services that pods answer", () => {
  const api = (name: string, spec: object) => object("apiregistration.k8s.io/v1", "APIService", name, { spec });
  const { apiServices } = factsOf([api("local", {}), api("far", { service: { name: "s" } }), service("s", 8082)], "x");
  expect(apiServices).toEqual([{ name: "far", port: 8082 }]);
});
it("lists service accounts where they are, and kinds with their versions", () => {
  const crd = { spec: { names: { kind: "Queue" }, versions: [{ name: "v1" }, { name: "v2" }] } };
  const { serviceAccounts, crds } = factsOf(
    [
      object("v1", "ServiceAccount", "b"),
      object("v1", "ServiceAccount", "a", {}, { namespace: "there" }),
      object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "queues.x", crd),
    ],
    "here",
  );
  expect(serviceAccounts).toEqual(["here/b", "there/a"]);
  expect(crds).toEqual([{ name: "queues.x", kind: "Queue", versions: ["v1", "v2"] }]);
});
it("says where DaemonSets run", () => {
  const spec = { tolerations: [{ operator: "Exists" }], nodeSelector: { a: "b" }, affinity: {} };
  const { daemonSets } = factsOf(
    [object("apps/v1", "DaemonSet", "b", pods({}, [], spec)), object("apps/v1", "DaemonSet", "a", pods({}))],
    "here",
  );
  expect(daemonSets).toEqual([
    { name: "a", tolerations: [] },
    { name: "b", tolerations: [{ operator: "Exists" }], nodeSelector: { a: "b" } },
  ]);
});
it("lists what is made by kind and namespace, pods among it, with the keys of all labels", () => {
  const { made } = factsOf(
    [
      object("apps/v1", "Deployment", "a", pods({ app: "a" }), { labels: { one: "1" } }),
      object("apps/v1", "Deployment", "b", pods({ part: "b" }), { labels: { two: "2" } }),
      object("batch/v1", "CronJob", "c", { spec: { jobTemplate: pods({ job: "c" }) } }, { namespace: "there" }),
      object("rbac.authorization.k8s.io/v1", "ClusterRole", "d"),
    ],
    "here",
  );
  expect(made).toEqual([
    { resource: "/pods", namespace: "here", labels: ["app", "part"] },
    { resource: "/pods", namespace: "there", labels: ["job"] },
    { resource: "apps/deployments", namespace: "here", labels: ["one", "two"] },
    { resource: "batch/cronjobs", namespace: "there", labels: [] },
    { resource: "rbac.authorization.k8s.io/clusterroles", labels: [] },
  ]);
});
