import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { openingsOf } from "../../../modules/cluster/security-groups";
import { refTo } from "../../support/synth";
import { lean, NETWORK, rejectsCluster, wrong } from "./cluster.fixture";

type Synth = ReturnType<typeof lean>;
/** Reference to the group whose Name is this. */
const group = ({ byId }: Synth, name: string) => {
  const found = Object.entries(byId(SecurityGroup)).find(([, { tags }]) => tags.Name === name);
  return `\${aws_security_group.${found?.[0]}.id}`;
};
const rules = (all: Synth, to: string, from?: string) =>
  all
    .all(VpcSecurityGroupIngressRule)
    .filter((rule) => rule.security_group_id === group(all, to))
    .filter((rule) => (from ? rule.referenced_security_group_id === group(all, from) : rule.cidr_ipv4));
const clients = (all: Synth) =>
  rules(all, "ml-node").map(({ cidr_ipv4, from_port, to_port, ip_protocol }) => {
    expect([to_port, ip_protocol]).toEqual([from_port, "tcp"]);
    return `${cidr_ipv4} ${from_port}`;
  });

describe("the groups", () => {
  it("are one of the control plane and one of the nodes, which EKS finds by its tag", () => {
    const all = lean();
    expect(all.all(SecurityGroup)).toEqual([
      expect.objectContaining({ vpc_id: NETWORK.vpcId, name_prefix: "eks-ml-cluster-", tags: { Name: "ml-cluster" } }),
      expect.objectContaining({
        vpc_id: NETWORK.vpcId,
        name_prefix: "eks-ml-node-",
        tags: { Name: "ml-node", "kubernetes.io/cluster/ml": "owned" },
      }),
    ]);
    expect(all.one(EksCluster).vpc_config.security_group_ids).toEqual([group(all, "ml-cluster")]);
    expect(all.json).toContain(`"vpc_security_group_ids": [\n          "${group(all, "ml-node")}"`);
  });
  it("have successors before they go", () => {
    for (const { lifecycle } of lean().all(SecurityGroup)) expect(lifecycle).toEqual({ create_before_destroy: true });
  });
  it("are found by Karpenter where it is the autoscaler", () => {
    const discovery = (autoscaler: "karpenter" | "none") =>
      lean({ autoscaler })
        .all(SecurityGroup)
        .map(({ tags }) => tags["karpenter.sh/discovery"]);
    expect(discovery("karpenter")).toEqual([undefined, "ml"]);
    expect(discovery("none")).toEqual([undefined, undefined]);
  });
});

describe("between control plane and nodes", () => {
  it("are open only the ports that EKS documents", () => {
    const all = lean();
    const ports = rules(all, "ml-node", "ml-cluster").map(({ from_port, to_port, ip_protocol }) => {
      expect([to_port, ip_protocol]).toEqual([from_port, "tcp"]);
      return from_port;
    });
    expect(ports.sort((a, b) => a - b)).toEqual([443, 4443, 6443, 8082, 8443, 9443, 10250, 10251]);
    expect(rules(all, "ml-cluster", "ml-node")).toEqual([
      expect.objectContaining({ ip_protocol: "tcp", from_port: 443, to_port: 443 }),
    ]);
  });
  it("are open further webhook ports when asked, each once", () => {
    const ports = rules(lean({ webhookPorts: [5443, 9443] }), "ml-node", "ml-cluster").map(
      ({ from_port }) => from_port,
    );
    expect(ports).toContain(5443);
    expect(ports).toHaveLength(9);
  });
  it("are the rules before the nodes", () => {
    const all = lean();
    const internal = all.all(VpcSecurityGroupIngressRule).filter(({ cidr_ipv4 }) => !cidr_ipv4);
    const awaited = (all.one(EksNodeGroup).depends_on as string[]).filter((id) => id.startsWith("aws_vpc_security"));
    expect(internal).toHaveLength(10);
    expect(awaited).toHaveLength(11);
  });
});

it("lets nodes reach each other and everything, with no port on a rule for all", () => {
  const all = lean();
  const [self] = rules(all, "ml-node", "ml-node");
  const egress = all.one(VpcSecurityGroupEgressRule);
  expect(egress).toMatchObject({ security_group_id: group(all, "ml-node"), cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" });
  expect(self.ip_protocol).toBe("-1");
  for (const rule of [self, egress]) {
    expect(rule).not.toHaveProperty("from_port");
    expect(rule).not.toHaveProperty("to_port");
  }
  expect(all.json).not.toContain("aws_security_group_rule");
});

describe("clients", () => {
  it("reach the four ports of ExaDeploy on the nodes from the VPC", () => {
    expect(clients(lean()).sort()).toEqual([
      "10.0.0.0/16 50050",
      "10.0.0.0/16 50051",
      "10.0.0.0/16 50100",
      "10.0.0.0/16 50101",
    ]);
  });
  it("reach other ports, and from further blocks, when asked; a block that is named twice counts once", () => {
    const vpcCidrBlocks = ["10.0.0.0/16", "100.64.0.0/16"];
    const settings = { network: { ...NETWORK, vpcCidrBlocks }, clientPorts: [443] };
    const clientCidrs = ["192.168.0.0/16", "10.0.0.0/16"];
    expect(clients(lean({ ...settings, clientCidrs })).sort()).toEqual([
      "10.0.0.0/16 443",
      "100.64.0.0/16 443",
      "192.168.0.0/16 443",
    ]);
    const reversed = { ...settings, clientCidrs: [...clientCidrs].reverse() };
    expect(lean({ ...settings, clientCidrs }).parsed.resource).toEqual(lean(reversed).parsed.resource);
  });
  it("come from a VPC whose block is known only later", () => {
    const vpcCidrBlocks = [Token.asString({ resolve: () => "10.9.0.0/16" })];
    const settings = { network: { ...NETWORK, vpcCidrBlocks }, clientPorts: [443] };
    expect(clients(lean(settings))).toEqual(["10.9.0.0/16 443"]);
  });
  it("can be kept out", () => {
    expect(clients(lean({ clientPorts: [] }))).toEqual([]);
  });
  it("never get in by the group that EKS makes", () => {
    const { json } = lean({ clientCidrs: ["192.168.0.0/16"], apiCidrs: ["192.168.0.0/16"] });
    expect(json).not.toContain("cluster_security_group_id");
  });
});

describe("the private API", () => {
  const https = { ip_protocol: "tcp", from_port: 443, to_port: 443 };
  const open = (cidr_ipv4: string) => expect.objectContaining({ cidr_ipv4, ...https });
  it("is open to the VPC and to blocks that are named, each once", () => {
    expect(rules(lean(), "ml-cluster")).toEqual([open("10.0.0.0/16")]);
    const all = lean({ apiCidrs: ["192.168.0.0/16", "10.0.0.0/16"] });
    expect(rules(all, "ml-cluster")).toEqual([open("10.0.0.0/16"), open("192.168.0.0/16")]);
  });
  it("is not open to the VPC where apiFromVpc is off", () => {
    expect(rules(lean({ apiFromVpc: false }), "ml-cluster")).toEqual([]);
    expect(rules(lean({ apiFromVpc: false, apiCidrs: ["192.168.0.0/16"] }), "ml-cluster")).toEqual([
      open("192.168.0.0/16"),
    ]);
  });
});

describe("the rules of a group", () => {
  const blocks = (count: number) => Array.from({ length: count }, (_, n) => `172.16.${n}.0/24`);
  it.each([
    ["60 of the nodes", { clientPorts: [443], clientCidrs: blocks(50) }], // beside 8 calls, 1 among nodes, 1 of the VPC
    ["60 of the API", { apiCidrs: blocks(58) }],
    ["more where the quota is raised", { clientPorts: [443], clientCidrs: blocks(90), securityGroupRules: 100 }],
    ["a quota of 1000", { securityGroupRules: 1000 }],
  ])("may be %s", (_, settings) => {
    const { all } = lean(settings);
    expect(all(VpcSecurityGroupIngressRule).length).toBeGreaterThan(10);
  });
  rejectsCluster(
    ["clientCidrs", { clientPorts: [443], clientCidrs: blocks(51) }, "at most 60", "got 61"],
    ["clientCidrs", { autoMode: {}, clientPorts: [443], clientCidrs: blocks(50) }, "at most 60", "got 61"],
    ["clientCidrs", { clientCidrs: ["172.16.0.0/24", "172.16.0.0/24"] }, "each block once"],
    ["apiCidrs", { apiCidrs: blocks(59) }, "at most 60", "got 61"],
    ["apiCidrs", { apiCidrs: ["172.16.0.0/24", "172.16.0.0/24"] }, "each block once"],
    ["securityGroupRules", { securityGroupRules: 59 }, "at least 60"],
    ["securityGroupRules", { securityGroupRules: 1001 }, "at most 1000"],
  );
  it("are told to those who add to them", () => {
    const openings = openingsOf({
      ...{ vpcCidrBlocks: ["10.0.0.0/16"], clientCidrs: ["10.1.0.0/16"], clientPorts: [1, 2], webhookPorts: [9443, 5] },
      ...{ apiFromVpc: true, apiCidrs: [], securityGroupRules: 60, autoMode: {} },
    });
    expect(openings).toEqual({
      ...{ clientCidrs: ["10.0.0.0/16", "10.1.0.0/16"], apiCidrs: ["10.0.0.0/16"] },
      ...{ nodeRules: 9 + 1 + 1 + 4, apiRules: 2, securityGroupRules: 60 },
    });
  });
});

it("lets clients reach the nodes of Auto Mode as those of node groups, and says which groups pods use", () => {
  const primary = refTo(EksCluster, "vpc_config[0].cluster_security_group_id");
  const opened = ({ all }: Synth) =>
    all(VpcSecurityGroupIngressRule).filter(
      ({ security_group_id, cidr_ipv4 }) => cidr_ipv4 && /cluster_security_group_id/.test(security_group_id),
    );
  const rule = { security_group_id: primary, cidr_ipv4: "10.0.0.0/16", from_port: 443, to_port: 443 };
  expect(opened(lean({ autoMode: {}, clientPorts: [443] }))).toEqual([expect.objectContaining(rule)]);
  expect(opened(lean({ clientPorts: [443] }))).toEqual([]);
});

it("joins the nodes of Auto Mode, which wear the group that EKS makes, with those of node groups", () => {
  const primary = refTo(EksCluster, "vpc_config[0].cluster_security_group_id");
  const all = lean({
    autoMode: {},
    additionalNodeGroups: { cpu: { instanceTypes: ["m5.large"], minSize: 1, maxSize: 2 } },
  });
  const node = group(all, "ml-node");
  const both = all.all(VpcSecurityGroupIngressRule).filter(({ description }) => /Auto Mode/.test(description));
  expect(both).toEqual([
    expect.objectContaining({ security_group_id: node, referenced_security_group_id: primary, ip_protocol: "-1" }),
    expect.objectContaining({ security_group_id: primary, referenced_security_group_id: node, ip_protocol: "-1" }),
  ]);
  const alone = lean({ autoMode: {} }).all(VpcSecurityGroupIngressRule);
  expect(alone.filter(({ description }) => /Auto Mode/.test(description))).toEqual([]);
});

it.each([
  { clientPorts: [1, 65535] },
  { clientCidrs: ["11.0.0.0/8", "198.51.100.7/32"] },
  { apiCidrs: ["11.0.0.0/8"] },
])("takes %j", (settings) => {
  expect(lean(settings).all(SecurityGroup)).toHaveLength(2);
});
rejectsCluster(
  ["clientPorts[0]", { clientPorts: [0] }, "at least 1", "0"],
  ["clientPorts[1]", { clientPorts: [80, 65536] }, "at most 65535", "65536"],
  ["clientPorts[0]", { clientPorts: [1.5] }, "whole number"],
  ["clientPorts", { clientPorts: [80, 81, 80] }, "once", "80 twice"],
  ["webhookPorts[0]", { webhookPorts: [-1] }, "at least 1"],
  ["webhookPorts", { webhookPorts: [5443, 5443] }, "5443 twice"],
  ["clientCidrs[0]", { clientCidrs: ["0.0.0.0/0"] }, "/8 to /32"],
  ["clientCidrs[0]", { clientCidrs: ["10.0.0.0/7"] }, "/8 to /32"],
  ["clientCidrs[1]", { clientCidrs: ["10.0.0.0/8", "10.0.0.300/32"] }, "IPv4 CIDR", "10.0.0.300/32"],
  ["clientCidrs[0]", { clientCidrs: Token.asList({ resolve: () => ["10.0.0.0/8"] }) }],
  ["apiCidrs[0]", { apiCidrs: ["10.0.0.1/8"] }, "host bits"],
  ["apiCidrs[0]", { apiCidrs: ["0.0.0.0/0"] }, "/8 to /32"],
  ["apiCidrs", wrong({ apiCidrs: "10.0.0.0/8" }), "array"],
);
