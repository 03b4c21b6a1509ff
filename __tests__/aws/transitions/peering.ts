import { Peering } from "../../../modules/peering/peering";
import { minimal, peerProvider, table } from "../../modules/peering/peering.fixture";
import { ABSENT, type Subject, setting } from "../../support/transitions/settings";

const { network: ours } = minimal;
const settings = [
  setting("network.vpcCidrBlocks", [["10.255.0.0/16"], ["10.255.0.0/16", "10.254.0.0/16"]]),
  setting("network.routeTables", [ours.routeTables, { private: table(0), public: table(2) }]),
  setting("clientPorts", [ABSENT, [50050], [443, 50050]]),
  setting("otherSecurityGroupIds", [ABSENT, { auto: "sg-0123456789abcdef1" }]),
  setting("peer.kubernetesApi", [false, true], { apiSecurityGroupId: "sg-0123456789abcdef2" }),
  setting("peer.cidrs", [["10.0.0.0/16"], ["10.0.0.0/16", "10.1.0.0/16"]]),
  setting("peer.routeTables", [[table(1)], [table(1), table(3)], [], "all"]),
  setting("peer.dnsResolution", [false, true]),
];

export const peering: Subject = {
  name: "Peering",
  base: () => minimal,
  build: (scope, props) => new Peering(scope, "peering", props),
  settings,
  fixed: {
    name: "names what it is, in tags and descriptions",
    "network.vpcId": "is where it begins: another VPC is another peering",
    securityGroupId: "is the group of the nodes that it leads to",
    apiSecurityGroupId: "is the group of the cluster that it leads to",
    openings: "say what the cluster lets in already",
    "peer.name": "names what it is, in tags and descriptions",
    "peer.vpcId": "is where it ends: another VPC is another peering",
    "peer.accountId": "says whose the other VPC is, which goes with its id",
    "peer.region": "says where the other VPC is, which goes with its id",
    "peer.provider": "is how the other account is reached, and nothing that AWS knows of",
  },
};

/** The same with a peer in another account. */
export const foreignPeering: Subject = {
  ...peering,
  name: "Peering abroad",
  base: (scope) => ({
    ...minimal,
    peer: { ...minimal.peer, accountId: "210987654321", region: "eu-west-1", provider: peerProvider(scope) },
  }),
};
