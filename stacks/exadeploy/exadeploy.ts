import type { Construct } from "constructs";
import { InputError } from "../../modules/common/settings/props";
import type { BaseSettings } from "../base-settings";
import { ClientNetworkStack } from "./client-network";
import { ClusterStack } from "./cluster";
import { backendFor, KubeStack } from "./kube";
import { ModuleRepoBackendStack } from "./module-repo-backend";
import { NetworkStack } from "./network";
import { PeeringStack } from "./peering";
import type { ExadeploySettings, PeerSettings } from "./settings";

/** Adds ExaDeploy's cloud stacks of one environment and hands each the constructs that it builds on. */
export function exadeploy(scope: Construct, environment: BaseSettings, settings: ExadeploySettings): void {
  const { network } = new NetworkStack(scope, environment, settings.network);
  const { cluster } = new ClusterStack(scope, environment, network, settings);
  const backendSettings = backendFor(environment, settings);
  const backend =
    backendSettings && new ModuleRepoBackendStack(scope, environment, { network, cluster }, backendSettings).backend;
  if (settings.kube) new KubeStack(scope, environment, { network, cluster, backend }, settings);

  const peers: Record<string, PeerSettings> = { ...settings.peers };
  if (settings.clientNetwork) {
    if (peers.client) {
      const path = `environment ${environment.name}: exadeploy.peers.client`;
      throw new InputError(
        `${path}: is the name under which clientNetwork is peered; rename one or drop clientNetwork`,
      );
    }
    const client = new ClientNetworkStack(scope, environment, settings.clientNetwork).network;
    peers.client = { vpcId: client.vpcId, cidrs: client.vpcCidrBlocks, routeTables: client.routeTables };
  }
  if (Object.keys(peers).length > 0) new PeeringStack(scope, environment, { network, cluster }, peers);
}
