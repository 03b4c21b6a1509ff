import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { NO_OPENINGS, type Openings } from "../../../modules/common/openings";
import type { Fault } from "../../../modules/common/settings/faults";
import { pairFaults, peerFaults, ruleFaults } from "../../../modules/peering/faults";
import { ourSide, type PeerProps, peerSchema } from "../../../modules/peering/sides";
import { near, OWN_VPC, ours } from "./peering.fixture";

const network = ourSide.network.parse(ours.network);
const peer = (props: Partial<PeerProps> = {}) => peerSchema.parse({ ...near, ...props });
const keys = (faults: Pick<Fault, "path">[]) => faults.map(({ path }) => path.join("."));
const late = () => Token.asString({ resolve: () => "10.0.0.0/16" });

describe("a peer alone", () => {
  it("is right", () => expect(peerFaults(network, peer(), ["peer"])).toEqual([]));
  it.each<[Partial<PeerProps>, string[]]>([
    [{ vpcId: OWN_VPC }, ["peers.a.vpcId"]],
    [{ cidrs: ["10.255.0.0/24"] }, ["peers.a.cidrs"]],
    [{ cidrs: ["10.0.0.0/24", "10.0.0.0/25"] }, ["peers.a.cidrs"]],
    [{ routeTables: undefined }, ["peers.a.routeTables"]],
    [{ region: "eu-west-1" }, ["peers.a.provider"]],
    [{ cidrs: { main: late() } }, []],
  ])("with %j breaks %j", (props, expected) => {
    expect(keys(peerFaults(network, peer(props), ["peers", "a"]))).toEqual(expected);
  });
});

describe("two peers", () => {
  const vpcId = "vpc-0b000000000000002";
  it.each<[string, Partial<PeerProps>, string[]]>([
    ["of one VPC", {}, ["peers.b.vpcId"]],
    ["with the same CIDR", { vpcId }, ["peers.b.cidrs"]],
    ["of which one lies in the other", { vpcId, cidrs: ["10.0.7.0/24"] }, ["peers.b.cidrs"]],
    ["side by side", { vpcId, cidrs: ["10.1.0.0/16"] }, []],
    ["of which one is not known yet", { vpcId, cidrs: { main: late() } }, []],
  ])("%s break the rules of the second", (_, props, expected) => {
    expect(keys(pairFaults(peer(props), peer(), "a", ["peers", "b"]))).toEqual(expected);
  });
  it("with one CIDR that is not known yet clash all the same", () => {
    const cidrs = { main: late() };
    expect(keys(pairFaults(peer({ vpcId, cidrs }), peer({ cidrs }), "a", ["peer"]))).toEqual(["peer.cidrs"]);
  });
});

it("counts a rule per port and CIDR of all peers, up to the quota of a group", () => {
  const ports = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
  const two = [peer({ cidrs: ["10.0.0.0/16", "10.1.0.0/16"] }), peer({ cidrs: ["10.2.0.0/16", "10.3.0.0/16"] })];
  const found = (clientPorts: number[], openings: Partial<Openings> = {}) =>
    ruleFaults(
      { clientPorts, openings: { ...NO_OPENINGS, ...openings }, apiSecurityGroupId: "sg-12345678" },
      two.map((one, n) => [["peers", String(n)], one] as const),
    );
  const fault = (count: number) => [
    { path: ["clientPorts"], message: expect.stringMatching(new RegExp(`at most \\d+ rules.*got ${count}$`)) },
  ];
  expect(found(ports(15))).toEqual([]);
  expect(found(ports(16))).toEqual(fault(64));
  expect(found(ports(15), { nodeRules: 1 })).toEqual(fault(61));
  expect(found(ports(250), { securityGroupRules: 1000 })).toEqual([]);
  expect(found(ports(251), { securityGroupRules: 1000 })).toEqual(fault(1004));
});
it("refuses a rule that the cluster makes too, and the API of nobody", () => {
  const one = peer({ cidrs: ["10.0.0.0/16"], kubernetesApi: true });
  const found = (openings: Partial<Openings>, apiSecurityGroupId: string | undefined = "sg-12345678") =>
    keys(
      ruleFaults({ clientPorts: [443], openings: { ...NO_OPENINGS, ...openings }, apiSecurityGroupId }, [[["a"], one]]),
    );
  expect(found({})).toEqual([]);
  expect(found({ clientCidrs: ["10.0.0.0/16"] })).toEqual(["a.cidrs"]);
  expect(found({ clientCidrs: ["10.0.0.0/8"] })).toEqual([]); // another rule for EC2
  expect(found({ apiCidrs: ["10.0.0.0/16"] })).toEqual(["a.kubernetesApi"]);
  expect(found({ apiRules: 60 })).toEqual(["peers"]);
  expect(found({ apiRules: 59 })).toEqual([]);
  expect(keys(ruleFaults({ clientPorts: [443], openings: NO_OPENINGS }, [[["a"], one]]))).toEqual(["a.kubernetesApi"]);
});
