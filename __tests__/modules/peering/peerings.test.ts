import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route } from "@cdktf/provider-aws/lib/route";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcPeeringConnectionAccepterA } from "@cdktf/provider-aws/lib/vpc-peering-connection-accepter";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { NO_OPENINGS } from "../../../modules/common/openings";
import { Peerings, type PeeringsProps } from "../../../modules/peering/peerings";
import type { PeerProps } from "../../../modules/peering/sides";
import { rejects } from "../../support/bad-input";
import { synth } from "../../support/synth";
import { near, OWN_VPC, ours, peerProvider, table } from "./peering.fixture";

const build = (peers: Record<string, PeerProps>, props: Partial<PeeringsProps> = {}) =>
  synth((stack) => new Peerings(stack, "peers", { ...ours, ...props, peers }));

/** The `n`-th of many peers that do not overlap. */
const nth = (n: number): PeerProps => ({
  vpcId: `vpc-0b${String(n).padStart(15, "0")}`,
  cidrs: [`172.16.${n}.0/24`],
  routeTables: [`rtb-0e${String(n).padStart(15, "0")}`],
});
const many = (count: number, peer: (n: number) => PeerProps = nth) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`peer-${n}`, peer(n)]));

it("makes one peering per peer, each by its name", () => {
  const { all } = build({ batch: nth(1), notebooks: nth(2), ci: nth(3) });
  expect(all(VpcPeeringConnection).map(({ tags, peer_vpc_id }) => [tags.Name, peer_vpc_id])).toEqual([
    ["exafunction-to-batch", nth(1).vpcId],
    ["exafunction-to-ci", nth(3).vpcId],
    ["exafunction-to-notebooks", nth(2).vpcId],
  ]);
  expect(all(Route)).toHaveLength(6);
  expect(all(VpcSecurityGroupIngressRule)).toHaveLength(12);
});

it("opens the client ports it is given to every peer", () => {
  const { all } = build({ a: nth(1), b: nth(2) }, { clientPorts: [443] });
  expect(all(VpcSecurityGroupIngressRule).map((rule) => [rule.cidr_ipv4, rule.from_port])).toEqual([
    ["172.16.1.0/24", 443],
    ["172.16.2.0/24", 443],
  ]);
});

it("does not connect the peers to each other", () => {
  const destinations = build({ a: nth(1), b: nth(2) })
    .all(Route)
    .filter((route) => route.route_table_id !== table(0))
    .map((route) => route.destination_cidr_block);
  expect(destinations).toEqual(["10.255.0.0/16", "10.255.0.0/16"]);
});

it("hands out the peerings by name", () => {
  synth((stack) => {
    const { peerings } = new Peerings(stack, "peers", { ...ours, peers: { b: nth(1), a: nth(2) } });
    expect(Object.entries(peerings).map(([name, peering]) => [name, peering.node.path])).toEqual([
      ["a", "test/peers/a"],
      ["b", "test/peers/b"],
    ]);
  });
});

it("makes nothing without peers", () => {
  const { parsed } = build({});
  expect(parsed.resource).toBeUndefined();
  expect(parsed.data).toBeUndefined();
});

it("gives the same JSON whatever the order of the peers, and keeps ids when one is added", () => {
  expect(build({ a: nth(1), b: nth(2) }).json).toBe(build({ b: nth(2), a: nth(1) }).json);
  const ids = (peers: Record<string, PeerProps>) => Object.keys(build(peers).byId(Route));
  expect(ids({ a: nth(1), b: nth(2) })).toEqual(expect.arrayContaining(ids({ b: nth(2) })));
});

it("lets each peer have its own provider", () => {
  const { all } = synth((stack) => {
    const far = (n: number, region: string) => ({ ...nth(n), region, provider: peerProvider(stack, `aws${n}`) });
    new Peerings(stack, "peers", { ...ours, peers: { a: far(2, "eu-west-1"), b: far(3, "eu-west-2"), c: near } });
  });
  expect(all(VpcPeeringConnectionAccepterA).map(({ provider }) => provider)).toEqual(["aws.aws2", "aws.aws3"]);
  expect(all(VpcPeeringConnection).map((each) => each.auto_accept)).toEqual([undefined, undefined, true]);
});

describe("bounds", () => {
  const RAISED = { ...NO_OPENINGS, securityGroupRules: 1000 };
  const fifty = (n: number): PeerProps => ({
    ...nth(n),
    cidrs: Array.from({ length: 50 }, (_, index) => `172.${16 + n}.${index}.0/24`),
  });

  it("accepts 125 peers", () => {
    expect(build(many(125), { clientPorts: [443], openings: RAISED }).all(VpcPeeringConnection)).toHaveLength(125);
  });
  it("accepts 1,000 rules in all", () => {
    expect(build(many(5, fifty), { openings: RAISED }).all(VpcSecurityGroupIngressRule)).toHaveLength(1000);
  });

  const wrong = (peers: object | undefined, props: object = {}) => ({ ...ours, ...props, peers }) as PeeringsProps;
  rejects<PeeringsProps>(
    "test/peers",
    [
      ["peers", wrong(many(126), { clientPorts: [443], openings: RAISED }), "at most 125", "got 126"],
      [
        "clientPorts",
        wrong(many(5, fifty), { clientPorts: [1, 2, 3, 4, 5], openings: RAISED }),
        "at most 1000",
        "got 1250",
      ],
      ["clientPorts", wrong(many(16)), "at most 60", "got 64"],
      ["peers", wrong([near]), "record"],
      ["peers", wrong(undefined), "is required"],
      ["peers.a b", wrong({ "a b": near }), "letters, digits, hyphens and underscores", "a b"],
      ["peers.a", wrong({ a: "vpc-1" }), "object", "vpc-1"],
      ["peers.a.name", wrong({ a: { ...near, name: "a" } }), "unknown key"],
      ["peers.a.vpcId", wrong({ a: { ...near, vpcId: OWN_VPC } }), "our own VPC", OWN_VPC],
      ["peers.a.cidrs", wrong({ a: { ...near, cidrs: ["10.255.1.0/24"] } }), "our own CIDRs", "10.255.1.0/24"],
      ["peers.a.cidrs[0]", wrong({ a: { ...near, cidrs: ["10.0.0.0/8"] } }), "/16 to /28", "10.0.0.0/8"],
      ["peers.b.cidrs", wrong({ a: nth(1), b: { ...nth(2), cidrs: nth(1).cidrs } }), "those of a", "172.16.1.0/24"],
      [
        "peers.b.cidrs",
        wrong({ b: { ...nth(2), cidrs: ["172.16.0.0/16"] }, a: nth(1) }),
        "those of a",
        "172.16.0.0/16",
      ],
      ["peers.b.vpcId", wrong({ a: nth(1), b: { ...nth(2), vpcId: nth(1).vpcId } }), "the VPC of a too"],
      ["peers.c.cidrs", wrong({ a: nth(1), b: nth(2), c: { ...nth(3), cidrs: nth(2).cidrs } }), "those of b"],
      ["peers.a.routeTables", wrong({ a: { ...near, routeTables: undefined } }), "is required"],
      ["peers.a.provider", wrong({ a: { ...near, region: "eu-west-1" } }), "is required to add routes"],
      ["network.routeTables", wrong({ a: near }, { network: { ...ours.network, routeTables: [] } }), "at least 1"],
      ["name", wrong({ a: near }, { name: "" }), "1 to 63"],
      ["securityGroupId", wrong({ a: near }, { securityGroupId: undefined }), "is required"],
    ],
    (stack, props) => new Peerings(stack, "peers", props),
  );

  it("says everything that is wrong in one throw", () => {
    const b = { ...nth(2), cidrs: nth(1).cidrs, routeTables: undefined };
    expect(() => build({ a: nth(1), b })).toThrow(/peers\.b\.routeTables: .*; peers\.b\.cidrs: /);
  });

  it("refuses an account's provider that is not an AWS one", () => {
    const provider = (stack: TerraformStack) => {
      const made = new AwsProvider(stack, "other", { alias: "peer" });
      Object.defineProperty(made, "terraformResourceType", { value: "awscc" });
      return made;
    };
    const run = () =>
      synth((stack) => {
        const peers = { a: { ...near, region: "eu-west-1", provider: provider(stack) } };
        new Peerings(stack, "peers", { ...ours, peers });
      });
    expect(run).toThrow("test/peers: peers.a.provider: must be an AwsProvider with an alias");
  });
});
