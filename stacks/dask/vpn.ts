import type { Construct } from "constructs";
import { CLIENT_CIDR, ClientVpn, type ClientVpnSettings } from "../../modules/aws/client-vpn/client-vpn";
import { onePerZone } from "../../modules/common/zones";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { DaskNetworkStack } from "./network";

/** Way into the network for people. */
export class DaskVpnStack extends BaseStack {
  readonly vpn: ClientVpn;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    { network }: { network: DaskNetworkStack },
    settings: ClientVpnSettings,
  ) {
    super(scope, environment, {
      system: "dask",
      layer: "vpn",
      description: "Client VPN into the private subnets",
      places: {
        vpn: { "": "dask.vpn", name: "name", network: network.networkPlace, subnetIds: network.networkPlace },
      },
    });
    this.vpn = new ClientVpn(this, "vpn", {
      clientCidr: CLIENT_CIDR,
      ...settings,
      name: `${environment.name}-dask`,
      network: network.network,
      subnetIds: onePerZone(network.network, network.network.privateSubnetIds),
    });
    this.publish({
      vpn_endpoint_id: this.vpn.endpointId,
      vpn_dns_name: this.vpn.dnsName,
      vpn_security_group_id: this.vpn.securityGroupId,
      vpn_client_configuration: this.vpn.clientConfiguration({
        region: environment.region,
        file: `${environment.name}-dask`,
      }),
      ...(settings.selfServicePortal && { vpn_self_service_portal_url: this.vpn.selfServicePortalUrl }),
    });
  }
}
