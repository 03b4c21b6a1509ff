import type { Construct } from "constructs";
import type { Cluster } from "../../modules/cluster/cluster";
import type { Places } from "../../modules/common/settings/places";
import type { Network } from "../../modules/network/network";
import { Peerings, type PeeringsProps } from "../../modules/peering/peerings";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { PeerSettings } from "./settings";

type Peer = PeeringsProps["peers"][string];

/** Where the user writes what the peerings are given. */
const PLACES: Places = {
  peerings: {
    "": "exadeploy",
    network: "exadeploy.network",
    clientPorts: "exadeploy.cluster.clientPorts",
    "peers.*.provider": "exadeploy.peers.*.roleArn",
    "peers.client": "exadeploy.clientNetwork",
    "peers.client.cidrs": "exadeploy.clientNetwork.cidr",
  },
};

/** Peering connections between the ExaDeploy network and the VPCs of its clients. */
export class ExadeployPeeringStack extends BaseStack {
  readonly peerings: Peerings;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    { network, cluster }: { network: Network; cluster: Cluster },
    settings: Record<string, PeerSettings>,
  ) {
    super(scope, environment, {
      system: "exadeploy",
      layer: "peering",
      description: "VPC peerings with the networks of the clients",
      places: PLACES,
    });
    const peers = Object.entries(settings).map(([name, settings]): [string, Peer] => [name, this.peer(name, settings)]);
    const { nodes: securityGroupId = cluster.nodeSecurityGroupId, ...otherSecurityGroupIds } =
      cluster.podSecurityGroupIds;
    this.peerings = new Peerings(this, "peerings", {
      name: `${environment.name}-exadeploy`,
      network,
      securityGroupId,
      otherSecurityGroupIds,
      apiSecurityGroupId: cluster.clusterSecurityGroupId,
      clientPorts: cluster.clientPorts,
      openings: cluster.openings,
      peers: Object.fromEntries(peers),
    });
    for (const [name, peering] of Object.entries(this.peerings.peerings)) {
      this.publish({
        [`${name}_peering_connection_id`]: peering.peeringConnectionId,
        [`${name}_egress_route_ids`]: peering.egressRouteIds,
        [`${name}_ingress_route_ids`]: peering.ingressRouteIds,
        [`${name}_ingress_security_group_rule_ids`]: peering.ingressSecurityGroupRuleIds,
      });
    }
  }

  private peer(name: string, { roleArn, ...peer }: PeerSettings): Peer {
    const own = this.environment.region;
    const region = peer.region === own ? undefined : peer.region;
    const reachable = roleArn !== undefined || (peer.accountId === undefined && region !== undefined);
    if (!reachable) return { ...peer, region };
    const account = peer.accountId;
    return {
      ...peer,
      region,
      provider: this.otherProvider(`peer-${name}`, { region: region ?? own, account, roleArn }),
    };
  }
}
