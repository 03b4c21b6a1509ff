import type { NetworkPolicyV1Spec } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { z } from "zod";
import { areDistinct, sortedEntries } from "../common/collections";
import { cidrSchema } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { portSchema } from "../common/settings/port";
import { orToken } from "../common/settings/props";
import { kubeLabelSchema } from "./kube-names";

/** Names of the built-in policies. */
const OWN = ["default-deny", "dns", "pod-identity", "within"];

const openingSchema = z
  .strictObject({
    /** Connections to the pods of the namespace, or from them. */
    direction: z.enum(["ingress", "egress"]),
    /** TCP ports, 1 to 20, unique: of the pods for ingress, of the other side for egress. */
    ports: z.array(portSchema).min(1).max(20).refine(areDistinct, "must name each port once"),
    /** IPv4 blocks of the other side, /0 to /32. */
    cidrs: z
      .array(orToken(cidrSchema(0, 32)))
      .max(50)
      .default([]),
    /** Namespaces of the other side. */
    namespaces: z.array(kubeLabelSchema).max(50).default([]),
  })
  .refine(({ cidrs, namespaces }) => cidrs.length + namespaces.length > 0, {
    path: ["cidrs"],
    message: "must name at least one block, or namespaces at least one namespace; got neither",
  });

/** Connections that the pods of a namespace may have. */
export const trafficSchema = z.strictObject({
  /** Deny ingress by default, or all traffic except DNS and the Pod Identity agent, from which pods have their AWS credentials. */
  deny: z.enum(["ingress", "all"]).default("all"),
  /** Allow traffic among the pods of the namespace. */
  within: z.boolean().default(true),
  /** Further allowed connections, by name. */
  allow: z
    .record(
      kubeLabelSchema.refine((name) => !OWN.includes(name), `must not be one of ${OWN.join(", ")}, which are built in`),
      openingSchema,
    )
    .default({}),
});
type Traffic = z.output<typeof trafficSchema>;
type Opening = z.output<typeof openingSchema>;

/** Rules across the settings: an egress policy would close the egress of pods for which it is open. */
export function checkTraffic({ deny, allow }: Traffic, ctx: z.RefinementCtx, path: string[]): void {
  for (const [name, { direction }] of Object.entries(allow)) {
    if (deny === "all" || direction === "ingress") continue;
    const message =
      "must be ingress where deny is ingress: all egress is allowed then, and this would end it; got egress";
    refuse(ctx, [...path, "allow", name, "direction"], message);
  }
}

/** Network policies of the namespace by name, each for all its pods. */
export function networkPolicies({ deny, within, allow }: Traffic): Record<string, NetworkPolicyV1Spec> {
  const both = deny === "all";
  const policyTypes = both ? ["Ingress", "Egress"] : ["Ingress"];
  const everyPod = [{ podSelector: {} }];
  const openings = sortedEntries(allow);
  return {
    "default-deny": { podSelector: {}, policyTypes },
    ...(both && { dns: DNS, "pod-identity": POD_IDENTITY }),
    ...(within && {
      within: { ...opening("ingress", everyPod), ...(both && opening("egress", everyPod)), policyTypes },
    }),
    ...Object.fromEntries(openings.map(([name, settings]) => [name, openingSpec(settings)])),
  };
}

const WORDS = {
  ingress: { type: "Ingress", peers: "from" },
  egress: { type: "Egress", peers: "to" },
} as const;

/** Policy for all pods that allows one direction of connections with these peers, on these ports or on all. */
const opening = (direction: Opening["direction"], peers: object[], ports?: object[]): NetworkPolicyV1Spec => ({
  podSelector: {},
  policyTypes: [WORDS[direction].type],
  [direction]: [{ [WORDS[direction].peers]: peers, ...(ports && { ports }) }],
});

const namespaceCalled = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });

/** CoreDNS of EKS, by the label of the add-on's pods. Source: EKS user guide, "Manage CoreDNS for DNS in Amazon EKS clusters". */
const DNS = opening(
  "egress",
  [{ namespaceSelector: namespaceCalled("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
  ["UDP", "TCP"].map((protocol) => ({ port: "53", protocol })),
);

/**
 * The agent that gives pods the credentials of their roles, at the node's own link-local addresses. Source: EKS user guide,
 * "Set up the Amazon EKS Pod Identity Agent".
 */
const POD_IDENTITY = opening(
  "egress",
  ["169.254.170.23/32", "fd00:ec2::23/128"].map((cidr) => ({ ipBlock: { cidr } })),
  [{ port: "80", protocol: "TCP" }],
);

const openingSpec = ({ direction, ports, cidrs, namespaces }: Opening) =>
  opening(
    direction,
    [
      ...cidrs.map((cidr) => ({ ipBlock: { cidr } })),
      ...namespaces.map((name) => ({ namespaceSelector: namespaceCalled(name) })),
    ],
    ports.map((port) => ({ port: `${port}`, protocol: "TCP" })),
  );
