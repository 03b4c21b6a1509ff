import type { NetworkPolicyV1Spec } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { z } from "zod";
import { areDistinct, sortedEntries } from "../common/collections";
import { cidrSchema } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { kubeLabelSchema } from "./kube-names";

/** Names of the policies that are made beside the user's. */
const OWN = ["default-deny", "dns", "within"];

const openingSchema = z
  .strictObject({
    /** Whether pods of the namespace are called, or call. */
    direction: z.enum(["ingress", "egress"]),
    /** TCP ports, 1 to 20, each named once: of the pods for ingress, of the other side for egress. */
    ports: z.array(z.int().min(1).max(65535)).min(1).max(20).refine(areDistinct, "must name each port once"),
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

/** Which connections the pods of a namespace may have. */
export const trafficSchema = z.strictObject({
  /** What is refused unless it is allowed: every call to the pods, or theirs to others too, names (DNS) left aside. */
  deny: z.enum(["ingress", "all"]).default("all"),
  /** Whether pods of the namespace reach each other. */
  within: z.boolean().default(true),
  /** What else is allowed, by a name of yours. */
  allow: z
    .record(
      kubeLabelSchema.refine(
        (name) => !OWN.includes(name),
        `must not be one of ${OWN.join(", ")}, which are made here`,
      ),
      openingSchema,
    )
    .default({}),
});
type Traffic = z.output<typeof trafficSchema>;
type Opening = z.output<typeof openingSchema>;

/** Rules across the settings: an egress policy on pods whose egress is open would close it. */
export function checkTraffic({ deny, allow }: Traffic, ctx: z.RefinementCtx, path: string[]): void {
  for (const [name, { direction }] of Object.entries(allow)) {
    if (deny === "all" || direction === "ingress") continue;
    const message =
      "must be ingress where deny is ingress: all egress is allowed then, and this would end it; got egress";
    refuse(ctx, [...path, "allow", name, "direction"], message);
  }
}

/** Network policies of the namespace by name, each over all its pods. */
export function networkPolicies({ deny, within, allow }: Traffic): Record<string, NetworkPolicyV1Spec> {
  const both = deny === "all";
  const policyTypes = both ? ["Ingress", "Egress"] : ["Ingress"];
  const everyPod = [{ podSelector: {} }];
  const openings = sortedEntries(allow);
  return {
    "default-deny": { podSelector: {}, policyTypes },
    ...(both && { dns: DNS }),
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

/** Policy over all pods that allows connections of one direction with these others, on these ports or on all. */
const opening = (direction: Opening["direction"], peers: object[], ports?: object[]): NetworkPolicyV1Spec => ({
  podSelector: {},
  policyTypes: [WORDS[direction].type],
  [direction]: [{ [WORDS[direction].peers]: peers, ...(ports && { ports }) }],
});

const namespaceCalled = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });

/** CoreDNS of EKS, by the label that its add-on's pods bear. Source: EKS user guide, "Manage CoreDNS for DNS in Amazon EKS clusters". */
const DNS = opening(
  "egress",
  [{ namespaceSelector: namespaceCalled("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
  ["UDP", "TCP"].map((protocol) => ({ port: "53", protocol })),
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
