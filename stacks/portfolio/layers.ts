import type { Construct } from "constructs";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { PortfolioDataStack } from "./data";
import type { PortfolioSettings } from "./settings";

/** Lambda layers and their builds. */
export class PortfolioLayersStack extends BaseStack {
  constructor(
    scope: Construct,
    environment: BaseSettings,
    _layers: { data: PortfolioDataStack },
    _settings: PortfolioSettings,
  ) {
    super(scope, environment, {
      system: "portfolio",
      layer: "layers",
      description: "Lambda layers and their builds",
      places: {},
    });
  }
}
