import fc from "fast-check";
import { Peering } from "../../../modules/peering/peering";
import { fuzz, type Wrong } from "../../support/fuzz";
import { names, network, type Ours, type Peer, provide, wrongOurs, wrongPeer } from "./peering-arbitraries.fixture";

type Settings = Ours & { peer: Peer & { name: string } };

const valid: fc.Arbitrary<Settings> = fc
  .tuple(network(fc.constant(1)), names)
  .map(([{ ours, peers }, name]) => ({ ...ours, peer: { name, ...(peers[0] as Peer) } }));

const invalid: fc.Arbitrary<Wrong<Settings>> = fc.oneof(
  fc.tuple(valid, wrongOurs).map(([props, { key, patch }]) => ({ key, props: { ...props, ...patch(props) } })),
  fc.tuple(valid, wrongPeer).map(([props, { key, patch }]) => ({
    key: `peer.${key}`,
    props: { ...props, peer: { ...props.peer, ...patch(props, props.peer) } },
  })),
);

fuzz<Settings>("test/peering", { valid, invalid }, (stack, { peer, ...ours }) => {
  const { name } = peer;
  const { name: _, ...rest } = peer;
  new Peering(stack, "peering", { ...ours, peer: { ...provide(stack, "peer", rest), name } });
});
