import type { Construct } from "constructs";
import type { BaseSettings } from "../base-settings";
import { FossaClusterStack } from "./cluster";
import { FossaGatewayStack } from "./gateway";
import { FossaNetworkStack } from "./network";
import type { FossaSettings } from "./settings";

/** Adds Fossa's stacks of one environment and hands each the constructs that it builds on. */
export function fossa(scope: Construct, environment: BaseSettings, settings: FossaSettings): void {
  const network = settings.existingNetwork ?? new FossaNetworkStack(scope, environment, settings).network;
  const { gateway } = new FossaGatewayStack(scope, environment, network, settings);
  new FossaClusterStack(scope, environment, { network, gateway }, settings);
}
