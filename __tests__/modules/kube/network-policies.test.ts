import { expect, it } from "vitest";
import { networkPolicies, trafficSchema } from "../../../modules/kube/network-policies";

type Traffic = Parameters<typeof trafficSchema.parse>[0];
const policies = (traffic: Traffic = {}) => networkPolicies(trafficSchema.parse(traffic));

it("refuses all calls both ways by default, but for names and the namespace itself", () => {
  expect(policies()).toEqual({
    "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    dns: {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [
            { port: "53", protocol: "UDP" },
            { port: "53", protocol: "TCP" },
          ],
        },
      ],
    },
    // where pods have their AWS credentials from, on IPv4 and IPv6 nodes
    "pod-identity": {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ ipBlock: { cidr: "169.254.170.23/32" } }, { ipBlock: { cidr: "fd00:ec2::23/128" } }],
          ports: [{ port: "80", protocol: "TCP" }],
        },
      ],
    },
    within: {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }],
    },
  });
});
it("leaves egress alone where only ingress is denied", () => {
  expect(policies({ deny: "ingress" })).toEqual({
    "default-deny": { podSelector: {}, policyTypes: ["Ingress"] },
    within: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }] },
  });
});
it("keeps pods from each other where asked", () => {
  expect(Object.keys(policies({ within: false }))).toEqual(["default-deny", "dns", "pod-identity"]);
});
it("allows what is named, in the order of the names", () => {
  const { clients, database, ...rest } = policies({
    allow: {
      database: { direction: "egress", ports: [5432], cidrs: ["10.0.112.0/20"] },
      clients: { direction: "ingress", ports: [50050, 50051], cidrs: ["10.1.0.0/16"], namespaces: ["apps"] },
    },
  });
  expect(Object.keys(rest)).toEqual(["default-deny", "dns", "pod-identity", "within"]);
  expect(clients).toEqual({
    podSelector: {},
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [
          { ipBlock: { cidr: "10.1.0.0/16" } },
          { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "apps" } } },
        ],
        ports: [
          { port: "50050", protocol: "TCP" },
          { port: "50051", protocol: "TCP" },
        ],
      },
    ],
  });
  expect(database).toEqual({
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: { cidr: "10.0.112.0/20" } }], ports: [{ port: "5432", protocol: "TCP" }] }],
  });
});
