import { expect, it } from "vitest";
import { manifestsOf } from "./kube-manifests";

const of = (type: string, settings: object) => manifestsOf({ resource: { [type]: { x: settings } } });

it("writes arguments as Kubernetes does, and leaves the user's own keys", () => {
  const metadata = { name: "a", namespace: "b", labels: { "my_team/x_y": "z" } };
  expect(
    of("kubernetes_secret_v1", { metadata, type: "Opaque", data_wo: { api_key: "x" }, data_wo_revision: 1 }),
  ).toEqual([{ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData: { api_key: "x" } }]);
  expect(
    of("kubernetes_storage_class_v1", {
      metadata: { name: "gp3" },
      storage_provisioner: "ebs.csi.aws.com",
      volume_binding_mode: "WaitForFirstConsumer",
      parameters: { under_score: "1" },
      depends_on: ["x"],
    }),
  ).toEqual([
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "gp3" },
      provisioner: "ebs.csi.aws.com",
      volumeBindingMode: "WaitForFirstConsumer",
      parameters: { under_score: "1" },
    },
  ]);
});
it("writes blocks as lists by their plural", () => {
  const rule = [{ api_groups: [""], resources: ["pods"], verbs: ["get"] }];
  expect(of("kubernetes_role_v1", { metadata: { name: "a" }, rule })[0].rules).toEqual([
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
  ]);
  const subject = [{ kind: "ServiceAccount", name: "x", namespace: "y" }];
  expect(of("kubernetes_role_binding_v1", { role_ref: { api_group: "a" }, subject })[0]).toMatchObject({
    roleRef: { apiGroup: "a" },
    subjects: subject,
  });
  const limit = [{ type: "Container", default_request: { cpu: "1" } }];
  expect(of("kubernetes_limit_range_v1", { spec: { limit } })[0].spec).toEqual({
    limits: [{ type: "Container", defaultRequest: { cpu: "1" } }],
  });
});
it("writes where a volume comes from beside its other settings", () => {
  const csi = { driver: "d", volume_handle: "h", volume_attributes: { bucketName: "b" } };
  const spec = [{ capacity: { storage: "1Gi" }, claim_ref: { name: "c" }, persistent_volume_source: { csi } }];
  expect(of("kubernetes_persistent_volume_v1", { spec })[0].spec).toEqual({
    capacity: { storage: "1Gi" },
    claimRef: { name: "c" },
    csi: { driver: "d", volumeHandle: "h", volumeAttributes: { bucketName: "b" } },
  });
});
it("writes ports as numbers", () => {
  const egress = [{ ports: [{ port: "53", protocol: "UDP" }, { port: "http" }], to: [{ pod_selector: {} }] }];
  expect(of("kubernetes_network_policy_v1", { spec: { pod_selector: {}, egress } })[0].spec).toEqual({
    podSelector: {},
    egress: [{ ports: [{ port: 53, protocol: "UDP" }, { port: "http" }], to: [{ podSelector: {} }] }],
  });
});
it("refuses what it does not know, and sees nothing else", () => {
  expect(() => of("kubernetes_pod_v1", {})).toThrow("kubernetes_pod_v1");
  expect(of("aws_iam_role", {})).toEqual([]);
  expect(manifestsOf({})).toEqual([]);
});
