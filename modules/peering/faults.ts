import { Token } from "cdktf";
import { overlaps } from "../common/settings/cidr";
import type { Fault } from "../common/settings/faults";
import { isForeign, type OurNetwork, type OurSide, type Peer } from "./sides";

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

/** What of our side decides on the rules that peers add to security groups. */
type Ours = Pick<OurSide, "clientPorts" | "openings" | "apiSecurityGroupId">;

/** Faults of the rules for the peers, each with the path of its settings; none at a path that has one of `others`. */
export function ruleFaults(
  ours: Ours,
  peers: readonly (readonly [at: string[], peer: Peer])[],
  others: readonly Fault[] = [],
): Fault[] {
  const taken = new Set(others.map(({ path }) => path.join()));
  const faults = [
    ...peers.flatMap(([at, peer]) => repeatedFaults(ours, peer, at)),
    ...countFaults(
      ours,
      peers.map(([, peer]) => peer),
    ),
  ];
  return faults.filter(({ path }) => !taken.has(path.join()));
}

/** A rule that the cluster's stack makes too would be a second one, which EC2 refuses (InvalidPermission.Duplicate). */
function repeatedFaults({ openings, apiSecurityGroupId }: Ours, peer: Peer, at: string[]): Fault[] {
  const faults: Fault[] = [];
  const report = (key: string, message: string) => faults.push({ path: [...at, key], message });
  for (const { value } of peer.cidrs) {
    if (openings.clientCidrs.includes(value)) {
      report("cidrs", `must not be in clientCidrs of the cluster too: remove it there, got ${value}`);
    }
    if (peer.kubernetesApi && openings.apiCidrs.includes(value)) {
      report("kubernetesApi", `must be false, or ${value} not be in apiCidrs of the cluster, got true`);
    }
  }
  if (peer.kubernetesApi && apiSecurityGroupId === undefined) {
    report("kubernetesApi", "must be false without apiSecurityGroupId, the group that it opens, got true");
  }
  return faults;
}

function countFaults({ clientPorts, openings }: Ours, peers: readonly Peer[]): Fault[] {
  const { nodeRules, apiRules, securityGroupRules: most } = openings;
  const blocks = (some: readonly Peer[]) => some.reduce((sum, peer) => sum + peer.cidrs.length, 0);
  const clients = nodeRules + clientPorts.length * blocks(peers);
  const api = blocks(peers.filter(({ kubernetesApi }) => kubernetesApi));
  const faults: Fault[] = [];
  const report = (key: string, what: string, others: number, count: number) => {
    const beside = others > 0 ? `, of which the cluster makes ${others}` : "";
    const advice = "name fewer or larger blocks, or set securityGroupRules of the cluster if AWS has raised the quota";
    const message = `${what} must be at most ${most} rules of one security group${beside}: ${advice}, got ${count}`;
    faults.push({ path: [key], message });
  };
  if (clients > most) report("clientPorts", "times the CIDRs of all peers", nodeRules, clients);
  if (api > 0 && apiRules + api > most)
    report("peers", "the CIDRs of those with kubernetesApi", apiRules, apiRules + api);
  return faults;
}
