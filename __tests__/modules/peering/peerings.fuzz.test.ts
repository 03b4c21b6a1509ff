import type { TerraformStack } from "cdktf";
import fc from "fast-check";
import { Peerings } from "../../../modules/peering/peerings";
import { fuzz, type Wrong } from "../../support/fuzz";
import { network, type Ours, type Peer, provide, wrongOurs, wrongPeer } from "./peering-arbitraries.fixture";

type Settings = Ours & { peers: Record<string, Peer> };

const settings = (peerCount: fc.Arbitrary<number>): fc.Arbitrary<Settings> =>
  network(peerCount).map(({ ours, peers }) => ({
    ...ours,
    peers: Object.fromEntries(peers.map((peer, n) => [`peer-${n}`, peer])),
  }));
const valid = settings(fc.integer({ min: 0, max: 3 }));
const several = settings(fc.integer({ min: 2, max: 3 }));

const change = (props: Settings, name: string, patch: object): Settings => ({
  ...props,
  peers: { ...props.peers, [name]: { ...(props.peers[name] as Peer), ...patch } },
});
const first = ({ peers }: Settings) => peers["peer-0"] as Peer;

const invalid: fc.Arbitrary<Wrong<Settings>> = fc.oneof(
  fc.tuple(valid, wrongOurs).map(([props, { key, patch }]) => ({ key, props: { ...props, ...patch(props) } })),
  fc.tuple(several, wrongPeer).map(([props, { key, patch }]) => ({
    key: `peers.peer-1.${key}`,
    props: change(props, "peer-1", patch(props, props.peers["peer-1"] as Peer)),
  })),
  several.map((props) => ({
    key: "peers.peer-1.cidrs",
    props: change(props, "peer-1", { cidrs: first(props).cidrs }),
  })),
  several.map((props) => ({
    key: "peers.peer-1.vpcId",
    props: change(props, "peer-1", { vpcId: first(props).vpcId }),
  })),
  fc.tuple(several, fc.constantFrom("a b", "-", "x".repeat(64))).map(([props, name]) => ({
    key: `peers.${name}`,
    props: { ...props, peers: { [name]: first(props) } },
  })),
);

const build = (stack: TerraformStack, { peers, ...ours }: Settings) => {
  const entries = Object.entries(peers).map(([name, peer]) => [name, provide(stack, name, peer)]);
  new Peerings(stack, "peers", { ...ours, peers: Object.fromEntries(entries) });
};
fuzz<Settings>("test/peers", { valid, invalid }, build, 0.3);
