import type { Construct } from "constructs";
import type { ClientVpn } from "../../modules/aws/client-vpn/client-vpn";
import {
  SharedLoadBalancer,
  type SharedLoadBalancerSettings,
} from "../../modules/aws/load-balancer/shared-load-balancer";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { DaskNetworkStack } from "./network";

/** Layers below Dask and Prefect; those that an environment goes without are undefined. */
export interface DaskLayers {
  readonly network: DaskNetworkStack;
  readonly vpn?: ClientVpn;
  readonly loadBalancer?: SharedLoadBalancer;
}

/** Load balancer that the layers above share. */
export class DaskLoadBalancingStack extends BaseStack {
  readonly loadBalancer: SharedLoadBalancer;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    { network, vpn }: Pick<DaskLayers, "network" | "vpn">,
    settings: SharedLoadBalancerSettings,
  ) {
    super(scope, environment, {
      system: "dask",
      layer: "load-balancing",
      description: "Internal load balancer that the other layers add their pages to",
      places: {
        "load-balancer": { "": "dask.loadBalancing", name: "name", network: network.networkPlace },
      },
    });
    const balancer = new SharedLoadBalancer(this, "load-balancer", {
      ...settings,
      name: `${environment.name}-dask`,
      network: network.network,
      allowedFrom: vpn ? { vpn } : {},
    });
    this.loadBalancer = balancer;
    this.publish({
      load_balancer_arn: balancer.loadBalancerArn,
      load_balancer_dns_name: balancer.dnsName,
      load_balancer_zone_id: balancer.zoneId,
      load_balancer_url: balancer.url,
      load_balancer_security_group_id: balancer.securityGroupId,
      listener_arn: balancer.listenerArn,
    });
  }
}
