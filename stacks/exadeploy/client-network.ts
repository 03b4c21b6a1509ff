import type { Construct } from "constructs";
import { Network, type NetworkSettings } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { clientNetworkDefaults } from "./settings";

/** VPC for testing client applications against ExaDeploy. */
export class ExadeployClientNetworkStack extends BaseStack {
  readonly network: Network;

  constructor(scope: Construct, environment: BaseSettings, settings: NetworkSettings) {
    super(scope, environment, {
      system: "exadeploy",
      layer: "client-network",
      description: "Demo VPC for client applications",
      places: { network: { "": "exadeploy.clientNetwork", name: "name" } },
    });
    this.network = new Network(this, "network", {
      name: `${environment.name}-exadeploy-client`,
      ...clientNetworkDefaults,
      ...settings,
    });
    this.publish({ peer_vpc_id: this.network.vpcId });
  }
}
