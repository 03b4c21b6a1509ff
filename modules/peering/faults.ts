import { Token } from "cdktf";
import { overlaps } from "../common/settings/cidr";
import type { Fault } from "../common/settings/faults";
import { isForeign, type OurNetwork, type Peer } from "./sides";

/** Source: Amazon VPC quotas, "Inbound or outbound rules per security group" (60; times the groups of an interface at most 1,000). */
const MAX_RULES = 1000;

/** Whether two CIDRs are known to overlap before apply. */
const clash = (a: string, b: string) => a === b || (literal(a) && literal(b) && overlaps(a, b));
const literal = (cidr: string) => !Token.isUnresolved(cidr);

/** Faults of a peer of the network; `at` is the path of its settings. */
export function peerFaults(network: OurNetwork, peer: Peer, at: string[]): Fault[] {
  const faults: Fault[] = [];
  const report = (key: string, message: string) => faults.push({ path: [...at, key], message });
  const { provider, routeTables, dnsResolution } = peer;
  const foreign = isForeign(peer);
  if (!foreign && provider) {
    report("provider", "is for a peer in another account or region: give accountId or region, or leave it out");
  }
  if (foreign && !provider && (dnsResolution || routeTables?.length)) {
    const task = dnsResolution ? "set DNS resolution on both sides" : "add routes";
    report("provider", `is required to ${task} with a peer in another account or region, got nothing`);
  }
  if (!routeTables && (provider || !foreign)) {
    report("routeTables", 'is required, or the peer cannot answer: give its tables, "all", or [], got nothing');
  }
  if (peer.vpcId === network.vpcId) report("vpcId", `must not be our own VPC, got ${peer.vpcId}`);
  for (const [index, { value }] of peer.cidrs.entries()) {
    const own = network.vpcCidrBlocks.find((other) => clash(value, other.value));
    if (own) report("cidrs", `must not overlap our own CIDRs, got ${value}, which overlaps ${own.value}`);
    const twin = peer.cidrs.slice(0, index).find((other) => clash(value, other.value));
    if (twin) report("cidrs", `must not overlap each other, got ${value}, which overlaps ${twin.value}`);
  }
  return faults;
}

/** Conflicts of a peer with a second peer of the network, called `other`. */
export function pairFaults(peer: Peer, second: Peer, other: string, at: string[]): Fault[] {
  if (peer.vpcId === second.vpcId) {
    return [{ path: [...at, "vpcId"], message: `must not be the VPC of ${other} too, got ${peer.vpcId}` }];
  }
  return peer.cidrs.flatMap(({ value }) => {
    const twin = second.cidrs.find((each) => clash(value, each.value));
    if (!twin) return [];
    const message = `must not overlap those of ${other}, got ${value}, which overlaps ${twin.value}`;
    return [{ path: [...at, "cidrs"], message }];
  });
}

/** Faults of opening the ports to the CIDRs of all peers. */
export function portFaults(ports: readonly number[], peers: readonly Peer[]): Fault[] {
  const rules = ports.length * peers.reduce((sum, peer) => sum + peer.cidrs.length, 0);
  if (rules <= MAX_RULES) return [];
  const message = `times the CIDRs of all peers must be at most ${MAX_RULES} rules of one security group, got ${rules}`;
  return [{ path: ["clientPorts"], message }];
}
