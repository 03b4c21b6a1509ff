import type { Json } from "../../support/synth";

/** A pod of one container in the default namespace; `node` names the only one that it may be on. */
export const podOf = (
  name: string,
  { spec = {}, container = {} }: { spec?: Json; container?: Json },
  node?: string,
): Json => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: {
    ...(node !== undefined && { affinity: onNode(node) }),
    ...spec,
    containers: [{ name: "main", image: "example.com/a:1", ...container }],
  },
});

/** As the controller of DaemonSets binds a pod: the scheduler then looks at no other node. */
const onNode = (name: string) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [name] }] }],
    },
  },
});

/**
 * What the scheduler found for a pod that one node alone is meant for: `fits`, or why not, the amount that is lacking or the
 * taint that is not tolerated; undefined before it has looked.
 */
export function verdictOf({ spec, status }: Json): string | undefined {
  if (spec.nodeName) return "fits";
  const condition = (status.conditions ?? []).find(({ type }: Json) => type === "PodScheduled");
  if (condition?.status !== "False") return undefined;
  const reasons = [
    ...new Set(condition.message.match(/untolerated taint\(s\)|untolerated taint \{[^}]*\}|Insufficient [\w./-]+/g)),
  ];
  return reasons.join(", ") || "not selected";
}
