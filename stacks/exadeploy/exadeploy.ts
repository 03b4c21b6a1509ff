import type { Construct } from "constructs";
import type { Cluster } from "../../modules/cluster/cluster";
import type { Network } from "../../modules/network/network";
import { Attempts } from "../base-attempts";
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
  const attempts = new Attempts();
  const network = attempts.of(() => new ExadeployNetworkStack(scope, environment, settings.network).network);
  const cluster =
    network && attempts.of(() => new ExadeployClusterStack(scope, environment, network, settings).cluster);
  if (network && cluster) addWorkloads(attempts, scope, environment, { network, cluster }, settings);

  const { clientNetwork } = settings;
  const client =
    clientNetwork && attempts.of(() => new ExadeployClientNetworkStack(scope, environment, clientNetwork).network);
  const peers: Record<string, PeerSettings> = { ...settings.peers };
  if (client) peers.client = { vpcId: client.vpcId, cidrs: client.vpcCidrBlocks, routeTables: client.routeTables };
  if (network && cluster && Object.keys(peers).length > 0) {
    attempts.of(() => new ExadeployPeeringStack(scope, environment, { network, cluster }, peers));
  }
  attempts.end();
}

/** Adds the stacks of what runs on the cluster. */
function addWorkloads(
  attempts: Attempts,
  scope: Construct,
  environment: BaseSettings,
  parts: { network: Network; cluster: Cluster },
  settings: ExadeploySettings,
): void {
  const { kube } = settings;
  const backendSettings = backendFor(settings);
  const backend =
    backendSettings &&
    attempts.of(() => new ExadeployModuleRepoBackendStack(scope, environment, parts, backendSettings).backend);
  if (kube && (backend || !backendSettings)) {
    attempts.of(() => new ExadeployKubeStack(scope, environment, { ...parts, backend }, settings));
  }
}
