import type { Construct } from "constructs";
import { Network, type NetworkSettings } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";

/** VPC in which client applications can be tried out against ExaDeploy. */
export class ClientNetworkStack extends BaseStack {
  readonly network: Network;

  constructor(scope: Construct, environment: BaseSettings, settings: NetworkSettings) {
    super(scope, environment, {
      system: "exadeploy",
      layer: "client-network",
      description: "Demo VPC for client applications",
    });
    this.network = new Network(this, "network", {
      name: `${environment.name}-exadeploy-client`,
      database: false,
      kubernetesTags: false,
      ...settings,
    });
    this.publish({ peer_vpc_id: this.network.vpcId });
  }
}
