import type { Construct } from "constructs";
import type { BaseSettings } from "../base-settings";
import { DaskAgentStack } from "./agent";
import { DaskContainerStack } from "./container";
import { type DaskLayers, DaskLoadBalancingStack } from "./load-balancing";
import { DaskNetworkStack } from "./network";
import type { DaskSettings } from "./settings";
import { DaskVpnStack } from "./vpn";

/** Adds the layers of one environment in their order, each with those that it depends on. */
export function dask(scope: Construct, environment: BaseSettings, settings: DaskSettings): void {
  const network = new DaskNetworkStack(scope, environment, settings);
  const vpn = settings.vpn && new DaskVpnStack(scope, environment, { network }, settings.vpn).vpn;
  const loadBalancer =
    settings.loadBalancing &&
    new DaskLoadBalancingStack(scope, environment, { network, vpn }, settings.loadBalancing).loadBalancer;
  const layers: DaskLayers = { network, vpn, loadBalancer };
  const container = new DaskContainerStack(scope, environment, layers, settings.container);
  if (settings.agent) new DaskAgentStack(scope, environment, { ...layers, container }, settings.agent);
}
