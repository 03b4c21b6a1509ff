import type { Json } from "./synth";

/** What the Kubernetes provider makes of each of its resource types, and the blocks that it calls by one item's name. */
const KINDS: Readonly<
  Record<string, { apiVersion: string; kind: string; renamed?: Readonly<Record<string, string>> }>
> = {
  kubernetes_cluster_role_binding_v1: binding("ClusterRoleBinding"),
  kubernetes_cluster_role_v1: role("ClusterRole"),
  kubernetes_config_map_v1: { apiVersion: "v1", kind: "ConfigMap" },
  kubernetes_limit_range_v1: { apiVersion: "v1", kind: "LimitRange", renamed: { "spec.limit": "limits" } },
  kubernetes_namespace_v1: { apiVersion: "v1", kind: "Namespace" },
  kubernetes_network_policy_v1: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
  kubernetes_persistent_volume_claim_v1: { apiVersion: "v1", kind: "PersistentVolumeClaim" },
  kubernetes_persistent_volume_v1: { apiVersion: "v1", kind: "PersistentVolume" },
  kubernetes_resource_quota_v1: { apiVersion: "v1", kind: "ResourceQuota" },
  kubernetes_role_binding_v1: binding("RoleBinding"),
  kubernetes_role_v1: role("Role"),
  kubernetes_secret_v1: { apiVersion: "v1", kind: "Secret", renamed: { data_wo: "stringData" } },
  kubernetes_service_account_v1: { apiVersion: "v1", kind: "ServiceAccount" },
  kubernetes_storage_class_v1: {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    renamed: { storage_provisioner: "provisioner" },
  },
};

function role(kind: string) {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind, renamed: { rule: "rules" } };
}
function binding(kind: string) {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind, renamed: { subject: "subjects" } };
}

/** Maps whose keys are the user's own and no arguments. */
const MAPS = new Set(
  "annotations capacity data data_wo default default_request hard labels limits match_labels parameters requests volume_attributes".split(
    " ",
  ),
);
/** Arguments that are Terraform's or the provider's and no part of the object. */
const NOT_OF_THE_OBJECT = new Set(["//", "data_wo_revision", "depends_on", "lifecycle", "provider", "timeouts"]);

/**
 * The Kubernetes objects of a stack, as the provider sends them. A type that is not known here is an error, so that none
 * goes unseen.
 */
export function manifestsOf({ resource = {} }: Json): Json[] {
  const types = Object.keys(resource).filter((type) => type.startsWith("kubernetes_"));
  return types.flatMap((type) => {
    const known = KINDS[type];
    if (!known) throw new Error(`no manifest is known for ${type}: add it to kube-manifests.ts`);
    const { apiVersion, kind, renamed = {} } = known;
    return Object.values<Json>(resource[type]).map((settings) => {
      const object = convert(settings, renamed, "");
      // the provider takes a list of the one spec, with a block around where the volume comes from
      if (kind === "PersistentVolume") {
        const [{ persistentVolumeSource, ...spec }] = object.spec;
        object.spec = { ...spec, ...persistentVolumeSource };
      }
      return { apiVersion, kind, ...object };
    });
  });
}

function convert(value: Json, renamed: Readonly<Record<string, string>>, path: string): Json {
  if (Array.isArray(value)) return value.map((item) => convert(item, renamed, path));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries<Json>(value).filter(([key]) => !NOT_OF_THE_OBJECT.has(key));
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      const at = path === "" ? key : `${path}.${key}`;
      const name = renamed[at] ?? key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      if (MAPS.has(key)) return [name, inner];
      // the provider sends a port of digits as a number; as text it would be a port's name
      if (key === "port" && /^\d+$/.test(inner)) return [name, Number(inner)];
      return [name, convert(inner, renamed, at)];
    }),
  );
}
