import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import { expect, it } from "vitest";
import { KubeNamespace, type KubeNamespaceProps } from "../../../modules/kube/kube-namespace";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";

const make = inCluster(
  (stack, props: Partial<KubeNamespaceProps> = {}) => new KubeNamespace(stack, "ns", { name: "ml", ...props }),
);
const build = (props: Partial<KubeNamespaceProps> = {}) => synth((stack) => make(stack, props));
const names = (objects: Json[]) => objects.map(({ metadata }) => metadata.name);

it("is a namespace of baseline pods and nothing else by default", () => {
  const { one, parsed } = build();
  expect(Object.keys(parsed.resource)).toEqual(["kubernetes_namespace_v1"]);
  expect(one(NamespaceV1)).toEqual({
    metadata: {
      name: "ml",
      labels: { "pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "baseline" },
    },
  });
});
it.each(["privileged", "restricted"] as const)("takes %s pods where asked, beside labels of yours", (podSecurity) => {
  expect(build({ podSecurity, labels: { team: "a" } }).one(NamespaceV1).metadata.labels).toEqual({
    team: "a",
    "pod-security.kubernetes.io/enforce": podSecurity,
    "pod-security.kubernetes.io/warn": podSecurity,
  });
});
it("limits each amount that is named, and no other", () => {
  const quota = { cpu: "64", memory: "256Gi", gpus: 8, pods: 100, loadBalancers: 2, volumes: 10, storage: "1Ti" };
  const { one } = build({ quota, containerDefaults: { cpuRequest: "100m", memoryRequest: "64Mi" } });
  expect(one(ResourceQuotaV1)).toMatchObject({ metadata: { name: "quota", namespace: "ml" } });
  expect(one(ResourceQuotaV1).spec.hard).toEqual({
    "requests.cpu": "64",
    "requests.memory": "256Gi",
    "requests.nvidia.com/gpu": "8",
    pods: "100",
    "services.loadbalancers": "2",
    persistentvolumeclaims: "10",
    "requests.storage": "1Ti",
  });
  expect(build({ quota: { gpus: 0 } }).one(ResourceQuotaV1).spec.hard).toEqual({ "requests.nvidia.com/gpu": "0" });
});
it("says what a container asks for that does not", () => {
  const defaults = { cpuRequest: "100m", memoryRequest: "64Mi", cpuLimit: "0.1", memoryLimit: "1Gi" };
  const { one } = build({ containerDefaults: defaults });
  expect(one(LimitRangeV1)).toMatchObject({ metadata: { name: "container-defaults", namespace: "ml" } });
  expect(one(LimitRangeV1).spec).toEqual({
    limit: [
      {
        type: "Container",
        default_request: { cpu: "100m", memory: "64Mi" },
        default: { cpu: "0.1", memory: "1Gi" },
      },
    ],
  });
  expect(build({ containerDefaults: { memoryLimit: "1Gi" } }).one(LimitRangeV1).spec.limit).toEqual([
    { type: "Container", default: { memory: "1Gi" } },
  ]);
  expect(build({ containerDefaults: { cpuRequest: "1" } }).one(LimitRangeV1).spec.limit).toEqual([
    { type: "Container", default_request: { cpu: "1" } },
  ]);
});
it("has network policies over all its pods where asked", () => {
  const { all } = build({ traffic: { allow: { web: { direction: "ingress", ports: [443], namespaces: ["edge"] } } } });
  expect(names(all(NetworkPolicyV1)).sort()).toEqual(["default-deny", "dns", "pod-identity", "web", "within"]);
  for (const { metadata, spec } of all(NetworkPolicyV1)) {
    expect(metadata.namespace).toBe("ml");
    expect(spec.pod_selector).toEqual({});
  }
});
it("makes all else after the namespace, and tells what to wait for", () => {
  let space: KubeNamespace | undefined;
  const { parsed } = synth((stack) => {
    space = make(stack, { quota: { pods: 1 }, containerDefaults: { cpuRequest: "1" }, traffic: {} });
  });
  const { kubernetes_namespace_v1: _, ...rest } = parsed.resource as Json;
  const objects = Object.values<Json>(rest).flatMap((byId) => Object.values<Json>(byId));
  expect(objects).toHaveLength(6);
  for (const { depends_on } of objects)
    expect(depends_on).toEqual([expect.stringMatching(/^kubernetes_namespace_v1\./)]);
  expect(space?.ready).toHaveLength(7);
  expect(space?.namespaceName).toBe("ml");
});

const opening = { direction: "ingress", ports: [1], cidrs: ["10.0.0.0/8"] } as const;
const allow = (settings: object) => ({ traffic: { allow: { web: { ...opening, ...settings } } } });
rejects<object>(
  "test/ns",
  [
    ["name", { name: undefined }, "is required"],
    ["name", { name: "default" }, "exist already", "default"],
    ["name", { name: "kube-system" }, "kube-"],
    ["name", { name: "a.b" }, "lower-case"],
    ["name", { name: "a".repeat(64) }, "at most 63"],
    ["podSecurity", { podSecurity: "strict" }, "privileged, baseline, restricted"],
    ["labels.kubernetes.io/x", { labels: { "kubernetes.io/x": "a" } }, "reserves"],
    ["labels.a", { labels: { a: "b c" } }, "letters, digits"],
    ["quota", { quota: {} }, "at least one amount"],
    ["quota.cpu", { quota: { cpu: "0" } }, "more than 0"],
    ["quota.cpu", { quota: { cpu: 4 } }, "string"],
    ["quota.memory", { quota: { memory: "10G" } }, '"512Mi"', "10G"],
    ["quota.gpus", { quota: { gpus: -1 } }, "at least 0"],
    ["quota.gpus", { quota: { gpus: 100_001 } }, "at most 100000"],
    ["quota.pods", { quota: { pods: 1.5 } }, "whole number"],
    ["quota.storage", { quota: { storage: "1" } }, "amount"],
    ["quota.disk", { quota: { disk: "1Gi" } }, "unknown key"],
    ["containerDefaults.cpuRequest", { quota: { cpu: "1" } }, "is required with quota.cpu"],
    ["containerDefaults.memoryRequest", { quota: { memory: "1Gi" } }, "is required with quota.memory"],
    ["containerDefaults", { containerDefaults: {} }, "at least one amount"],
    ["containerDefaults.cpuLimit", { containerDefaults: { cpuRequest: "1", cpuLimit: "999m" } }, "(1)", "999m"],
    [
      "containerDefaults.memoryLimit",
      { containerDefaults: { memoryRequest: "1Gi", memoryLimit: "1023Mi" } },
      "(1Gi)",
      "1023Mi",
    ],
    ["traffic.deny", { traffic: { deny: "egress" } }, "ingress, all"],
    ["traffic.allow.dns", { traffic: { allow: { dns: opening } } }, "built in"],
    ["traffic.allow.A", { traffic: { allow: { A: opening } } }, "lower-case"],
    ["traffic.allow.web.direction", allow({ direction: "both" }), "ingress, egress"],
    ["traffic.allow.web.ports", allow({ ports: [] }), "at least 1"],
    ["traffic.allow.web.ports", allow({ ports: [1, 1] }), "each port once"],
    ["traffic.allow.web.ports[0]", allow({ ports: [0] }), "at least 1"],
    ["traffic.allow.web.ports[0]", allow({ ports: [65536] }), "at most 65535"],
    ["traffic.allow.web.cidrs", allow({ cidrs: [] }), "got neither"],
    ["traffic.allow.web.cidrs[0]", allow({ cidrs: ["10.0.0.1/8"] }), "host bits"],
    ["traffic.allow.web.namespaces[0]", allow({ namespaces: ["a.b"] }), "lower-case"],
    [
      "traffic.allow.web.direction",
      { traffic: { deny: "ingress", allow: { web: { ...opening, direction: "egress" } } } },
      "all egress is allowed",
    ],
    ["nme", { nme: "a" }, "did you mean name?"],
  ],
  (stack, wrong) => make(stack, wrong as Partial<KubeNamespaceProps>),
);
