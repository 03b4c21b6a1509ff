import type { Construct } from "constructs";
import { InputError } from "../../modules/common/settings/props";
import type { BaseSettings } from "../base-settings";
import { ExadeployClientNetworkStack } from "./client-network";
import { ExadeployClusterStack } from "./cluster";
import { backendFor, ExadeployKubeStack } from "./kube";
import { ExadeployModuleRepoBackendStack } from "./module-repo-backend";
import { ExadeployNetworkStack } from "./network";
import { ExadeployPeeringStack } from "./peering";
import type { ExadeploySettings, PeerSettings } from "./settings";

/** Adds ExaDeploy's stacks to an environment and passes each the constructs it builds on. */
export function exadeploy(scope: Construct, environment: BaseSettings, settings: ExadeploySettings): void {
  const { network } = new ExadeployNetworkStack(scope, environment, settings.network);
  const { cluster } = new ExadeployClusterStack(scope, environment, network, settings);
  const backendSettings = backendFor(environment, settings);
  const backend =
    backendSettings &&
    new ExadeployModuleRepoBackendStack(scope, environment, { network, cluster }, backendSettings).backend;
  if (settings.kube) new ExadeployKubeStack(scope, environment, { network, cluster, backend }, settings);

  const peers: Record<string, PeerSettings> = { ...settings.peers };
  if (settings.clientNetwork) {
    if (peers.client) {
      const path = `environment ${environment.name}: exadeploy.peers.client`;
      throw new InputError(
        `${path}: is the name under which clientNetwork is peered; rename one or drop clientNetwork`,
      );
    }
    const client = new ExadeployClientNetworkStack(scope, environment, settings.clientNetwork).network;
    peers.client = { vpcId: client.vpcId, cidrs: client.vpcCidrBlocks, routeTables: client.routeTables };
  }
  if (Object.keys(peers).length > 0) new ExadeployPeeringStack(scope, environment, { network, cluster }, peers);
}
