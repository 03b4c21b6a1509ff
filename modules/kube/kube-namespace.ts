import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { labelsSchema } from "../cluster/labels";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps } from "../common/settings/props";
import { partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";
import { checkTraffic, networkPolicies, trafficSchema } from "./network-policies";
import { bytes, bytesSchema, cores, cpuSchema } from "./quantity";

const count = z.int().min(0).max(100_000);

const quotaSchema = z
  .strictObject({
    /** Total CPU requests, cores, such as "64". */
    cpu: cpuSchema.optional(),
    /** Total memory requests, such as "256Gi". */
    memory: bytesSchema.optional(),
    /** Total NVIDIA GPUs. */
    gpus: count.optional(),
    /** Number of pods that have not terminated. */
    pods: count.optional(),
    /** Number of Services of type LoadBalancer, each of which AWS bills. */
    loadBalancers: count.optional(),
    /** Number of persistent volume claims. */
    volumes: count.optional(),
    /** Total size of persistent volume claims, such as "1Ti". */
    storage: bytesSchema.optional(),
  })
  .refine((quota) => Object.values(quota).some((value) => value !== undefined), "must name at least one amount");

const containerDefaultsSchema = z.strictObject({
  /** CPU request, cores. */
  cpuRequest: cpuSchema.optional(),
  /** Memory request. */
  memoryRequest: bytesSchema.optional(),
  /** CPU limit, cores, at least `cpuRequest`. */
  cpuLimit: cpuSchema.optional(),
  /** Memory limit, at least `memoryRequest`. */
  memoryLimit: bytesSchema.optional(),
});

/** Settings of a namespace. */
export const namespaceShape = {
  /** Labels on the namespace. */
  labels: labelsSchema.default({}),
  /** Pod Security Standard that pods must meet. */
  podSecurity: z.enum(["privileged", "baseline", "restricted"]).default("baseline"),
  /** Resource quota; none when absent. */
  quota: quotaSchema.optional(),
  /** Default requests and limits of containers; none when absent. */
  containerDefaults: containerDefaultsSchema
    .refine((defaults) => Object.values(defaults).some((value) => value !== undefined), "must name at least one amount")
    .optional(),
  /** Allowed connections of the pods; all when absent. Needs `enableNetworkPolicy` of the vpc-cni add-on, or the policies are not enforced. */
  traffic: trafficSchema.optional(),
};

/** Rules across the settings of a namespace. */
export function checkNamespace(settings: z.output<z.ZodObject<typeof namespaceShape>>, ctx: z.RefinementCtx): void {
  const { quota, containerDefaults: defaults = {}, traffic } = settings;
  const fault = (key: string, message: string) => refuse(ctx, ["containerDefaults", key], message);
  // Kubernetes, "Resource Quotas": a pod that does not say what it asks for of a limited resource is refused
  if (quota?.cpu !== undefined && defaults.cpuRequest === undefined) {
    fault("cpuRequest", "is required with quota.cpu, or every pod that does not ask for CPU is refused; got nothing");
  }
  if (quota?.memory !== undefined && defaults.memoryRequest === undefined) {
    fault(
      "memoryRequest",
      "is required with quota.memory, or every pod that does not ask for memory is refused; got nothing",
    );
  }
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = defaults;
  if (cpuRequest !== undefined && cpuLimit !== undefined && cores(cpuLimit) < cores(cpuRequest)) {
    fault("cpuLimit", `must be at least cpuRequest (${cpuRequest}), got ${cpuLimit}`);
  }
  if (memoryRequest !== undefined && memoryLimit !== undefined && bytes(memoryLimit) < bytes(memoryRequest)) {
    fault("memoryLimit", `must be at least memoryRequest (${memoryRequest}), got ${memoryLimit}`);
  }
  if (traffic) checkTraffic(traffic, ctx, ["traffic"]);
}

/** Name of a namespace; not one that exists in every cluster. */
export const namespaceNameSchema = kubeLabelSchema.refine(
  (name) => name !== "default" && !name.startsWith("kube-"),
  "must not be default nor begin with kube-: those namespaces exist already",
);

const schema = z
  .strictObject({
    /** Name of the namespace; not one that exists in every cluster. */
    name: namespaceNameSchema,
    ...namespaceShape,
    /** Resources to create first, and to delete last: controllers without which objects in the namespace cannot be deleted. */
    dependsOn: partShape.dependsOn,
  })
  .superRefine(checkNamespace);
export type KubeNamespaceProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const kubeNamespaceSettings = checkedBy(schema, { name: "any", dependsOn: undefined });
type Settings = z.output<typeof schema>;

const POD_SECURITY = "pod-security.kubernetes.io";

/** Namespace with quota, container defaults and network policies. */
export class KubeNamespace extends Construct {
  readonly namespaceName: string;
  /** What objects in the namespace must wait for: the namespace and its limits. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KubeNamespaceProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, labels, podSecurity, traffic } = settings;

    const namespace = new NamespaceV1(this, "namespace", {
      metadata: {
        name,
        labels: {
          ...labels,
          [`${POD_SECURITY}/enforce`]: podSecurity,
          // only pods are rejected; the warning is shown to whoever applies their Deployment
          [`${POD_SECURITY}/warn`]: podSecurity,
        },
      },
      ...(settings.dependsOn.length > 0 && { dependsOn: settings.dependsOn }),
    });
    const dependsOn = [namespace];
    const quota = hard(settings.quota);
    const limits = containerLimits(settings.containerDefaults);

    this.namespaceName = name;
    this.ready = [
      namespace,
      ...(quota
        ? [
            new ResourceQuotaV1(this, "quota", {
              metadata: { name: "quota", namespace: name },
              spec: { hard: quota },
              dependsOn,
            }),
          ]
        : []),
      ...(limits
        ? [
            new LimitRangeV1(this, "container-defaults", {
              metadata: { name: "container-defaults", namespace: name },
              spec: { limit: [{ type: "Container", ...limits }] },
              dependsOn,
            }),
          ]
        : []),
      ...Object.entries(traffic ? networkPolicies(traffic) : {}).map(
        ([key, spec]) =>
          new NetworkPolicyV1(this, `policy-${key}`, { metadata: { name: key, namespace: name }, spec, dependsOn }),
      ),
    ];
  }
}

/** The quota in Kubernetes' spelling. */
function hard(quota: Settings["quota"]): Record<string, string> | undefined {
  if (!quota) return undefined;
  const { cpu, memory, gpus, pods, loadBalancers, volumes, storage } = quota;
  return texts({
    "requests.cpu": cpu,
    "requests.memory": memory,
    "requests.nvidia.com/gpu": gpus,
    pods,
    "services.loadbalancers": loadBalancers,
    persistentvolumeclaims: volumes,
    "requests.storage": storage,
  });
}

function containerLimits(defaults: Settings["containerDefaults"]) {
  if (!defaults) return undefined;
  const defaultRequest = texts({ cpu: defaults.cpuRequest, memory: defaults.memoryRequest });
  const most = texts({ cpu: defaults.cpuLimit, memory: defaults.memoryLimit });
  return {
    ...(Object.keys(defaultRequest).length > 0 && { defaultRequest }),
    ...(Object.keys(most).length > 0 && { default: most }),
  };
}

const texts = (values: Record<string, string | number | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, `${value}`]])),
  );
