import type { Construct } from "constructs";
import type { Farm } from "../../modules/fargate-fossa/farm";
import type { BaseSettings } from "../base-settings";
import { FossaClusterStack } from "./cluster";
import { FossaGatewayStack } from "./gateway";
import { FossaNetworkStack } from "./network";
import type { FossaSettings } from "./settings";

/** Adds Fossa's stacks of one environment, each with the constructs that it depends on. */
export function fossa(scope: Construct, environment: BaseSettings, settings: FossaSettings): void {
  const { existingNetwork, egress, architecture } = settings;
  const network = existingNetwork ?? new FossaNetworkStack(scope, environment, settings).network;
  const farm: Farm = { name: `${environment.name}-fossa`, region: environment.region, network, egress, architecture };
  const { gateway } = new FossaGatewayStack(scope, environment, farm, settings);
  new FossaClusterStack(scope, environment, { ...farm, gateway }, settings);
}
