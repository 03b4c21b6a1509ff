import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../common/collections";
import { idFrom } from "../common/names";
import { refuse } from "../common/settings/faults";
import { parseProps } from "../common/settings/props";
import { pairFaults, peerFaults, ruleFaults } from "./faults";
import { nameSchema } from "./named-values";
import { Peering } from "./peering";
import { ourSide, peerSchema } from "./sides";

/** Maximum number of connections of a VPC. Source: Amazon VPC quotas, "Active VPC peering connections per VPC" (50, up to 125 on request). */
const MAX_PEERS = 125;

const schema = z
  .strictObject({
    ...ourSide,
    /** The peer VPCs by name, 0 to 125; more than 50 need a higher quota. The name is the id of the peering. */
    peers: z.record(nameSchema, peerSchema),
  })
  .superRefine(({ peers, ...ours }, ctx) => {
    const entries = sortedEntries(peers);
    const faults = entries.flatMap(([name, peer], index) => {
      const at = ["peers", name];
      return [
        ...peerFaults(ours.network, peer, at),
        ...entries.slice(0, index).flatMap(([other, second]) => pairFaults(peer, second, other, at)),
      ];
    });
    if (entries.length > MAX_PEERS) {
      faults.push({ path: ["peers"], message: `must have at most ${MAX_PEERS} peers, got ${entries.length}` });
    }
    faults.push(
      ...ruleFaults(
        ours,
        entries.map(([name, peer]) => [["peers", name], peer]),
        faults,
      ),
    );
    for (const { path, message } of faults) refuse(ctx, path, message);
  });
export type PeeringsProps = z.input<typeof schema>;

/** Connects any number of peer VPCs to our network; the peers are not connected to each other. */
export class Peerings extends Construct {
  /** The peerings by the name of the peer. */
  readonly peerings: Readonly<Record<string, Peering>>;

  constructor(scope: Construct, id: string, props: PeeringsProps) {
    super(scope, id);
    parseProps(this, schema, props);
    const { peers, ...ours } = props;
    const entries = sortedEntries(peers);
    this.peerings = Object.fromEntries(
      entries.map(([name, peer]) => [name, new Peering(this, idFrom(name), { ...ours, peer: { ...peer, name } })]),
    );
  }
}
